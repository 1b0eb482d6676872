import { randomBytes } from 'node:crypto'
import type { Role } from '../contract/security.ts'
import type { App } from '../server/app.ts'
import { usccCheck } from '../server/kernel/check-digits.ts'
import { newId } from '../server/kernel/ids.ts'
import { tokenHash } from '../server/security/sessions/session-store.ts'

export interface BuiltOrg {
  id: string
  name: string
  kind: string
}

/** Makes an organisation; its kind follows from its name unless told. */
export async function buildOrg(
  app: App,
  name: string,
  kind = name.includes('数据管理局') ? 'bureau' : name.endsWith('区') ? 'district' : 'department',
): Promise<BuiltOrg> {
  const org = { id: newId(), name, kind }
  await app.plane.db
    .insertInto('security.org')
    .values({ ...org, short_name: name.replace(/^厦门市/, '').slice(0, 20), uscc: nextUscc(), region_code: '350200' })
    .execute()
  return org
}

let made = 0

/** A hash of the right shape that no password has. */
const nobodysPassword = `scrypt$65536$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`
let registered = 0

/** A code with a right check character: 11 is an organ of the state, the rest counts. */
function nextUscc(): string {
  const body = `11350200${String(++registered).padStart(9, '0')}`
  return body + usccCheck(body)
}

/** Makes a person with roles and a session, without the cost of a password hash. */
export async function buildPerson(app: App, org: BuiltOrg, roles: Role[]): Promise<{ personId: string; token: string; csrf: string }> {
  const personId = newId()
  const loginName = `person-${process.pid}-${++made}`
  const now = app.system('build').now()
  // Tests move the clock by days: such a session is never idle, such a password never old.
  const yearLater = new Date(now.getTime() + 365 * 86_400_000)
  await app.plane.db
    .insertInto('security.person')
    .values({
      id: personId,
      login_key: loginName,
      login_name: loginName,
      display_name: `测试人员${made}`,
      password_hash: nobodysPassword,
      password_changed_at: yearLater,
      must_change_password: false,
    })
    .execute()
  await app.plane.db.insertInto('security.membership').values({ person_id: personId, org_id: org.id, roles }).execute()
  const token = randomBytes(32).toString('base64url')
  const csrf = randomBytes(24).toString('base64url')
  await app.plane.db
    .insertInto('security.session')
    .values({
      token_hash: tokenHash(token),
      person_id: personId,
      org_id: org.id,
      csrf_token: csrf,
      created_at: now,
      last_seen_at: yearLater,
      expires_at: yearLater,
      address: null,
    })
    .execute()
  return { personId, token, csrf }
}
