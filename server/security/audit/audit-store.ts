import type { AuditEntry } from '#contract/security.ts'
import type { Db, Tables } from '../../store/index.ts'

export interface AuditFilter {
  /** Local dates of Asia/Shanghai, both included. */
  from?: string | undefined
  to?: string | undefined
  actorId?: string | undefined
  orgId?: string | undefined
  action?: string | undefined
  objectType?: string | undefined
  objectId?: string | undefined
  decisionId?: string | undefined
  result?: AuditEntry['result'] | undefined
  dataOnly?: boolean | undefined
}

const dayMs = 86_400_000
const startOf = (localDate: string) => new Date(`${localDate}T00:00:00+08:00`)

/** Entries in the order of the chain, forwards or backwards, without those past `beyond`. */
export function selectEntries(
  db: Db,
  filter: AuditFilter,
  { order, beyond, limit }: { order: 'asc' | 'desc'; beyond: number | undefined; limit: number },
) {
  let query = db.selectFrom('platform.event').selectAll().orderBy('seq', order).limit(limit)
  if (beyond !== undefined) query = query.where('seq', order === 'asc' ? '>' : '<', beyond)
  if (filter.from) query = query.where('at', '>=', startOf(filter.from))
  if (filter.to) query = query.where('at', '<', new Date(startOf(filter.to).getTime() + dayMs))
  if (filter.actorId) query = query.where('actor_id', '=', filter.actorId)
  if (filter.orgId) query = query.where('org_id', '=', filter.orgId)
  if (filter.action) query = query.where('action', '=', filter.action)
  if (filter.objectType) query = query.where('object_type', '=', filter.objectType)
  if (filter.objectId) query = query.where('object_id', '=', filter.objectId)
  if (filter.decisionId) query = query.where('decision_id', '=', filter.decisionId)
  if (filter.result) query = query.where('result', '=', filter.result)
  if (filter.dataOnly) query = query.where('is_data', '=', true)
  return query.execute()
}

export const selectHeadSeq = async (db: Db): Promise<number> =>
  (await db.selectFrom('platform.chain_head').select('seq').where('node', '=', 'local').executeTakeFirstOrThrow()).seq

type EventRow = Omit<Tables['platform.event'], 'at'> & { at: Date }

export function presentEntry(row: EventRow): AuditEntry {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind as AuditEntry['actor']['kind'], id: row.actor_id, name: row.actor_name },
    org: row.org_id ? { id: row.org_id, name: row.org_name ?? '' } : null,
    action: row.action,
    object: row.object_type && row.object_id ? { type: row.object_type, id: row.object_id, name: row.object_name } : null,
    purpose: row.purpose,
    decisionId: row.decision_id,
    result: row.result as AuditEntry['result'],
    address: row.address,
    requestId: row.request_id,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
    hash: row.hash,
  }
}
