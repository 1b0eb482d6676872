import { z } from 'zod'
import { Item } from '../catalog.ts'
import { MappingColumn, SourceColumn, SourceObject } from '../ingestion.ts'
import { defineRoutes } from '../route.ts'
import { defineStates } from '../states.ts'
import { Can, Count, Id, Instant, OrgRef, PageQuery, page, ShortText } from '../values.ts'
import { AgentUpgrade, ProgramOrder, Sha256, UpgradeReport } from './agent-upgrade.ts'

export const agentStates = defineStates({
  initial: 'invited',
  states: {
    invited: { zh: '待接入', en: 'Invited', tone: 'progress' },
    active: { zh: '已接入', en: 'Active', tone: 'good' },
    revoked: { zh: '已停用', en: 'Revoked', tone: 'bad' },
  },
  steps: [
    { event: 'enrol', from: ['invited'], to: 'active', side: 'system', needs: 'system' },
    { event: 'revoke', from: ['active', 'invited'], to: 'revoked', side: 'provider', needs: 'ingestion:write' },
  ],
})
export type AgentState = keyof typeof agentStates.states

/** What a load waits for, where its source stands behind an agent. */
export const deliveryStates = defineStates({
  initial: 'ordered',
  states: {
    ordered: { zh: '等待前置机取走', en: 'Waiting for the agent', tone: 'neutral' },
    sending: { zh: '前置机抽取、传送中', en: 'Being read and sent', tone: 'progress' },
    delivered: { zh: '已送达', en: 'Delivered', tone: 'good' },
    failed: { zh: '抽取失败', en: 'Failed', tone: 'bad' },
    dropped: { zh: '不再需要', en: 'No longer wanted', tone: 'neutral' },
  },
  steps: [
    { event: 'take', from: ['ordered'], to: 'sending', side: 'system', needs: 'system' },
    { event: 'complete', from: ['sending'], to: 'delivered', side: 'system', needs: 'system' },
    { event: 'fail', from: ['sending'], to: 'failed', side: 'system', needs: 'system' },
    { event: 'drop', from: ['ordered', 'sending', 'delivered', 'failed'], to: 'dropped', side: 'system', needs: 'system' },
  ],
})
export type DeliveryState = keyof typeof deliveryStates.states

const ConnectionName = z.string().regex(/^[a-z0-9_-]{1,40}$/)

/** 前置机: a process in a department's own network, which reaches out to the city and is never reached. */
export const Agent = z
  .object({
    id: Id,
    org: OrgRef,
    name: z.string(),
    state: z.enum(Object.keys(agentStates.states) as [AgentState]),
    host: z.string().nullable(),
    version: z.string().nullable(),
    lastSeenAt: Instant.nullable(),
    isAway: z.boolean(),
    connections: z.array(
      z.object({ name: z.string(), kind: z.string(), ok: z.boolean(), detail: z.string(), objects: Count, reportedAt: Instant }),
    ),
    /** Loads that wait for this agent. */
    waiting: Count,
    /** Version of the program that the city would give it; null where it runs that one, or the city has none. */
    offeredVersion: z.string().nullable(),
    upgrade: AgentUpgrade.nullable(),
    can: Can,
  })
  .meta({ id: 'Agent' })
export type Agent = z.infer<typeof Agent>

export const AgentStructure = z
  .strictObject({
    objects: z.array(SourceObject.extend({ columns: z.array(SourceColumn) }).strict()).max(20_000),
  })
  .meta({ id: 'AgentStructure' })
export type AgentStructure = z.infer<typeof AgentStructure>

/** What an agent is to read and send: everything that it needs to write the statement itself. */
export const DeliveryOrder = z
  .object({
    deliveryId: Id,
    connection: z.string(),
    object: z.string(),
    mapping: z.array(MappingColumn),
    items: z.array(Item),
    withDigest: z.boolean(),
    rowsPerSlice: Count,
    /** Slices that have arrived. */
    received: z.array(z.int()),
  })
  .meta({ id: 'DeliveryOrder' })
export type DeliveryOrder = z.infer<typeof DeliveryOrder>

/** How the values of each wanted column arrive (server/ingestion/conversion/column-plan.ts). */
export const DeliveredArrival = z.strictObject({
  as: z.enum(['text', 'integer', 'float', 'truth', 'value']),
  isTyped: z.boolean(),
  kind: z.enum(['text', 'integer', 'decimal', 'float', 'date', 'time', 'truth']),
  scale: z.int().nullable(),
  fits: z.boolean(),
  isNullable: z.boolean(),
  isEmptyMissing: z.boolean(),
  isNeverNull: z.boolean(),
  maxLength: z.int().nullable(),
})
/** What was sent, signed with the request that says so: kept as evidence of where the data came from (GB/T 39477, 准备). */
export const DeliveryManifest = z
  .strictObject({
    rows: Count,
    arrivals: z.array(DeliveredArrival),
    slices: z.array(z.strictObject({ number: z.int().min(1).max(100_000), bytes: Count, sha256: Sha256 })).max(100_000),
  })
  .meta({ id: 'DeliveryManifest' })
