import { randomBytes } from 'node:crypto'
import type { Role, Session } from '#contract/security.ts'
import { AppError, forbidden } from '../kernel/errors.ts'
import type { Ctx, TxCtx } from '../store/index.ts'
import { emit } from '../store/index.ts'
import { inTx } from '../store/index.ts'
import { sessionLimits, toActor } from './admit.ts'
import { hashPassword, isPassword } from './password.ts'
import { selectSession, tokenHash } from './session-store.ts'
import { presentSession } from './present-session.ts'

/** Failures before a lock, and how long it lasts (GB/T 22239 8.1.4.1b, DJ-02). */
const lockOut = { failures: 5, minutes: 15 }

/** The form of a login name that is compared: full-width letters and case make no difference. */
export const loginKey = (loginName: string): string => loginName.normalize('NFKC').trim().toLowerCase()

/**
 * Signs a person in for one organisation. Unknown name and wrong password are the same answer after the same work.
 * @throws unauthenticated `security.wrong_credentials`; limited `security.locked`; forbidden `security.no_membership`
 */
export async function createSession(
  ctx: Ctx,
  input: { loginName: string; password: string; orgId?: string | undefined },
): Promise<{ token: string; session: Session }> {
  const person = await ctx.db
    .selectFrom('security.person')
    .selectAll()
    .where('login_key', '=', loginKey(input.loginName))
    .executeTakeFirst()
  const failure = ctx.address
    ? await ctx.db.selectFrom('security.login_failure').selectAll().where('address', '=', ctx.address).executeTakeFirst()
    : undefined
  for (const until of [person?.locked_until, failure?.locked_until]) {
    if (until && until > ctx.now()) throw locked(ctx, until)
  }
  const isRight = await isPassword(input.password, person?.password_hash ?? (await decoyHash))
  if (!person || !isRight || !person.active) {
    await recordFailure(ctx, person?.id)
    throw new AppError('unauthenticated', 'security.wrong_credentials')
  }
  const memberships = await ctx.db
    .selectFrom('security.membership as m')
    .innerJoin('security.org as o', 'o.id', 'm.org_id')
    .select(['m.org_id', 'm.roles', 'o.name', 'o.kind'])
    .where('m.person_id', '=', person.id)
    .where('o.active', '=', true)
    .orderBy('o.name')
    .execute()
  const chosen = input.orgId ? memberships.find((m) => m.org_id === input.orgId) : memberships[0]
  if (!chosen) throw forbidden('security.no_membership')
  const actor = toActor({
    person_id: person.id,
    display_name: person.display_name,
    org_id: chosen.org_id,
    org_name: chosen.name,
    org_kind: chosen.kind,
    roles: chosen.roles as Role[],
  })
  const token = randomBytes(32).toString('base64url')
  await inTx({ ...ctx, actor }, async (ctx) => {
    await ctx.db.updateTable('security.person').set({ failed_logins: 0, locked_until: null }).where('id', '=', person.id).execute()
    await insertSession(ctx, token, person.id, chosen.org_id)
    emit(ctx, { action: 'security.session_created', object: { type: 'person', id: person.id, name: person.display_name } })
  })
  return { token, session: await presentSession(ctx, (await selectSession(ctx.db, token))!) }
}

/** A new token at every sign-in and change of organisation: an old one is never promoted (V17). */
export async function insertSession(ctx: TxCtx, token: string, personId: string, orgId: string): Promise<void> {
  const now = ctx.now()
  await ctx.db
    .insertInto('security.session')
    .values({
      token_hash: tokenHash(token),
      person_id: personId,
      org_id: orgId,
      csrf_token: randomBytes(24).toString('base64url'),
      created_at: now,
      last_seen_at: now,
      expires_at: new Date(now.getTime() + sessionLimits.absoluteHours * 3_600_000),
      address: ctx.address,
    })
    .execute()
}

// Checked when the name is unknown, so that both answers take the same time.
const decoyHash = hashPassword('a password that nobody has')

function locked(ctx: Ctx, until: Date): AppError {
  const seconds = Math.ceil((until.getTime() - ctx.now().getTime()) / 1000)
  return new AppError('limited', 'security.locked', { params: { minutes: Math.ceil(seconds / 60) }, retryAfterSeconds: seconds })
}

/** Counted in SQL, so that parallel guesses count each. */
async function recordFailure(ctx: Ctx, personId: string | undefined): Promise<void> {
  const now = ctx.now()
  const until = new Date(now.getTime() + lockOut.minutes * 60_000)
  await inTx(ctx, async (ctx) => {
    if (personId) {
      await ctx.db
        .updateTable('security.person')
        .set((eb) => ({
          failed_logins: eb
            .case()
            .when('failed_logins', '>=', lockOut.failures - 1)
            .then(0)
            .else(eb('failed_logins', '+', 1))
            .end(),
          locked_until: eb
            .case()
            .when('failed_logins', '>=', lockOut.failures - 1)
            .then(until)
            .else(eb.ref('locked_until'))
            .end(),
        }))
        .where('id', '=', personId)
        .execute()
    }
    if (ctx.address) await countAddress(ctx, ctx.address, now, until)
  })
}

/** An address may fail four times as often as a person: an office shares one. */
async function countAddress(ctx: TxCtx, address: string, now: Date, until: Date): Promise<void> {
  const limit = lockOut.failures * 4
  await ctx.db
    .insertInto('security.login_failure')
    .values({ address, failures: 1, updated_at: now, locked_until: null })
    .onConflict((conflict) =>
      conflict.column('address').doUpdateSet((eb) => ({
        failures: eb
          .case()
          .when('security.login_failure.failures', '>=', limit - 1)
          .then(0)
          .else(eb('security.login_failure.failures', '+', 1))
          .end(),
        locked_until: eb
          .case()
          .when('security.login_failure.failures', '>=', limit - 1)
          .then(until)
          .else(eb.ref('security.login_failure.locked_until'))
          .end(),
        updated_at: now,
      })),
    )
    .execute()
}
