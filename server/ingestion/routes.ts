import { ingestionRoutes } from '#contract/ingestion-routes.ts'
import { bind, type BoundRoute } from '../http/index.ts'
import { visibleTo } from './access.ts'
import { acceptDrift } from './drift/accept-drift.ts'
import { getDriftRow, listDrifts, presentDrift } from './drift/present-drift.ts'
import { refuseDrift } from './drift/settle-drift.ts'
import { exportRunEvents } from './lineage/export-run-events.ts'
import { listRunEvents } from './lineage/list-run-events.ts'
import { presentStatement, selectStatements } from './harm/statement-store.ts'
import { releaseSource, stopSource } from './harm/stop-source.ts'
import { listLoadedFiles } from './append/list-loaded-files.ts'
import { readEntryAsOf } from './history/read-entry-as-of.ts'
import { cancelLoad } from './load/cancel-load.ts'
import type { Access } from './load/load-full.ts'
import { selectLoads } from './load/load-store.ts'
import { getLoad, presentLoad } from './load/present-load.ts'
import { startLoad } from './load/start-load.ts'
import { selectPlans } from './plan/plan-store.ts'
import { getPlan, presentPlans } from './plan/present-plan.ts'
import { changePlan, createPlan } from './plan/save-plan.ts'
import { suggestMapping } from './plan/suggest-mapping.ts'
import { correctByRule } from './quarantine/correct-by-rule.ts'
import { correctRow, discardRows } from './quarantine/correct-row.ts'
import { exportQuarantine } from './quarantine/export-quarantine.ts'
import { listQuarantine } from './quarantine/list-quarantine.ts'
import { replayQuarantine } from './quarantine/replay-quarantine.ts'
import { presentSlice, selectSlices } from './slice/slice-store.ts'
import { checkSource } from './source/check-source.ts'
import { getSource, presentSource } from './source/present-source.ts'
import { proposeEntry } from './source/propose-entry.ts'
import { describeObject, listObjects, previewObject } from './source/read-object.ts'
import { changeSource, createSource } from './source/save-source.ts'
import { selectSources } from './source/source-store.ts'
import { askProof } from './stream/proof/ask-proof.ts'
import { getStream, presentStream } from './stream/present-stream.ts'
import { startStream } from './stream/start-stream.ts'
import { stepStreamByHand } from './stream/step-stream.ts'
import { selectStreams } from './stream/stream-store.ts'
import { uploadFile } from './source/upload-file.ts'

/** Newest first; there is a next page where this one is full. */
const toPage = <Row extends { id: string }, Item>(rows: readonly Row[], limit: number, items: Item[]) => ({
  items,
  next: rows.length === limit ? rows.at(-1)!.id : null,
})

