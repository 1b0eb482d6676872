import { ingestionAgentRoutes } from '#contract/ingestion/agents.ts'
import { bind, type BoundRoute } from '../../http/index.ts'
import { createAgent, revokeAgent } from './create-agent.ts'
import { enrolAgent } from './enrol-agent.ts'
import { pollAgent, reportStructure } from './poll-agent.ts'
import { listAgents } from './present-agent.ts'
import { orderUpgrade } from './upgrade/order-upgrade.ts'
import { type AgentPrograms, fetchProgram, reportUpgrade } from './upgrade/report-upgrade.ts'
import { completeDelivery, failDelivery, receiveSlice } from './receive-delivery.ts'

export const bindAgentRoutes = (programs: AgentPrograms): BoundRoute[] =>
  bind(ingestionAgentRoutes, {
    list_agents: (ctx, { query }) => listAgents(ctx, programs.program, query),
    create_agent: (ctx, { body }) => createAgent(ctx, programs.program, body),
    upgrade_agent: (ctx, { params }) => orderUpgrade(ctx, programs.program, params.agentId),
    revoke_agent: (ctx, { params, body }) => revokeAgent(ctx, programs.program, params.agentId, body.reason),
    enrol_agent: (ctx, { body }, transport) => enrolAgent(ctx, programs.sealer, body, transport),
    poll_agent: (ctx, { body }, transport) => pollAgent(ctx, programs, body, transport),
    report_structure: (ctx, { params, body }, transport) => reportStructure(ctx, params.connection, body, transport),
    receive_slice: (ctx, { params }, transport) => receiveSlice(ctx, params.deliveryId, params.number, transport),
    complete_delivery: (ctx, { params, body }, transport) => completeDelivery(ctx, params.deliveryId, body, transport),
    fail_delivery: (ctx, { params, body }, transport) => failDelivery(ctx, params.deliveryId, body, transport),
    fetch_program: (ctx, { params }, transport) => fetchProgram(ctx, programs.program, params.upgradeId, transport),
    report_upgrade: (ctx, { params, body }, transport) => reportUpgrade(ctx, params.upgradeId, body, transport),
  })
