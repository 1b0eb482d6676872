import { sharingRoutes } from '#contract/sharing-routes.ts'
import { type BoundRoute, bind } from '../http/index.ts'
import type { Sealer } from '../security/index.ts'
import { approveRequest } from './decision/approve-request.ts'
import type { Gateway } from './gateway/open-gateway.ts'
import { readSharedRecords } from './gateway/read-shared-records.ts'
import { resumeGrant, suspendGrant, terminateGrant } from './grant/control-grant.ts'
import { getGrant, listGrants } from './grant/list-grants.ts'
import { previewGrant } from './grant/preview-grant.ts'
import { createKey } from './key/create-key.ts'
import { listKeys } from './key/list-keys.ts'
import { revokeKey } from './key/revoke-key.ts'
import { refuseRequest, returnRequest } from './request/answer-request.ts'
import { createRequest } from './request/create-request.ts'
import { extendRequest } from './request/extend-request.ts'
import { getRequest, listMyRequests, listRequests, listRequestsToHandle } from './request/list-requests.ts'
import { passRequest, rejectRequest } from './request/review-request.ts'
import { completeRequest, submitRequest } from './request/submit-request.ts'
import { updateRequest } from './request/update-request.ts'
import { withdrawRequest } from './request/withdraw-request.ts'

/** `gateway` is there once the room has started. */
export const bindRoutes = (sealer: Sealer, gateway: () => Gateway): BoundRoute[] =>
  bind(sharingRoutes, {
    create_request: (ctx, { body }) => createRequest(ctx, body),
    update_request: (ctx, { params, body }) => updateRequest(ctx, { ...params, ...body }),
    get_request: (ctx, { params }) => getRequest(ctx, params),
    list_my_requests: (ctx, { query }) => listMyRequests(ctx, query),
    list_requests_to_handle: (ctx, { query }) => listRequestsToHandle(ctx, query),
    list_requests: (ctx, { query }) => listRequests(ctx, query),
    submit_request: (ctx, { params }) => submitRequest(ctx, params),
    withdraw_request: (ctx, { params }) => withdrawRequest(ctx, params),
    pass_request: (ctx, { params, body }) => passRequest(ctx, { ...params, ...body }),
    reject_request: (ctx, { params, body }) => rejectRequest(ctx, { ...params, ...body }),
    return_request: (ctx, { params, body }) => returnRequest(ctx, { ...params, ...body }),
    complete_request: (ctx, { params }) => completeRequest(ctx, params),
    approve_request: (ctx, { params, body }) => approveRequest(ctx, { ...params, ...body }),
    refuse_request: (ctx, { params, body }) => refuseRequest(ctx, { ...params, ...body }),
    extend_request: (ctx, { params, body }) => extendRequest(ctx, { ...params, ...body }),
    list_grants: (ctx, { query }) => listGrants(ctx, query),
    get_grant: (ctx, { params }) => getGrant(ctx, params),
    preview_grant: (ctx, { params, query }) => previewGrant(ctx, { ...params, ...query }),
    suspend_grant: (ctx, { params, body }) => suspendGrant(ctx, { ...params, ...body }),
    resume_grant: (ctx, { params, body }) => resumeGrant(ctx, { ...params, ...body }),
    terminate_grant: (ctx, { params, body }) => terminateGrant(ctx, { ...params, ...body }),
    list_keys: (ctx, { query }) => listKeys(ctx, query),
    create_key: (ctx, { body }) => createKey(ctx, { sealer }, body),
    revoke_key: (ctx, { params }) => revokeKey(ctx, params),
    read_shared_records: (ctx, { params, query }, transport) =>
      readSharedRecords(gateway(), ctx, { grantNumber: params.grantNumber, query }, transport),
  })
