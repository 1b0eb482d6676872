import { randomBytes } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { orgOf } from '../../kernel/actor.ts'
import { AppError, type FieldProblem, forbidden } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { daysBetween, toLocalDate } from '../../kernel/working-days.ts'
import type { Sealer } from '../../security/index.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { insertKey, selectKey } from './key-store.ts'
import { presentKey } from './present-key.ts'

/** Key pairs rotate: none lives longer than this. */
const longestDays = 3 * 366

export interface KeyInput {
  name: string
  /** Addresses or CIDR ranges from which it may call; empty: any. */
  allowedAddresses: string[]
  expiresOn: string
}

/** What an HMAC secret is sealed for: its own row only. */
export const sealPurpose = (keyId: string): string => `sharing.access_key:${keyId}`

/** Makes a key pair of the own organisation. The secret is in this answer and nowhere else in the clear. */
export async function createKey(ctx: Ctx, { sealer }: { sealer: Sealer }, input: KeyInput) {
  const org = orgOf(ctx.actor)
  if (org.kind === 'developer') throw forbidden('sharing.not_a_sharing_body')
  checkKey(input, toLocalDate(ctx.now()))
  const id = newId(ctx.now().getTime())
  const accessKey = `AK${randomBytes(12).toString('hex')}`
  const secret = randomBytes(32).toString('base64url')
  const row = await inTx(ctx, async (ctx) => {
    await insertKey(ctx.db, {
      id,
      access_key: accessKey,
      sealed_secret: sealer.seal(sealPurpose(id), secret),
      name: input.name,
      org_id: org.id,
      state: 'active',
      allowed_addresses: input.allowedAddresses,
      created_at: ctx.now(),
      expires_on: input.expiresOn,
    } as never)
    emit(ctx, {
      action: 'sharing.key_created',
      object: { type: 'key', id, name: input.name },
      detail: { accessKey, expiresOn: input.expiresOn, allowedAddresses: input.allowedAddresses },
    })
    return (await selectKey(ctx.db, org.id, id))!
  })
  return { key: presentKey(ctx.actor, row), secret }
}

/** `1` and `0x7f.1` are addresses to some parsers: a list that others read holds plain ones only. */
function isAddress(text: string): boolean {
  const [address = ''] = text.split('/')
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(address) || (address.includes(':') && ipaddr.IPv6.isValid(address))
  return isPlain && (!text.includes('/') || ipaddr.isValidCIDR(text))
}

function checkKey({ allowedAddresses, expiresOn }: KeyInput, today: string): void {
  const days = daysBetween(today, expiresOn)
  const problems: FieldProblem[] = [
    ...allowedAddresses.flatMap((address, i) =>
      isAddress(address) ? [] : [{ pointer: `/allowedAddresses/${i}`, code: 'sharing.key_address', params: { address } }],
    ),
    ...(days < 0 || days > longestDays ? [{ pointer: '/expiresOn', code: 'sharing.key_expiry', params: { days: longestDays } }] : []),
  ]
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
}
