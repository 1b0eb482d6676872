import type { Logical, LogicalInput } from '#contract/ingestion/logical.ts'
import { bindResource, unbindLogical } from '../../catalog/index.ts'
import { AppError, conflict, type FieldProblem } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lakeTypeOf, rowColumn } from '../../kernel/lake-types.ts'
import { type Ctx, emit, inTx, quoteIdentifier } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import type { Access } from '../load/load-full.ts'
import { getOwnEntry } from '../plan/save-plan.ts'
import { connectorOf } from '../source/connector-of.ts'
import { getOwnSource } from '../source/present-source.ts'
import { deleteLogical, dropTableSql, logicalTable, replaceLogical, selectLogical } from './logical-store.ts'
import { kindOf, toMapped } from './mapped-items.ts'
import type { LogicalStates } from './open-origins.ts'
import { presentLogical } from './present-logical.ts'

/**
 * Binds an entry to a table that stays at its source. The columns must be of the items' own kinds: nothing can be quarantined where
 * nothing is collected.
 * @throws invalid `http.invalid_input`; conflict `ingestion.logical_source` where this kind of source cannot be read in place
 */
export async function bindLogical(ctx: Ctx, access: Access, states: LogicalStates, input: LogicalInput): Promise<Logical> {
  const entry = await getOwnEntry(ctx, input.entryId)
  const source = await getOwnSource(ctx, input.sourceId)
  const items = toMapped(input.mapping, entry.content.items)
  const reading = await connectorOf(ctx, access, source).openReading(
    input.object,
    null,
    items.map(({ wanted }) => wanted),
    AbortSignal.timeout(30_000),
  )
  try {
    if (!reading.narrowed) throw conflict('ingestion.logical_source')
    const problems = items.flatMap(({ item, wanted }, i): FieldProblem[] => {
      const kind = kindOf(reading.arrivals[i]!)
      const fits = wanted.type.kind === 'text' || kind === wanted.type.kind || (kind === 'integer' && wanted.type.kind === 'decimal')
      return fits ? [] : [{ pointer: `/mapping/${i}`, code: 'ingestion.logical_type', params: { item: item.name, column: wanted.column } }]
    })
    if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  } finally {
    await reading.close()
  }
  const table = logicalTable(newId(ctx.now().getTime()))
  const columns = items.map(({ item }) => `${quoteIdentifier(item.code)} ${lakeTypeOf(item).column}`)
  await ctx.lake.define(
    `CREATE TABLE lake.${quoteIdentifier(table)} (${rowColumn} UInt64, ${columns.join(', ')}) ENGINE = MergeTree ORDER BY ${rowColumn}`,
  )
  const earlier = await inTx(ctx, async (ctx) => {
    const row = {
      entry_id: input.entryId,
      org_id: source.org_id,
      source_id: source.id,
      object: input.object,
      mapping: input.mapping,
      cache_seconds: input.cacheSeconds,
      answer_when_away: input.answerWhenAway,
      lake_table: table,
      bound_by: ctx.actor.name,
      bound_at: ctx.now(),
    }
    const replaced = await replaceLogical(ctx.db, row)
    await bindResource(ctx, { entryId: input.entryId, kind: 'logical', table, rows: 0, loadedAt: ctx.now() })
    emit(ctx, {
      action: 'ingestion.logical_bound',
      object: { type: 'entry', id: entry.id, name: entry.name },
      detail: { entryId: entry.id, sourceId: source.id, object: input.object },
    })
    return replaced
  })
  if (earlier) await ctx.lake.define(dropTableSql(earlier))
  const [row] = await selectLogical(ctx.db, visibleTo(ctx.actor), { entryId: input.entryId, limit: 1 })
  return presentLogical(ctx, row!, states)
}

export async function releaseLogical(ctx: Ctx, entryId: string): Promise<{ unbound: number }> {
  const entry = await getOwnEntry(ctx, entryId)
  const table = await inTx(ctx, async (ctx) => {
    const gone = await deleteLogical(ctx.db, entryId)
    if (gone) await unbindLogical(ctx, entryId)
    emit(ctx, { action: 'ingestion.logical_unbound', object: { type: 'entry', id: entry.id, name: entry.name }, detail: { entryId } })
    return gone
  })
  if (table) await ctx.lake.define(dropTableSql(table))
  return { unbound: table ? 1 : 0 }
}
