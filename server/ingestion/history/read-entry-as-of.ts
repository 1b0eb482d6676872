import type { HistoryPage } from '#contract/ingestion.ts'
import { findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import type { Grant } from '../../kernel/grant.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import { mintGrant } from '../../security/index.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { refuseForeign } from '../source/present-source.ts'
import { type HistoryRow, selectHistory } from './history-store.ts'
import { toLakeInstant, validColumns } from './keep-history.ts'

/**
 * The rows of an entry as they were at an instant, for its owner: each instant of a load and all that lie between. Leaves the audit
 * entry of a data read. @throws value.not_found; conflict `ingestion.no_history` `ingestion.before_history`
 */
export async function readEntryAsOf(
  ctx: Ctx,
  entryId: string,
  query: { at: string; cursor?: string | undefined; limit: number },
): Promise<HistoryPage> {
  const entry = (await findPublishedEntries(ctx.db, [entryId])).get(entryId)
  const scope = visibleTo(ctx.actor)
  if (!entry || (scope !== 'everything' && !scope.isOverseer && scope.orgId !== entry.provider.id)) throw notFound('value.not_found')
  refuseForeign(ctx.actor, entry.provider.id)
  const history = await selectHistory(ctx.db, entryId)
  if (!history) throw conflict('ingestion.no_history')
  const at = new Date(query.at)
  if (at < history.since) throw conflict('ingestion.before_history', { since: history.since.toISOString() })
  const grant = await mintForOwner(ctx, entry, history, at)
  const { columns, rows, next } = await ctx.read(grant, { after: Number(query.cursor ?? 0), limit: query.limit })
  await inTx(ctx, async (ctx) =>
    emit(ctx, {
      action: 'ingestion.history_read',
      object: { type: 'entry', id: entryId, name: entry.name },
      isData: true,
      decisionId: grant.decisionId,
      detail: { rows: rows.length, at: query.at },
    }),
  )
  const page = { next: next === null ? null : String(next), since: history.since.toISOString(), lastChange: history.as_of.toISOString() }
  return { columns, rows, ...page }
}

/** The owner's own data, nothing masked: the versions that had begun at the instant and had not ended. */
async function mintForOwner(ctx: Ctx, entry: PublishedEntry, { lake_table }: HistoryRow, at: Date): Promise<Grant> {
  const found = await ctx.lake.measure<{ name: string; type: string }>(
    "SELECT name, type FROM system.columns WHERE database = 'lake' AND table = {table:String}",
    { table: lake_table },
  )
  const types = new Map(found.map(({ name, type }) => [name, type]))
  const items = entry.content.items.filter((item) => types.get(item.code) === lakeTypeOf(item).column)
  const valid = Object.values(validColumns).map((code) => ({ code, dataType: 'T', length: null, scale: null, isKey: false }) as const)
  const value = toLakeInstant(at)
  return mintGrant(ctx, {
    decisionId: `ingestion.history:${entry.id}`,
    holderOrgId: entry.provider.id,
    purpose: '查询历史数据',
    table: lake_table,
    tableItems: [...items, ...valid],
    items: items.map(({ code }) => ({ item: code, mask: 'none' })),
    rows: [
      { item: validColumns.from, operator: 'lte', value },
      { item: validColumns.to, operator: 'gt', value },
    ],
    maxRows: 1000,
  })
}
