import { ingestionAgentRoutes } from '#contract/ingestion/agents.ts'
import { bind, type BoundRoute } from '../../http/index.ts'
import { createAgent, revokeAgent } from './create-agent.ts'
import { enrolAgent } from './enrol-agent.ts'
import { pollAgent, reportStructure } from './poll-agent.ts'
import { listAgents } from './present-agent.ts'
import { completeDelivery, failDelivery, receiveSlice } from './receive-delivery.ts'

export const boundAgentRoutes: BoundRoute[] = bind(ingestionAgentRoutes, {
  list_agents: (ctx, { query }) => listAgents(ctx, query),
  create_agent: (ctx, { body }) => createAgent(ctx, body),
  revoke_agent: (ctx, { params, body }) => revokeAgent(ctx, params.agentId, body.reason),
  enrol_agent: (ctx, { body }, transport) => enrolAgent(ctx, body, transport),
  poll_agent: (ctx, { body }, transport) => pollAgent(ctx, body, transport),
  report_structure: (ctx, { params, body }, transport) => reportStructure(ctx, params.connection, body, transport),
  receive_slice: (ctx, { params }, transport) => receiveSlice(ctx, params.deliveryId, params.number, transport),
  complete_delivery: (ctx, { params, body }, transport) => completeDelivery(ctx, params.deliveryId, body, transport),
  fail_delivery: (ctx, { params, body }, transport) => failDelivery(ctx, params.deliveryId, body, transport),
})
