import type { EntryLineage } from '#contract/ingestion/lineage.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { selectLastCompletions } from './run-event-store.ts'

type EntryOrigin = EntryLineage['upstream'][number]

/** Which source columns the data of an entry came from, by the last run of each of its plans: facts, as they were stored. */
export async function findEntryOrigins(ctx: Pick<Ctx, 'db' | 'actor'>, entryId: string): Promise<EntryOrigin[]> {
  const rows = await selectLastCompletions(ctx.db, visibleTo(ctx.actor), entryId)
  return rows.flatMap(({ body, plan_id, run_id, event_time }) => {
    const source = body.inputs[0]?.facets.datong_source
    if (!source) return []
    return [
      {
        sourceId: source.sourceId,
        sourceName: source.name,
        object: source.object,
        planId: plan_id,
        loadId: run_id,
        loadedAt: event_time.toISOString(),
        columns: columnsOf(body.outputs[0]?.facets.columnLineage),
      },
    ]
  })
}

function columnsOf(facet: unknown): EntryOrigin['columns'] {
  const { fields } = facet as { fields: Record<string, { inputFields: { field: string }[] }> }
  return Object.entries(fields).flatMap(([item, { inputFields }]) => inputFields.map(({ field }) => ({ column: field, item })))
}
