import type { CorrectionRule, RuleEffect } from '#contract/ingestion/correction-rule.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { AppError, conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { createTarget, dropTables, quarantineColumns, tablesOf } from '../load/lake-tables.ts'
import { countTable } from '../load/load-object.ts'
import { fillActs } from '../load/load-replay.ts'
import type { PlanRow } from '../plan/plan-store.ts'
import { getOwnPlan } from '../plan/present-plan.ts'
import { type ActRow, selectActs, upsertActs } from './act-store.ts'
import { openQuarantine, type Quarantine, readRows, rowNumberOf } from './read-quarantine.ts'

const atOnce = 10_000
const pageSize = 1000
const samplesShown = 5

interface Corrected {
  row_number: number
  before: string
  corrected: Record<string, string | null>
}

/**
 * Corrects every waiting row that a rule reaches, or only tells what it would do: how many rows, and how many of them would then
 * pass the same conversion as any row. @throws invalid `http.invalid_input`; conflict `ingestion.no_quarantine`
 */
export async function correctByRule(
  ctx: Ctx,
  planId: string,
  { preview, ...rule }: CorrectionRule & { preview: boolean },
): Promise<RuleEffect> {
  const plan = await getOwnPlan(ctx, planId)
  const quarantine = await openQuarantine(ctx, plan)
  if (!quarantine.items.includes(rule.item)) {
    const problem = { pointer: '/item', code: 'ingestion.item_unknown', params: { item: rule.item } }
    throw new AppError('invalid', 'http.invalid_input', { params: { count: 1 }, problems: [problem] })
  }
  const found = await findRows(ctx, quarantine, rule)
  const rows = found.slice(0, atOnce)
  const heals = await countHealed(ctx, plan, rows)
  const common = { load_id: quarantine.loadId, state: 'corrected', reason: null, acted_by: ctx.actor.name, acted_at: ctx.now() } as const
  await inTx(ctx, async (ctx) => {
    for (let start = 0; !preview && start < rows.length; start += pageSize) {
      const part = rows.slice(start, start + pageSize)
      await upsertActs(
        ctx.db,
        part.map(({ row_number, corrected }): ActRow => ({ ...common, row_number, corrected })),
      )
    }
    emit(ctx, {
      action: preview ? 'ingestion.rule_previewed' : 'ingestion.rows_corrected_by_rule',
      object: { type: 'plan', id: planId, name: plan.entry_name },
      isData: true,
      decisionId: quarantine.grant.decisionId,
      detail: { loadId: quarantine.loadId, item: rule.item, reason: rule.reason, matched: rows.length, heals },
    })
  })
  return {
    matched: rows.length,
    heals,
    isCut: found.length > atOnce,
    samples: rows.slice(0, samplesShown).map(({ row_number, before, corrected }) => ({
      row: row_number,
      before,
      after: corrected[rule.item] ?? '',
    })),
  }
}

/** The rows that wait and that the rule changes; one more than it corrects at a time says that there are more. */
async function findRows(ctx: Ctx, quarantine: Quarantine, rule: CorrectionRule): Promise<Corrected[]> {
  const conditions = [{ item: quarantineColumns.reason, operator: 'eq', value: rule.reason } as const]
  const found: Corrected[] = []
  for (let after: number | null = 0; after !== null && found.length <= atOnce; ) {
    const { rows, last } = await readRows(ctx, quarantine, { after, limit: pageSize, conditions })
    const numbers = rows.map(({ id, loadId }) => rowNumberOf(id, loadId))
    const acts = new Map((await selectActs(ctx.db, quarantine.loadId, { rows: numbers })).map((act) => [Number(act.row_number), act]))
    for (const [i, row] of rows.entries()) {
      const act = acts.get(numbers[i]!)
      if (act && act.state !== 'open') continue
      const values = { ...row.values, ...act?.corrected }
      const before = values[rule.item]
      const changed = before == null ? null : applyRule(rule, before)
      if (before != null && changed !== null)
        found.push({ row_number: numbers[i]!, before, corrected: { ...values, [rule.item]: changed } })
    }
    after = last
  }
  return found
}

/** Null where the rule leaves the value as it is. */
function applyRule({ find, replace, match }: CorrectionRule, value: string): string | null {
  if (match === 'whole') return value.trim() === find && value !== replace ? replace : null
  const changed = value.replaceAll(find, replace)
  return changed === value ? null : changed
}

/** Converts the corrected rows as a replay does, into tables that nobody keeps. */
async function countHealed(ctx: Ctx, plan: PlanRow, rows: readonly Corrected[]): Promise<number> {
  if (rows.length === 0) return 0
  const entry = (await findPublishedEntries(ctx.db, [plan.entry_id])).get(plan.entry_id)
  if (!entry) throw conflict('ingestion.entry_not_published')
  const tables = tablesOf(newId(ctx.now().getTime()), 0)
  try {
    await createTarget(ctx.lake, tables, entry.content.items, false)
    await fillActs(ctx, { plan, entry, tables, signal: AbortSignal.timeout(60_000) }, rows, false)
    return await countTable(ctx.lake, tables.target)
  } finally {
    await dropTables(ctx.lake, tables)
  }
}
