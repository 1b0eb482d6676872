import { type Agent, agentStates } from '#contract/ingestion/agents.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Actor } from '../../kernel/actor.ts'
import { statesBefore } from '../../kernel/step.ts'
import type { Ctx, Db, Tx } from '../../store/index.ts'
import { canWrite, visibleTo } from '../access.ts'
import { type AgentRow, type ConnectionRow, selectAgent, selectAgents, selectConnections } from './agent-store.ts'
import { selectOpenDeliveries } from './delivery-store.ts'

/** An agent that has not asked for work for so long is away. */
export const awayMs = 2 * 60_000

/** The agents of the caller's organisation; the bureau's overview of all. */
export async function listAgents(
  ctx: Ctx,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: Agent[]; next: string | null }> {
  const rows = await selectAgents(ctx.db, visibleTo(ctx.actor), page)
  return { items: await presentAgents(ctx, rows), next: rows.length === page.limit ? rows.at(-1)!.id : null }
}

export async function presentAgents(ctx: Ctx, rows: AgentRow[]): Promise<Agent[]> {
  const ids = rows.map(({ id }) => id)
  const connections = Map.groupBy(await selectConnections(ctx.db, ids), ({ agent_id }) => agent_id)
  const waiting = Map.groupBy(await selectOpenDeliveries(ctx.db, ids), ({ agent_id }) => agent_id)
  return rows.map((row) => presentAgent(ctx.actor, ctx.now(), row, connections.get(row.id) ?? [], waiting.get(row.id)?.length ?? 0))
}

function presentAgent(actor: Actor, now: Date, row: AgentRow, connections: ConnectionRow[], waiting: number): Agent {
  return {
    id: row.id,
    org: { id: row.org_id, name: row.org_name },
    name: row.name,
    state: row.state,
    host: row.host,
    version: row.version,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    isAway: isAway(row, now),
    connections: connections.map(({ name, kind, ok, detail, structure, reported_at }) => ({
      name,
      kind,
      ok,
      detail,
      objects: structure.objects.length,
      reportedAt: reported_at.toISOString(),
    })),
    waiting,
    can: { revoke: canWrite(actor, row.org_id) && statesBefore(agentStates, 'revoke').includes(row.state) },
  }
}

export const isAway = ({ state, last_seen_at }: AgentRow, now: Date): boolean =>
  state === 'active' && (last_seen_at === null || now.getTime() - last_seen_at.getTime() > awayMs)

/** An agent that the caller may know of. @throws value.not_found */
export async function getAgent(ctx: { db: Db | Tx; actor: Actor }, id: string): Promise<AgentRow> {
  const row = await selectAgent(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}
