import type { ActState } from './act-store.ts'
import type { RowCondition } from '#contract/sharing.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { quarantineColumns } from '../load/lake-tables.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { selectActs } from './act-store.ts'
import { openQuarantine, type Quarantine, type QuarantinedRow, readRow, readRows, rowNumberOf, withAct } from './read-quarantine.ts'

export interface QuarantineQuery {
  reason?: string | undefined
  column?: string | undefined
  state: ActState
  /** A load that too many wrong rows have stopped. */
  loadId?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** The quarantined rows of a plan, for its owner. Leaves the audit entry of a data read. @throws conflict `ingestion.no_quarantine` */
export async function listQuarantine(
  ctx: Ctx,
  planId: string,
  query: QuarantineQuery,
): Promise<{ items: QuarantinedRow[]; next: string | null }> {
  const plan = await getOwnPlan(ctx, planId)
  const isEmpty = plan.quarantine_load_id === null && query.loadId === undefined
  const page = isEmpty
    ? { items: [], next: null }
    : await (query.state === 'open' ? listOpen : listActed)(ctx, await openQuarantine(ctx, plan, query.loadId), query)
  await inTx(ctx, async (ctx) =>
    emit(ctx, {
      action: 'ingestion.quarantine_read',
      object: { type: 'plan', id: planId, name: plan.entry_name },
      isData: true,
      decisionId: `ingestion.plan:${planId}`,
      detail: { rows: page.items.length, state: query.state },
    }),
  )
  return page
}

async function listOpen(ctx: Ctx, quarantine: Quarantine, query: QuarantineQuery) {
  const conditions: RowCondition[] = [
    ...(query.reason ? [{ item: quarantineColumns.reason, operator: 'eq', value: query.reason } as const] : []),
    ...(query.column ? [{ item: quarantineColumns.item, operator: 'eq', value: query.column } as const] : []),
  ]
  const items: QuarantinedRow[] = []
  let after: number | null = Number(query.cursor ?? 0)
  // Rows that somebody has dealt with lie between the open ones; read on until the page is full.
  while (after !== null && items.length < query.limit) {
    const { rows, last } = await readRows(ctx, quarantine, { after, limit: query.limit, conditions })
    const acts = new Map(
      (await selectActs(ctx.db, quarantine.loadId, { rows: rows.map(numberOf) })).map((act) => [Number(act.row_number), act]),
    )
    for (const row of rows) {
      const act = acts.get(numberOf(row))
      if (act && act.state !== 'open') continue
      if (items.length === query.limit) return { items, next: String(numberOf(items.at(-1)!)) }
      items.push(withAct(row, act, ctx.language))
    }
    after = last
  }
  return { items, next: after === null ? null : String(after) }
}

async function listActed(ctx: Ctx, quarantine: Quarantine, { state, cursor, limit }: QuarantineQuery) {
  const acts = await selectActs(ctx.db, quarantine.loadId, { states: [state], after: Number(cursor ?? -1), limit: limit + 1 })
  const shown = acts.slice(0, limit)
  const items: QuarantinedRow[] = []
  for (const act of shown) items.push(withAct(await readRow(ctx, quarantine, Number(act.row_number)), act, ctx.language))
  return { items, next: acts.length > limit ? String(shown.at(-1)!.row_number) : null }
}

const numberOf = (row: QuarantinedRow) => rowNumberOf(row.id, row.loadId)
