import type { FieldProblem } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { loginKey } from './login-attempts.ts'
import type { SessionRow } from './session-store.ts'

/** How many earlier passwords are remembered and refused, the present one included (DJ-01). */
export const rememberedPasswords = 5

const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/]
/** From this length on a phrase needs no mixture of characters. */
const phraseLength = 20
/** What everybody tries first, folded; a password has to be good without them. */
const commonParts = [
  ...['password', 'passw0rd', 'p@ssword', 'p@ssw0rd', 'qwerty', 'asdfgh', 'zxcvbn', '1qaz', '2wsx', 'abc', '123456789', '12345', '123'],
  ...['admin', 'welcome', 'letmein', 'iloveyou', 'woaini', 'datong', 'xiamen', '大同', '厦门'],
]
const leastRest = 8

/** What is wrong with a new password, apart from its length, which the contract checks (GB/T 22239 8.1.4.1a: complexity). */
export function checkPassword(password: string, loginName: string): FieldProblem[] {
  const folded = loginKey(password)
  const name = loginKey(loginName)
  if (folded.includes(name)) return [{ pointer: '/newPassword', code: 'security.password_has_name' }]
  const kinds = classes.filter((one) => one.test(password)).length
  const rest = commonParts.reduce((text, part) => text.replaceAll(part, ''), folded).replace(/(.)\1{2,}/gu, '')
  const isSimple = (kinds < 3 && password.length < phraseLength) || rest.length < leastRest || new Set(rest).size < 5
  return isSimple ? [{ pointer: '/newPassword', code: 'security.password_simple' }] : []
}

/** After a reset, and when the password is older than the profile allows (DJ-01). */
export function mustChangePassword(
  { profile, now }: Pick<Ctx, 'profile' | 'now'>,
  row: Pick<SessionRow, 'must_change_password' | 'password_changed_at'>,
): boolean {
  const days = profile.accounts.passwordMaxAgeDays.value
  const isOld = days !== null && now().getTime() - row.password_changed_at.getTime() > days * 86_400_000
  return row.must_change_password || isOld
}
