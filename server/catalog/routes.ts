import { catalogRoutes } from '#contract/catalog-routes.ts'
import type { Ctx } from '../store/index.ts'
import { bind, type BoundRoute, type Handlers } from '../http/index.ts'
import { announceWithdrawal } from './entry/announce-withdrawal.ts'
import { cancelWithdrawal } from './entry/cancel-withdrawal.ts'
import { getEntry, listEntries } from './entry/list-entries.ts'
import { withdrawEntry } from './entry/withdraw-entry.ts'
import { getSearchHealth } from './entry-search/get-search-health.ts'
import type { EntrySearch } from './entry-search/open-entry-search.ts'
import { searchEntries } from './entry-search/search-entries.ts'
import { exportEntries, getImportTemplate } from './exchange/export-entries.ts'
import { importEntries } from './exchange/import-entries.ts'
import { checkRevision } from './revision/check-revision.ts'
import { compareRevision } from './revision/compare-revision.ts'
import { createEntry } from './revision/create-entry.ts'
import { discardRevision } from './revision/discard-revision.ts'
import { extendRevision } from './revision/extend-revision.ts'
import { getRevision, listMyRevisions, listRevisions, listRevisionsToHandle } from './revision/list-revisions.ts'
import { passDepartment } from './revision/pass-department.ts'
import { publishRevision } from './revision/publish-revision.ts'
import { recallRevision } from './revision/recall-revision.ts'
import { returnBureau } from './revision/return-bureau.ts'
import { returnDepartment } from './revision/return-department.ts'
import { startRevision } from './revision/start-revision.ts'
import { submitRevision } from './revision/submit-revision.ts'
import { updateRevision } from './revision/update-revision.ts'
import { createSystem } from './system/create-system.ts'
import { getSystem, listSystems } from './system/list-systems.ts'
import { updateSystem } from './system/update-system.ts'

type Specs = typeof catalogRoutes

const systemHandlers = (search: EntrySearch) =>
  ({
    list_systems: (ctx, { query }) => listSystems(ctx, query),
    get_system: (ctx, { params }) => getSystem(ctx, params.systemId),
    create_system: (ctx, { body }) => createSystem(ctx, body),
    update_system: async (ctx, { params, body }) => {
      const system = await updateSystem(ctx, { ...body, ...params })
      // Its entries are found by its name.
      await search.reconcile(ctx.db)
      return system
    },
  }) satisfies Partial<Handlers<Specs>>

/** Whoever changed an entry finds it as it is now: the index has it before the answer goes out. */
const indexed =
  (search: EntrySearch) =>
  async <T extends { entryId: string } | { id: string }>(ctx: Ctx, change: Promise<T>): Promise<T> => {
    const answer = await change
    await search.refresh(ctx.db, ['entryId' in answer ? answer.entryId : answer.id])
    return answer
  }

const entryHandlers = (search: EntrySearch, changed: ReturnType<typeof indexed>) =>
  ({
    search_entries: (ctx, { query }) => searchEntries(ctx, search, query),
    get_search_health: (ctx) => getSearchHealth(ctx, search),
    list_entries: (ctx, { query }) => listEntries(ctx, query),
    get_entry: (ctx, { params }) => getEntry(ctx, params),
    create_entry: (ctx, { body }) => changed(ctx, createEntry(ctx, body)),
    start_revision: (ctx, { params, body }) => changed(ctx, startRevision(ctx, { ...params, ...body })),
    list_revisions: (ctx, { params }) => listRevisions(ctx, params),
    announce_withdrawal: (ctx, { params, body }) => changed(ctx, announceWithdrawal(ctx, { ...params, ...body })),
    cancel_withdrawal: (ctx, { params }) => changed(ctx, cancelWithdrawal(ctx, params)),
    withdraw_entry: (ctx, { params, body }) => changed(ctx, withdrawEntry(ctx, { ...params, ...body })),
  }) satisfies Partial<Handlers<Specs>>

const revisionHandlers = (changed: ReturnType<typeof indexed>) =>
  ({
    list_my_revisions: (ctx, { query }) => listMyRevisions(ctx, query),
    list_revisions_to_handle: (ctx, { query }) => listRevisionsToHandle(ctx, query),
    get_revision: (ctx, { params }) => getRevision(ctx, params),
    update_revision: (ctx, { params, body }) => changed(ctx, updateRevision(ctx, { ...params, ...body })),
    check_revision: (ctx, { params }) => checkRevision(ctx, params),
    compare_revision: (ctx, { params, query }) => compareRevision(ctx, { ...params, ...query }),
    submit_revision: (ctx, { params }) => changed(ctx, submitRevision(ctx, params)),
    recall_revision: (ctx, { params }) => changed(ctx, recallRevision(ctx, params)),
    discard_revision: (ctx, { params }) => changed(ctx, discardRevision(ctx, params)),
    pass_department_review: (ctx, { params, body }) => changed(ctx, passDepartment(ctx, { ...params, ...body })),
    return_department_review: (ctx, { params, body }) => changed(ctx, returnDepartment(ctx, { ...params, ...body })),
    publish_revision: (ctx, { params, body }) => changed(ctx, publishRevision(ctx, { ...params, ...body })),
    return_bureau_review: (ctx, { params, body }) => changed(ctx, returnBureau(ctx, { ...params, ...body })),
    extend_revision: (ctx, { params, body }) => extendRevision(ctx, { ...params, ...body }),
  }) satisfies Partial<Handlers<Specs>>

const exchangeHandlers = (search: EntrySearch) =>
  ({
    import_entries: async (ctx, { query }, { file }) => {
      const report = await importEntries(ctx, { ...query, file: file!.stream })
      if (!report.dryRun) await search.reconcile(ctx.db)
      return report
    },
    export_entries: (ctx, { query }) => exportEntries(ctx, query),
    get_import_template: () => getImportTemplate(),
  }) satisfies Partial<Handlers<Specs>>

export function bindRoutes(search: EntrySearch): BoundRoute[] {
  const changed = indexed(search)
  const handlers = {
    ...systemHandlers(search),
    ...entryHandlers(search, changed),
    ...revisionHandlers(changed),
    ...exchangeHandlers(search),
  }
  return bind(catalogRoutes, handlers)
}
