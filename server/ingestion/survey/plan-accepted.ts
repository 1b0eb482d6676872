import { PlanInput } from '#contract/ingestion.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { checkPlan } from '../plan/check-plan.ts'
import { insertPlan } from '../plan/plan-store.ts'
import { selectSource } from '../source/source-store.ts'
import { selectUnplanned, updateTable } from './survey-store.ts'

/** Every minute: entries that came from a survey and are published now get their plan, with the items that are still theirs. */
export async function planAccepted(ctx: Ctx): Promise<void> {
  const tables = await selectUnplanned(ctx.db)
  const entries = await findPublishedEntries(
    ctx.db,
    tables.map(({ entry_id }) => entry_id!),
  )
  for (const table of tables) {
    const entry = entries.get(table.entry_id!)
    const source = await selectSource(ctx.db, 'everything', table.source_id)
    if (!entry || !source) continue
    const codes = new Set(entry.content.items.map(({ code }) => code))
    const mapping = table.mapping.filter(({ item }) => codes.has(item))
    const id = newId(ctx.now().getTime())
    await inTx(ctx, async (ctx) => {
      try {
        const input = PlanInput.parse({ entryId: entry.id, sourceId: source.id, object: table.object, mapping })
        checkPlan(input, entry.content.items, source.settings.kind)
        if (!(await updateTable(ctx.db, table, { state: 'planned', plan_id: id }))) return
        await insertPlan(ctx.db, { id, org_id: table.org_id, created_at: ctx.now(), structure: null }, input)
        emit(ctx, {
          action: 'ingestion.plan_created',
          object: { type: 'plan', id, name: entry.name },
          detail: { entryId: entry.id, sourceId: source.id, object: table.object, surveyId: table.survey_id },
        })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        // The entry was changed so that the proposal no longer fills it: a steward plans it by hand.
        await updateTable(ctx.db, table, { error_code: 'ingestion.survey_unplannable' })
      }
    })
  }
}
