import type { z } from 'zod'
import type { Item } from '#contract/catalog.ts'
import { MappingColumn } from '#contract/ingestion.ts'
import type { surveyRoutes } from '#contract/ingestion/survey.ts'
import { draftEntries } from '../../catalog/index.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { buildProposal } from '../source/build-proposal.ts'
import { getOwnSource, refuseForeign } from '../source/present-source.ts'
import { getSurveyRow } from './present-survey.ts'
import { type SurveyTableRow, selectTables, updateTable } from './survey-store.ts'

type Accepted = z.output<(typeof surveyRoutes)['accept_survey_tables']['body']>['tables'][number]

/**
 * Makes drafts of many tables at once, as they were proposed or corrected; all of them or none. Each keeps which column fills
 * which item: the plan is made of it when the entry is published.
 * @throws conflict `catalog.name_taken`; `ingestion.survey_table_done` for one that was accepted before or could not be read
 */
export async function acceptTables(ctx: Ctx, surveyId: string, tables: readonly Accepted[]): Promise<{ accepted: number }> {
  const survey = await getSurveyRow(ctx, surveyId)
  refuseForeign(ctx.actor, survey.org_id)
  const source = await getOwnSource(ctx, survey.source_id)
  const rows = new Map(
    (await selectTables(ctx.db, surveyId, { objects: tables.map(({ object }) => object) })).map((row) => [row.object, row]),
  )
  const chosen = tables.map((accepted) => {
    const row = rows.get(accepted.object)
    if (!row) throw notFound('ingestion.object_unknown', { object: accepted.object })
    if (row.state !== 'profiled' || row.news === 'gone') throw conflict('ingestion.survey_table_done', { object: row.object })
    return { row, ...itemsOf(ctx, row, accepted), name: accepted.name }
  })
  const contents = chosen.map(({ row, items, name }) => buildProposal(source, { ...row, name, items }))
  await inTx(ctx, async (ctx) => {
    const drafts = await draftEntries(ctx, survey.org_id, contents)
    for (const [i, { row, mapping }] of chosen.entries()) {
      const { entryId, revisionId } = drafts[i]!
      const change = { state: 'accepted', entry_id: entryId, revision_id: revisionId, mapping } as const
      if (!(await updateTable(ctx.db, row, change))) throw conflict('value.stale')
    }
    emit(ctx, {
      action: 'ingestion.survey_accepted',
      object: { type: 'source', id: survey.source_id, name: survey.source_name },
      detail: { surveyId, entries: drafts.map(({ entryId }) => entryId) },
    })
  })
  return { accepted: chosen.length }
}

function itemsOf({ profile }: Ctx, { columns, items, object }: SurveyTableRow, { leftOut, kinds }: Accepted) {
  const kept = columns.flatMap(({ name }, i) => (leftOut.includes(name) ? [] : [{ name, item: corrected(items[i]!, kinds[name]) }]))
  if (kept.length === 0) throw conflict('ingestion.survey_no_columns', { object })
  return {
    items: kept.map(({ item }) => item),
    mapping: kept.map(({ name, item }) => MappingColumn.parse({ item: item.code, column: name })),
  }
  function corrected(item: Item, kind: Item['sensitiveKind'] | undefined): Item {
    return kind ? { ...item, sensitiveKind: kind, level: profile.grading.sensitiveLevels[kind].value } : item
  }
}
