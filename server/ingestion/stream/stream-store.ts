import { type StreamProof, type StreamState, streamStates } from '#contract/stream/stream.ts'
import { statesBefore } from '../../kernel/step.ts'
import { type Db, sql, type Tx } from '../../store/index.ts'
import type { IngestionScope } from '../access.ts'
import type { Failure } from '../load/explain-failure.ts'
import type { KeptError } from '../kept-error.ts'
import type { LogOrigin } from './change-log.ts'

/** Where the stream of a copy began, and what the copy was made for. */
export interface Origin {
  log: LogOrigin
  start: number
  /** Digest of the mapping, the items and the source's columns: with another shape the table has to be copied anew. */
  shape: string
}

/** What a proof found. Why it could not be made is kept by its code. */
export type KeptProof = Omit<StreamProof, 'error'> & { error: Pick<Failure, 'code' | 'params'> | string | null }

export interface StreamRow extends KeptError {
  id: string
  plan_id: string
  entry_id: string
  entry_name: string
  org_id: string
  org_name: string
  source_id: string
  source_name: string
  object: string
  state: StreamState
  attempt: number
  touched_at: Date
  copy: number
  copied_at: Date | null
  live_at: Date | null
  hold: string | null
  origin: Origin | null
  position: number
  applied: number
  position_text: string | null
  lag_seconds: number
  lag_rows: number
  retained_bytes: number | null
  source_limit: string | null
  rate: number
  changes: number
  rows: number | null
  quarantined: number
  reasons: { column: string; reason: string; count: number }[]
  /** Somebody wants the contents proved. */
  proof_asked_at: Date | null
  proof: KeptProof | null
  started_by: string
  started_at: Date
  changed_at: Date
}

const streams = (db: Db | Tx, scope: IngestionScope) => {
  const query = db
    .selectFrom('ingestion.stream as m')
    .innerJoin('ingestion.plan as p', 'p.id', 'm.plan_id')
    .innerJoin('ingestion.source as s', 's.id', 'p.source_id')
    .innerJoin('security.org as o', 'o.id', 'm.org_id')
    .innerJoin('catalog.entry as e', 'e.id', 'm.entry_id')
    .selectAll('m')
    .select(['o.name as org_name', 'e.name as entry_name', 's.name as source_name', 'p.source_id', 'p.object'])
  return scope === 'everything' || scope.isOverseer ? query : query.where('m.org_id', '=', scope.orgId)
}

export const selectStream = (db: Db | Tx, scope: IngestionScope, id: string) =>
  streams(db, scope).where('m.id', '=', id).executeTakeFirst() as unknown as Promise<StreamRow | undefined>

export const selectStreamOfPlan = (db: Db | Tx, planId: string) =>
  streams(db, 'everything').where('m.plan_id', '=', planId).executeTakeFirst() as unknown as Promise<StreamRow | undefined>

/** Newest first, after `cursor`. */
export function selectStreams(
  db: Db,
  scope: IngestionScope,
  query: {
    cursor?: string | undefined
    limit: number
    planId?: string | undefined
    state?: StreamState | undefined
    troubled?: boolean | undefined
  },
) {
  let found = streams(db, scope).orderBy('m.id', 'desc').limit(query.limit)
  if (query.cursor) found = found.where('m.id', '<', query.cursor)
  if (query.planId) found = found.where('m.plan_id', '=', query.planId)
  if (query.state) found = found.where('m.state', '=', query.state)
  if (query.troubled) found = found.where(isTroubled)
  return found.execute() as unknown as Promise<StreamRow[]>
}

const isTroubled = sql<boolean>`(m.state in ('lagging', 'failed') or (m.state <> 'stopped' and m.error_code is not null))`

/** Streams of an organisation that somebody should look at. */
export async function countTroubled(db: Db, orgId: string): Promise<number> {
  const { n } = await db
    .selectFrom('ingestion.stream as m')
    .where('m.org_id', '=', orgId)
    .where(isTroubled)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Those of a source that follow it, and those that its stop has paused. */
export const selectStreamsOfSource = (tx: Tx, sourceId: string, states: readonly StreamState[]) =>
  streams(tx, 'everything')
    .where('p.source_id', '=', sourceId)
    .where('m.state', 'in', [...states])
    .execute() as unknown as Promise<StreamRow[]>

export const selectAllStreams = (db: Db) => streams(db, 'everything').execute() as unknown as Promise<StreamRow[]>

export const insertStream = (
  tx: Tx,
  row: Pick<StreamRow, 'id' | 'plan_id' | 'entry_id' | 'org_id' | 'started_by' | 'started_at'>,
): Promise<unknown> =>
  tx
    .insertInto('ingestion.stream')
    .values({ ...row, state: streamStates.initial, touched_at: long, changed_at: row.started_at })
    .execute()

/** Nobody has it: whoever looks next may take it up. */
export const long = new Date(0)
export const runningStates: readonly StreamState[] = ['starting', 'copying', 'streaming', 'lagging']

/** Those that somebody has: while one copies, it has tables like a load. */
export const selectRunningStreams = (db: Db): Promise<StreamClaim[]> =>
  db
    .selectFrom('ingestion.stream')
    .select(['id', 'attempt'])
    .where('state', 'in', [...runningStates])
    .execute()

export interface StreamClaim {
  id: string
  attempt: number
}

/** Takes a stream up for one worker, which alone may write here from now on. @returns null where another one was faster */
export async function claimStream(db: Db, { id, attempt }: StreamClaim, now: Date): Promise<StreamClaim | null> {
  const { numUpdatedRows } = await db
    .updateTable('ingestion.stream')
    .set({ attempt: attempt + 1, touched_at: now })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', 'in', [...runningStates])
    .executeTakeFirst()
  return numUpdatedRows === 1n ? { id, attempt: attempt + 1 } : null
}

type StreamChange = Partial<Omit<StreamRow, 'origin' | 'reasons' | 'proof' | 'error_params'>> & {
  error_params?: string | null
  origin?: string | null
  reasons?: string
  proof?: string | null
}

/** A sign of life with what is known. @returns false when the stream is no longer this worker's: paused, stopped, or given to another */
export async function touchStream(db: Db | Tx, { id, attempt }: StreamClaim, change: StreamChange): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('ingestion.stream')
    .set(change as never)
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', 'in', [...runningStates])
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

type StreamEvent = (typeof streamStates.steps)[number]['event']

/** Moves a stream on by the state table, where it still stands as it was seen. */
export async function stepStream(tx: Db | Tx, { id, attempt }: StreamClaim, event: StreamEvent, change: StreamChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.stream')
    .set({ ...change, state: streamStates.steps.find((step) => step.event === event)!.to } as never)
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', 'in', statesBefore(streamStates, event))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
