import { AppError } from '../../kernel/errors.ts'
import { type Ctx, type Db, sql, type Tx } from '../../store/index.ts'

/** Failures before a lock, and how long it lasts (GB/T 22239 8.1.4.1b, DJ-02). An office shares one address. */
const lockOut = { name: 5, address: 20, minutes: 15 }

/** The form of a login name that is compared: full-width letters and case make no difference. */
export const loginKey = (loginName: string): string => loginName.normalize('NFKC').trim().toLowerCase()
export const nameSubject = (key: string) => `name:${key}`

/**
 * Counts an attempt as a failure before its password is looked at: of 200 guesses at once five are evaluated. The name may be
 * nobody's: a lock tells nothing about who exists. `succeed` takes the attempt back.
 * @throws limited `security.locked`
 */
export async function beginAttempt(ctx: Ctx, key: string): Promise<{ succeed(tx: Tx): Promise<void> }> {
  const name = nameSubject(key)
  const address = ctx.address ? `address:${ctx.address}` : null
  if (address) await count(ctx, address, lockOut.address)
  await count(ctx, name, lockOut.name)
  return {
    async succeed(tx) {
      await forgetAttempts(tx, key)
      if (address)
        await tx
          .updateTable('security.login_attempt')
          .set((eb) => ({ failures: eb('failures', '-', 1), locked_until: null }))
          .where('subject', '=', address)
          .execute()
    },
  }
}

/** One statement, so that attempts at once count each; an attempt on a locked subject changes nothing. */
async function count(ctx: Ctx, subject: string, limit: number): Promise<void> {
  const now = ctx.now()
  const since = new Date(now.getTime() - lockOut.minutes * 60_000)
  const until = new Date(now.getTime() + lockOut.minutes * 60_000)
  // A window that has passed, a lock included, starts the count again.
  const { rows } = await sql`
    insert into security.login_attempt as a (subject, failures, locked_until, updated_at)
    values (${subject}, 1, null, ${now})
    on conflict (subject) do update set
      failures = case when a.updated_at <= ${since} then 1 else a.failures + 1 end,
      locked_until = case when a.updated_at > ${since} and a.failures + 1 >= ${limit} then ${until}::timestamptz end,
      updated_at = ${now}
    where a.locked_until is null or a.locked_until <= ${now}
    returning failures`.execute(ctx.db)
  if (rows.length > 0) return
  const lockedUntil = (await selectLock(ctx.db, subject)) ?? until
  const seconds = Math.max(1, Math.ceil((lockedUntil.getTime() - now.getTime()) / 1000))
  throw new AppError('limited', 'security.locked', { params: { minutes: Math.ceil(seconds / 60) }, retryAfterSeconds: seconds })
}

const selectLock = async (db: Db, subject: string) =>
  (await db.selectFrom('security.login_attempt').select('locked_until').where('subject', '=', subject).executeTakeFirst())?.locked_until

/** After the right password, or when the security administrator unlocks. */
export const forgetAttempts = (tx: Tx, key: string) =>
  tx.deleteFrom('security.login_attempt').where('subject', '=', nameSubject(key)).execute()
