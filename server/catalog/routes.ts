import { catalogRoutes } from '#contract/catalog.ts'
import { bind, type BoundRoute, type Handlers, languageOf } from '../http/index.ts'
import { announceWithdrawal } from './entry/announce-withdrawal.ts'
import { cancelWithdrawal } from './entry/cancel-withdrawal.ts'
import { getEntry, listEntries } from './entry/list-entries.ts'
import { withdrawEntry } from './entry/withdraw-entry.ts'
import { checkRevision } from './revision/check-revision.ts'
import { compareRevision } from './revision/compare-revision.ts'
import { createEntry } from './revision/create-entry.ts'
import { discardRevision } from './revision/discard-revision.ts'
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

const systemHandlers = {
  list_systems: (ctx, { query }) => listSystems(ctx, query),
  get_system: (ctx, { params }) => getSystem(ctx, params.systemId),
  create_system: (ctx, { body }) => createSystem(ctx, body),
  update_system: (ctx, { params, body }) => updateSystem(ctx, { ...body, ...params }),
} satisfies Partial<Handlers<Specs>>

const entryHandlers = {
  list_entries: (ctx, { query }) => listEntries(ctx, query),
  get_entry: (ctx, { params }) => getEntry(ctx, params),
  create_entry: (ctx, { body }) => createEntry(ctx, body),
  start_revision: (ctx, { params, body }) => startRevision(ctx, { ...params, ...body }),
  list_revisions: (ctx, { params }) => listRevisions(ctx, params),
  announce_withdrawal: (ctx, { params, body }) => announceWithdrawal(ctx, { ...params, ...body }),
  cancel_withdrawal: (ctx, { params }) => cancelWithdrawal(ctx, params),
  withdraw_entry: (ctx, { params, body }) => withdrawEntry(ctx, { ...params, ...body }),
} satisfies Partial<Handlers<Specs>>

const revisionHandlers = {
  list_my_revisions: (ctx, { query }) => listMyRevisions(ctx, query),
  list_revisions_to_handle: (ctx, { query }) => listRevisionsToHandle(ctx, query),
  get_revision: (ctx, { params }) => getRevision(ctx, params),
  update_revision: (ctx, { params, body }) => updateRevision(ctx, { ...params, ...body }),
  check_revision: (ctx, { params }, { header }) => checkRevision(ctx, { ...params, language: languageOf(header('accept-language')) }),
  compare_revision: (ctx, { params, query }) => compareRevision(ctx, { ...params, ...query }),
  submit_revision: (ctx, { params }) => submitRevision(ctx, params),
  recall_revision: (ctx, { params }) => recallRevision(ctx, params),
  discard_revision: (ctx, { params }) => discardRevision(ctx, params),
  pass_department_review: (ctx, { params, body }) => passDepartment(ctx, { ...params, ...body }),
  return_department_review: (ctx, { params, body }) => returnDepartment(ctx, { ...params, ...body }),
  publish_revision: (ctx, { params, body }) => publishRevision(ctx, { ...params, ...body }),
  return_bureau_review: (ctx, { params, body }) => returnBureau(ctx, { ...params, ...body }),
} satisfies Partial<Handlers<Specs>>

const handlers = { ...systemHandlers, ...entryHandlers, ...revisionHandlers }

/** Only declared routes that have a handler are mounted. */
const bound = Object.fromEntries(Object.keys(handlers).map((name) => [name, catalogRoutes[name as keyof Specs]])) as Pick<
  Specs,
  keyof typeof handlers
>
export const boundRoutes: BoundRoute[] = bind(bound, handlers as never)