export type DeliveryManifest = z.infer<typeof DeliveryManifest>

const base = '/api/v1/ingestion/agents'
const agentParams = z.strictObject({ agentId: Id })
const deliveryParams = z.strictObject({ deliveryId: Id })
const upgradeParams = z.strictObject({ upgradeId: Id })

export const ingestionAgentRoutes = defineRoutes({
  list_agents: {
    method: 'GET',
    path: base,
    needs: 'ingestion:read',
    summary: '前置机',
    query: PageQuery,
    output: page(Agent),
  },
  create_agent: {
    method: 'POST',
    path: base,
    needs: 'ingestion:write',
    summary: '登记前置机',
    body: z.strictObject({ name: ShortText }),
    output: z.object({ agent: Agent, code: z.string() }),
  },
  revoke_agent: {
    method: 'POST',
    path: `${base}/:agentId/revoke`,
    needs: 'ingestion:write',
    summary: '停用前置机',
    params: agentParams,
    body: z.strictObject({ reason: ShortText }),
    output: Agent,
  },
  upgrade_agent: {
    method: 'POST',
    path: `${base}/:agentId/upgrade`,
    needs: 'ingestion:write',
    summary: '升级前置机',
    params: agentParams,
    output: Agent,
  },

  /** The routes of the agents themselves: HTTP message signatures (RFC 9421) by their own key. */
  enrol_agent: {
    method: 'POST',
    path: '/agent/v1/enrolment',
    needs: 'signature',
    summary: '前置机接入',
    body: z.strictObject({
      code: z.string().max(100),
      publicKey: z.string().max(200),
      host: z.string().max(200),
      version: z.string().max(40),
    }),
    output: z.object({ agentId: Id, cityKey: z.string() }),
  },
  poll_agent: {
    method: 'POST',
    path: '/agent/v1/poll',
    needs: 'signature',
    summary: '前置机取任务',
    effect: 'read',
    body: z.strictObject({
      version: z.string().max(40),
      /** Of the program that it runs, where that came from the city. */
      programSha256: Sha256.nullable().default(null),
      connections: z
        .array(z.strictObject({ name: ConnectionName, kind: z.string().max(40), ok: z.boolean(), detail: z.string().max(500) }))
        .max(100),
    }),
    output: z.object({ orders: z.array(DeliveryOrder), upgrade: ProgramOrder.nullable() }),
  },
  report_structure: {
    method: 'PUT',
    path: '/agent/v1/connections/:connection/structure',
    needs: 'signature',
    summary: '前置机报送库表结构',
    params: z.strictObject({ connection: ConnectionName }),
    body: AgentStructure,
    output: 'none',
  },
  receive_slice: {
    method: 'PUT',
    path: '/agent/v1/deliveries/:deliveryId/slices/:number',
    needs: 'signature',
    summary: '前置机传送分片',
    params: deliveryParams.extend({ number: z.coerce.number().int().min(1).max(100_000) }).strict(),
    body: 'file',
    output: 'none',
  },
  complete_delivery: {
    method: 'POST',
    path: '/agent/v1/deliveries/:deliveryId/completion',
    needs: 'signature',
    summary: '前置机送达',
    params: deliveryParams,
    body: DeliveryManifest,
    output: 'none',
  },
  fail_delivery: {
    method: 'POST',
    path: '/agent/v1/deliveries/:deliveryId/failure',
    needs: 'signature',
    summary: '前置机抽取失败',
    params: deliveryParams,
    body: z.strictObject({
      code: z.string().min(3).max(100),
      params: z.record(z.string(), z.union([z.string().max(500), z.number()])),
    }),
    output: 'none',
  },
  fetch_program: {
    method: 'GET',
    path: '/agent/v1/upgrades/:upgradeId/program',
    needs: 'signature',
    summary: '前置机下载新程序',
    params: upgradeParams,
    output: 'file',
  },
  report_upgrade: {
    method: 'POST',
    path: '/agent/v1/upgrades/:upgradeId/report',
    needs: 'signature',
    summary: '前置机报告升级进展',
    params: upgradeParams,
    body: UpgradeReport,
    output: 'none',
  },
})
