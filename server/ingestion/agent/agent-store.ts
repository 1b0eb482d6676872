import type { AgentState, AgentStructure } from '#contract/ingestion/agents.ts'
import type { Db, Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'

export interface AgentRow {
  id: string
  org_id: string
  org_name: string
  name: string
  state: AgentState
  code_hash: string | null
  code_expires_at: Date | null
  public_key: string | null
  host: string | null
  version: string | null
  program_sha256: string | null
  last_seen_at: Date | null
}

const agents = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.agent as a')
    .innerJoin('security.org as o', 'o.id', 'a.org_id')
    .selectAll('a')
    .select('o.name as org_name')
    .$narrowType<{ state: AgentState }>()
  return scope === 'everything' || scope.isOverseer ? query : query.where('a.org_id', '=', scope.orgId)
}

/** Newest first, after `cursor`. */
export function selectAgents(db: Db, scope: IngestionScope, page: { cursor?: string | undefined; limit: number }): Promise<AgentRow[]> {
  const query = agents(db, scope).orderBy('a.id', 'desc').limit(page.limit)
  return (page.cursor ? query.where('a.id', '<', page.cursor) : query).execute()
}

export const selectAgent = (db: Db | Tx, scope: IngestionScope, id: string): Promise<AgentRow | undefined> =>
  agents(db, scope).where('a.id', '=', id).executeTakeFirst()
export const selectAgentByCode = (tx: Tx, codeHash: string): Promise<AgentRow | undefined> =>
  agents(tx, 'everything').where('a.code_hash', '=', codeHash).executeTakeFirst()

/** @returns false when the organisation has an agent of this name */
export async function insertAgent(
  tx: Tx,
  row: { id: string; org_id: string; name: string; state: string; code_hash: string; code_expires_at: Date; created_at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ingestion.agent')
    .values(row)
    .onConflict((taken) => taken.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Compare-and-set by state. @returns whether the agent was in one of them */
export async function updateAgent(
  tx: Tx,
  id: string,
  from: readonly string[],
  change: { state: string; code_hash?: null; public_key?: string | null; host?: string; version?: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.agent')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const touchAgent = (tx: Db | Tx, id: string, change: { last_seen_at: Date; version: string; program_sha256: string | null }) =>
  tx.updateTable('ingestion.agent').set(change).where('id', '=', id).execute()

/** @returns whether the nonce was new */
export async function insertNonce(tx: Db | Tx, row: { agent_id: string; nonce: string; seen_at: Date }): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ingestion.agent_nonce')
    .values(row)
    .onConflict((used) => used.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export const deleteNonces = (db: Db, before: Date) => db.deleteFrom('ingestion.agent_nonce').where('seen_at', '<', before).execute()

export interface ConnectionRow {
  agent_id: string
  name: string
  kind: string
  ok: boolean
  detail: string
  structure: AgentStructure
  reported_at: Date
}

const connections = (db: Db | Tx) => db.selectFrom('ingestion.agent_connection').selectAll().$narrowType<{ structure: AgentStructure }>()

export const selectConnections = (db: Db, agentIds: readonly string[]): Promise<ConnectionRow[]> =>
  agentIds.length === 0 ? Promise.resolve([]) : connections(db).where('agent_id', 'in', agentIds).orderBy('name').execute()
export const selectConnection = (db: Db | Tx, agentId: string, name: string): Promise<ConnectionRow | undefined> =>
  connections(db).where('agent_id', '=', agentId).where('name', '=', name).executeTakeFirst()

export const upsertConnection = (tx: Db | Tx, row: Omit<ConnectionRow, 'structure'>) =>
  tx
    .insertInto('ingestion.agent_connection')
    .values(row)
    .onConflict((known) =>
      known.columns(['agent_id', 'name']).doUpdateSet({ kind: row.kind, ok: row.ok, detail: row.detail, reported_at: row.reported_at }),
    )
    .execute()

/** @returns false for a connection that the agent has not named yet */
export async function updateStructure(tx: Tx, agentId: string, name: string, structure: AgentStructure): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.agent_connection')
    .set({ structure: JSON.stringify(structure) })
    .where('agent_id', '=', agentId)
    .where('name', '=', name)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
