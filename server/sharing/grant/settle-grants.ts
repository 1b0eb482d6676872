import { z } from 'zod'
import { findPublishedEntries, listPublishedItems, type PublishedEntry } from '../../catalog/index.ts'
import { job } from '../../jobs/index.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { findTableItems, holdsAll } from './find-table-items.ts'
import { type GrantRow, selectGrant, selectOpenGrants, updateGrantRow } from './grant-store.ts'
import { findLostItems } from './find-lost-items.ts'
import { parties, stepGrant } from './step-grant.ts'

const batch = 200

/**
 * Brings every open grant, or those of one entry, up to what has happened to its entry, its holder and its period: withdrawn,
 * dissolved (DJ-07), expired, redefined, supplied. Idempotent, and complete without any event: events only make it run sooner.
 */
export async function settleGrants(ctx: Ctx, { entryId }: { entryId?: string | undefined }): Promise<void> {
  for (let cursor: string | undefined, rows: GrantRow[] = []; ; ) {
    rows = await selectOpenGrants(ctx.db, entryId, { cursor, limit: batch })
    const entries = await findPublishedEntries(
      ctx.db,
      rows.map(({ entry_id }) => entry_id),
    )
    const withdrawals = await lastWithdrawals(ctx, [...entries.keys()])
    for (const row of rows) {
      const withdrawnAt = withdrawals.get(row.entry_id)
      // An entry may be published anew after its withdrawal: rights from before do not come back with it.
      const isWithdrawn = withdrawnAt !== undefined && withdrawnAt >= row.created_at
      await settleGrant(ctx, row, isWithdrawn ? undefined : entries.get(row.entry_id))
    }
    if (rows.length < batch) return
    cursor = rows.at(-1)!.id
  }
}

async function settleGrant(ctx: Ctx, row: GrantRow, entry: PublishedEntry | undefined): Promise<void> {
  if (!entry || entry.state === 'withdrawn') return step(ctx, row, 'terminate', '目录已下架')
  if (!row.consumer_active) return step(ctx, row, 'terminate', '使用部门已撤并')
  if (row.valid_to < toLocalDate(ctx.now())) return step(ctx, row, 'expire', `授权期限已于 ${row.valid_to} 届满`)
  if (row.entry_version !== entry.version) return follow(ctx, row, entry.version)
  if (row.state !== 'pending') return
  const shown = row.items.map(({ code }) => code)
  if (holdsAll(await findTableItems(ctx, entry), { shown, conditions: row.conditions })) await step(ctx, row, 'activate', '')
}

/** From the event log: the entry itself no longer tells, once it is published anew. */
async function lastWithdrawals({ db }: Ctx, entryIds: string[]): Promise<Map<string, Date>> {
  if (entryIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('platform.event')
    .select((eb) => ['object_id', eb.fn.max('at').as('at')])
    .where('object_type', '=', 'entry')
    .where('object_id', 'in', entryIds)
    .where('action', '=', 'catalog.entry_withdrawn')
    .groupBy('object_id')
    .execute()
  return new Map(rows.map(({ object_id, at }) => [object_id!, at]))
}

/** Takes out what a later version of the entry dropped or redefined (reliability V10). */
async function follow(ctx: Ctx, row: GrantRow, version: number): Promise<void> {
  const lost = findLostItems(await listPublishedItems(ctx.db, row.entry_id, row.entry_version - 1), row)
  const left = row.items.filter(({ code }) => !lost.has(code))
  const names = [...lost].join('、')
  await alone(ctx, row, async (ctx, row) => {
    const change = { entry_version: version, items: JSON.stringify(left) }
    // The last items stay on record: a grant of nothing would not say what it was.
    const isEmpty = left.length === 0
    if (!(await updateGrantRow(ctx.db, row, isEmpty ? { entry_version: version } : change))) return
    if (isEmpty) await stepGrant(ctx, row, 'terminate', `目录第 ${version} 版已不再含所授权的信息项（${names}）`)
    else if (row.state !== 'suspended' && row.conditions.some(({ item }) => lost.has(item)))
      await stepGrant(ctx, row, 'suspend', `授权行条件所用信息项（${names}）在目录第 ${version} 版中变更，请提供部门核定后恢复`)
    else if (lost.size > 0)
      emit(ctx, {
        action: 'sharing.grant_narrowed',
        object: { type: 'grant', id: row.id, name: `${row.number} ${row.entry_name}` },
        decisionId: row.id,
        detail: { ...parties(row), lost: [...lost], version },
      })
  })
}

const step = (ctx: Ctx, row: GrantRow, event: 'terminate' | 'expire' | 'activate', reason: string): Promise<void> =>
  alone(ctx, row, async (ctx, row) => {
    await stepGrant(ctx, row, event, reason)
  })

/** One grant at a time, and only if nobody was faster: another process settles the same grants. */
async function alone(ctx: Ctx, seen: GrantRow, work: (ctx: TxCtx, row: GrantRow) => Promise<void>): Promise<void> {
  await inTx({ ...ctx, recorded: { count: 0 } }, async (ctx) => {
    await ctx.db.selectFrom('sharing.data_grant').select('id').where('id', '=', seen.id).forUpdate().execute()
    const row = await selectGrant(ctx.db, 'everything', seen.id)
    if (row?.state === seen.state && row.entry_version === seen.entry_version) await work(ctx, row)
  })
}

/** Nightly for what ends with the day; through the day its start is asked for by events (follow-catalog.ts). */
export const settleGrantsJob = job({
  name: 'sharing.settle_grants',
  input: z.strictObject({ entryId: z.uuid().optional() }),
  retryLimit: 5,
  expireSeconds: 900,
  concurrency: 1,
  schedule: '2 0 * * *',
  run: (ctx, input) => settleGrants(ctx, input),
})
