import { hash } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx, Db, Tx, TxCtx } from './ctx.ts'

/** What a use case says happened; actor, organisation, time and request come from the ctx. */
export interface EventInput {
  /** `room.past_tense`: `catalog.revision_published`. */
  action: string
  object?: { type: string; id: string; name?: string | null }
  purpose?: string | null
  decisionId?: string | null
  result?: 'ok' | 'denied' | 'failed'
  /** True when somebody was shown content of the lake. */
  isData?: boolean
  detail?: Record<string, unknown>
}

export interface EventRecord {
  at: string
  actor_kind: string
  actor_id: string
  actor_name: string
  org_id: string | null
  org_name: string | null
  action: string
  object_type: string | null
  object_id: string | null
  object_name: string | null
  purpose: string | null
  decision_id: string | null
  result: string
  is_data: boolean
  address: string | null
  request_id: string
  detail: string
}

export function toEventRecord(ctx: Pick<Ctx, 'actor' | 'now' | 'address' | 'requestId' | 'purpose'>, event: EventInput): EventRecord {
  const { actor } = ctx
  return {
    at: ctx.now().toISOString(),
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    org_id: actor.org?.id ?? null,
    org_name: actor.org?.name ?? null,
    action: event.action,
    object_type: event.object?.type ?? null,
    object_id: event.object?.id ?? null,
    object_name: event.object?.name ?? null,
    purpose: event.purpose ?? ctx.purpose,
    decision_id: event.decisionId ?? null,
    result: event.result ?? 'ok',
    is_data: event.isData ?? false,
    address: ctx.address,
    request_id: ctx.requestId,
    detail: JSON.stringify(event.detail ?? {}),
  }
}

/** Says, inside the transaction of the change, what happened. It is written with the commit or not at all. */
export function emit(ctx: TxCtx, event: EventInput): void {
  ctx.pending.push(toEventRecord(ctx, event))
  ctx.recorded.count++
}

/** SM3 over the previous hash and the record in one fixed order of fields: an edit anywhere breaks every later link. */
export function linkHash(previous: string, seq: number, record: EventRecord): string {
  const fields = [
    seq,
    record.at,
    record.actor_kind,
    record.actor_id,
    record.actor_name,
    record.org_id,
    record.org_name,
    record.action,
    record.object_type,
    record.object_id,
    record.object_name,
    record.purpose,
    record.decision_id,
    record.result,
    record.is_data,
    record.address,
    record.request_id,
    record.detail,
  ]
  return hash('sm3', `${previous}\n${JSON.stringify(fields)}`, 'hex')
}

/** Where the chain ends. */
export interface ChainHead {
  seq: number
  hash: string
}

/** Appends the records to the chain. The head row is locked last and briefly: it orders the writers of all processes. */
export async function appendEvents(tx: Tx, records: EventRecord[]): Promise<void> {
  if (records.length === 0) return
  const from = await selectChainHead(tx).forUpdate().executeTakeFirstOrThrow()
  const { entries, to } = chainRecords(from, records)
  await sql`select platform.append_events(${entries}::jsonb, ${from.seq}, ${from.hash}, ${to.seq}, ${to.hash})`.execute(tx)
}

const selectChainHead = (db: Db | Tx) => db.selectFrom('platform.chain_head').select(['seq', 'hash']).where('node', '=', 'local')

/** The end of the chain without a lock: what is chained to it can be appended only while it still is the end. */
export const getChainHead = (db: Db): Promise<ChainHead> => selectChainHead(db).executeTakeFirstOrThrow()

/** The records linked to an end of the chain, as `platform.append_events` takes them, and where the chain then ends. */
export function chainRecords(from: ChainHead, records: readonly EventRecord[]): { entries: string; to: ChainHead } {
  let { seq, hash: previous } = from
  const rows = records.map((record) => {
    seq++
    previous = linkHash(previous, seq, record)
    return { ...record, seq, hash: previous }
  })
  return { entries: JSON.stringify(rows), to: { seq, hash: previous } }
}

export interface ChainCheck {
  entries: number
  intact: boolean
  firstBadSeq: number | null
  head: string
}

/**
 * Walks the chain from its first link in pages, up to where it ended when the walk began: the log goes on growing meanwhile.
 * An edited, missing, inserted, reordered or cut-off entry is named by its number.
 */
export async function verifyChain(db: Pick<Ctx, 'db'>['db']): Promise<ChainCheck> {
  // Head and last entry in one statement: between two, an entry could be added.
  const head = await db
    .selectFrom('platform.chain_head')
    .select((eb) => [
      'seq',
      'hash',
      eb
        .selectFrom('platform.event')
        .select((eb) => eb.fn.max('seq').as('last'))
        .as('last'),
    ])
    .where('node', '=', 'local')
    .executeTakeFirstOrThrow()
  let previous = ''
  let seq = 0
  const broken = () => ({ entries: seq, intact: false, firstBadSeq: seq + 1, head: previous })
  // From below every number: an entry in front of the first would otherwise go unseen.
  for (let from = Number.MIN_SAFE_INTEGER; ; from = seq) {
    const rows = await db
      .selectFrom('platform.event')
      .selectAll()
      // A Date holds milliseconds; the column could be moved by less.
      .select(sql<boolean>`at = date_trunc('milliseconds', at)`.as('is_exact'))
      .where('seq', '>', from)
      .where('seq', '<=', head.seq)
      .orderBy('seq')
      .limit(2000)
      .execute()
    for (const row of rows) {
      const at = new Date(row.at)
      if (row.seq !== seq + 1 || !row.is_exact || Number.isNaN(at.getTime())) return broken()
      if (linkHash(previous, row.seq, { ...row, at: at.toISOString() }) !== row.hash) return broken()
      seq = row.seq
      previous = row.hash
    }
    if (rows.length < 2000) break
  }
  if (head.seq !== seq || head.hash !== previous || (head.last ?? 0) !== seq) return broken()
  return { entries: seq, intact: true, firstBadSeq: null, head: previous }
}