export const bindRoutes = (access: Access): BoundRoute[] =>
  bind(ingestionRoutes, {
    list_sources: async (ctx, { query }) => {
      const rows = await selectSources(ctx.db, visibleTo(ctx.actor), query)
      return toPage(
        rows,
        query.limit,
        rows.map((row) => presentSource(ctx, row)),
      )
    },
    get_source: async (ctx, { params }) => presentSource(ctx, await getSource(ctx, params.sourceId)),
    create_source: (ctx, { body }) => createSource(ctx, access.sealer, body),
    update_source: (ctx, { params, body }) => changeSource(ctx, access.sealer, params.sourceId, body),
    check_source: (ctx, { params }) => checkSource(ctx, access, params.sourceId),
    stop_source: (ctx, { params, body }) => stopSource(ctx, params.sourceId, body.reason),
    release_source: (ctx, { params }) => releaseSource(ctx, params.sourceId),
    list_source_statements: async (ctx, { params, query }) => {
      const { id } = await getSource(ctx, params.sourceId)
      const rows = await selectStatements(ctx.db, id, query)
      return toPage(rows, query.limit, rows.map(presentStatement))
    },
    list_source_objects: (ctx, { params }) => listObjects(ctx, access, params.sourceId),
    describe_source_object: (ctx, { params, query }) => describeObject(ctx, access, params.sourceId, query),
    preview_source_object: (ctx, { params, body }) => previewObject(ctx, access, params.sourceId, body),
    upload_file: (ctx, { query }, { file }) => uploadFile(ctx, query, file!),
    propose_entry: (ctx, { params, body }) => proposeEntry(ctx, access, params.sourceId, body.object),

    list_plans: async (ctx, { query }) => {
      const rows = await selectPlans(ctx.db, visibleTo(ctx.actor), query)
      return toPage(rows, query.limit, await presentPlans(ctx, rows))
    },
    get_plan: async (ctx, { params }) => (await presentPlans(ctx, [await getPlan(ctx, params.planId)]))[0]!,
    suggest_mapping: (ctx, { body }) => suggestMapping(ctx, access, body),
    create_plan: (ctx, { body }) => createPlan(ctx, access, body),
    update_plan: (ctx, { params, body }) => changePlan(ctx, access, params.planId, body),

    start_load: (ctx, { params, query }) => startLoad(ctx, params.planId, query),
    list_loads: async (ctx, { query }) => {
      const rows = await selectLoads(ctx.db, visibleTo(ctx.actor), query, query)
      return toPage(
        rows,
        query.limit,
        rows.map((row) => presentLoad(ctx, row)),
      )
    },
    get_load: async (ctx, { params }) => presentLoad(ctx, await getLoad(ctx, params.loadId)),
    list_load_slices: async (ctx, { params }) => ({
      items: (await selectSlices(ctx.db, (await getLoad(ctx, params.loadId)).id)).map(presentSlice),
    }),
    cancel_load: (ctx, { params }) => cancelLoad(ctx, params.loadId),

    list_drifts: (ctx, { query }) => listDrifts(ctx, query),
    get_drift: async (ctx, { params }) => presentDrift(ctx.actor, await getDriftRow(ctx, params.driftId)),
    accept_drift: (ctx, { params, body }) => acceptDrift(ctx, params.driftId, body.reason),
    refuse_drift: (ctx, { params, body }) => refuseDrift(ctx, params.driftId, body.reason),
    list_run_events: (ctx, { query }) => listRunEvents(ctx, query),
    export_run_events: (ctx, { query }) => exportRunEvents(ctx, query),
    list_loaded_files: (ctx, { params, query }) => listLoadedFiles(ctx, params.planId, query),
    read_entry_as_of: (ctx, { params, query }) => readEntryAsOf(ctx, params.entryId, query),
    list_quarantine: (ctx, { params, query }) => listQuarantine(ctx, params.planId, query),
    export_quarantine: (ctx, { params, query }) => exportQuarantine(ctx, params.planId, query.loadId),
    correct_quarantined_row: (ctx, { params, body }) => correctRow(ctx, params.planId, params.rowId, body.values),
    correct_by_rule: (ctx, { params, body }) => correctByRule(ctx, params.planId, body),
    discard_quarantined_rows: (ctx, { params, body }) => discardRows(ctx, params.planId, body),
    replay_quarantine: (ctx, { params }) => replayQuarantine(ctx, params.planId),

    list_streams: async (ctx, { query }) => {
      const rows = await selectStreams(ctx.db, visibleTo(ctx.actor), query)
      return toPage(
        rows,
        query.limit,
        rows.map((row) => presentStream(ctx, row, access)),
      )
    },
    get_stream: async (ctx, { params }) => presentStream(ctx, await getStream(ctx, params.streamId), access),
    start_stream: (ctx, { params }) => startStream(ctx, access, params.planId),
    pause_stream: (ctx, { params }) => stepStreamByHand(ctx, access, params.streamId, 'pause'),
    resume_stream: (ctx, { params }) => stepStreamByHand(ctx, access, params.streamId, 'resume'),
    prove_stream: (ctx, { params }) => askProof(ctx, access, params.streamId),
    stop_stream: (ctx, { params }) => stepStreamByHand(ctx, access, params.streamId, 'stop'),
  })
