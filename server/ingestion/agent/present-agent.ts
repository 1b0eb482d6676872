import type { AgentUpgrade } from '#contract/ingestion/agent-upgrade.ts'
import { type Agent, agentStates } from '#contract/ingestion/agents.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Actor } from '../../kernel/actor.ts'
import { statesBefore } from '../../kernel/step.ts'
import type { Ctx, Db, Tx } from '../../store/index.ts'
import { canWrite, visibleTo } from '../access.ts'
import { type AgentRow, type ConnectionRow, selectAgent, selectAgents, selectConnections } from './agent-store.ts'
import { selectOpenDeliveries } from './delivery-store.ts'
import type { AgentProgram } from './upgrade/agent-program.ts'
import { isOfferable, runs } from './upgrade/is-offerable.ts'
import { selectLastUpgrades, type UpgradeRow } from './upgrade/upgrade-store.ts'

/** An agent that has not asked for work for so long is away. */
export const awayMs = 2 * 60_000

/** The agents of the caller's organisation; the bureau's overview of all. */
export async function listAgents(
  ctx: Ctx,
  program: AgentProgram | null,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: Agent[]; next: string | null }> {
  const rows = await selectAgents(ctx.db, visibleTo(ctx.actor), page)
  return { items: await presentAgents(ctx, program, rows), next: rows.length === page.limit ? rows.at(-1)!.id : null }
}

export async function presentAgents(ctx: Ctx, program: AgentProgram | null, rows: AgentRow[]): Promise<Agent[]> {
  const ids = rows.map(({ id }) => id)
  const connections = Map.groupBy(await selectConnections(ctx.db, ids), ({ agent_id }) => agent_id)
  const waiting = Map.groupBy(await selectOpenDeliveries(ctx.db, ids), ({ agent_id }) => agent_id)
  const upgrades = new Map((await selectLastUpgrades(ctx.db, ids)).map((upgrade) => [upgrade.agent_id, upgrade]))
  return rows.map((row) => ({
    ...presentAgent(ctx, row),
    ...presentProgram(ctx, row, program, upgrades.get(row.id)),
    connections: (connections.get(row.id) ?? []).map(presentConnection),
    waiting: waiting.get(row.id)?.length ?? 0,
  }))
}

const presentAgent = (ctx: Ctx, row: AgentRow) => ({
  id: row.id,
  org: { id: row.org_id, name: row.org_name },
  name: row.name,
  state: row.state,
  host: row.host,
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  isAway: isAway(row, ctx.now()),
})

const presentProgram = ({ actor, language }: Ctx, row: AgentRow, program: AgentProgram | null, upgrade: UpgradeRow | undefined) => ({
  version: row.version,
  offeredVersion: program && !runs(row, program) ? program.version : null,
  upgrade: upgrade ? presentUpgrade(upgrade, language) : null,
  can: {
    upgrade: canWrite(actor, row.org_id) && isOfferable(program, row, upgrade),
    revoke: canWrite(actor, row.org_id) && statesBefore(agentStates, 'revoke').includes(row.state),
  },
})

const presentUpgrade = ({ id, version, state, error, ordered_at, changed_at }: UpgradeRow, language: Language): AgentUpgrade => ({
  id,
  version,
  state,
  error: error && { code: error.code, detail: messageOf(error.code, language, error.params) },
  orderedAt: ordered_at.toISOString(),
  changedAt: changed_at.toISOString(),
})

const presentConnection = ({ name, kind, ok, detail, structure, reported_at }: ConnectionRow): Agent['connections'][number] => ({
  name,
  kind,
  ok,
  detail,
  objects: structure.objects.length,
  reportedAt: reported_at.toISOString(),
})

export const isAway = ({ state, last_seen_at }: AgentRow, now: Date): boolean =>
  state === 'active' && (last_seen_at === null || now.getTime() - last_seen_at.getTime() > awayMs)

/** An agent that the caller may know of. @throws value.not_found */
export async function getAgent(ctx: { db: Db | Tx; actor: Actor }, id: string): Promise<AgentRow> {
  const row = await selectAgent(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}
