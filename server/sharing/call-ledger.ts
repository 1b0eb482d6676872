import { appendEvents, type Ctx, type EventRecord, inTx, sql, type TxCtx } from '../store/index.ts'

/** One call that is about to be answered. */
export interface Call {
  grantId: string
  accessKey: string
  nonce: string
  /** Local date of the call. */
  day: string
  rows: number
  callsPerDay: number
  event: EventRecord
}

export interface CallOutcome {
  kind: 'recorded' | 'replayed' | 'over_quota'
  /** Calls of the day under the grant, this one included where it was accepted. */
  used: number
}

export interface CallLedger {
  /** Decides on a call that is about to be answered, and writes down whichever way it went. */
  record(call: Call): Promise<CallOutcome>
  /** Writes down a call that was refused before it came so far. */
  refuse(event: EventRecord): Promise<void>
}

type Entry = { call: Call; event: EventRecord } | { call: null; event: EventRecord }
interface Waiting {
  entry: Entry
  done: (outcome: CallOutcome) => void
  fail: (error: unknown) => void
}

// One statement takes this many; a commit costs a disk sync whatever its size.
const batchSize = 500

/**
 * Writes down calls before they are answered: nonce, meter and audit entry in one transaction, shared by all calls that
 * wait for a commit at that moment (group commit). A call whose record cannot be written is not answered.
 */
export function openCallLedger(ctx: Ctx): CallLedger {
  let waiting: Waiting[] = []
  let isWriting = false
  const write = async () => {
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize)
      waiting = waiting.slice(batchSize)
      await recordBatch(
        ctx,
        batch.map(({ entry }) => entry),
      ).then(
        (outcomes) => {
          for (const [index, { done }] of batch.entries()) done(outcomes[index]!)
        },
        (error) => {
          for (const { fail } of batch) fail(error)
        },
      )
    }
    isWriting = false
  }
  const add = (entry: Entry) =>
    new Promise<CallOutcome>((done, fail) => {
      waiting.push({ entry, done, fail })
      // Starts after the calls of this turn of the event loop have queued up.
      if (!isWriting) setImmediate(() => (isWriting ? undefined : write()))
    })
  return {
    record: (call) => add({ call, event: call.event }),
    refuse: async (event) => void (await add({ call: null, event })),
  }
}

/** Decides and records a batch, entry by entry in the order in which they came. */
async function recordBatch(outer: Ctx, entries: Entry[]): Promise<CallOutcome[]> {
  // Data events wake nobody: the feed does not tell them.
  return inTx({ ...outer, wakeFeed: () => {} }, async (ctx) => {
    const calls = entries.flatMap(({ call }) => call ?? [])
    const outcomes = calls.length > 0 ? await decide(ctx, calls) : new Map<Call, CallOutcome>()
    const kindOf = (call: Call | null) => call && outcomes.get(call)!.kind
    await appendEvents(
      ctx.db,
      entries.map(({ call, event }) => {
        const kind = kindOf(call)
        if (kind === null || kind === 'recorded') return event
        return {
          ...event,
          action: 'sharing.call_refused',
          result: 'denied',
          is_data: false,
          detail: JSON.stringify({ code: `sharing.${kind}` }),
        }
      }),
    )
    return entries.map(({ call }) => (call && outcomes.get(call)) ?? { kind: 'recorded', used: 0 })
  })
}

async function decide(ctx: TxCtx, calls: Call[]): Promise<Map<Call, CallOutcome>> {
  const fresh = await insertNonces(ctx.db, calls, ctx.now())
  const used = new Map<string, number>()
  for (const row of await meterRows(ctx.db, calls)) used.set(`${row.grant_id} ${row.day}`, row.calls)
  const outcomes = new Map<Call, CallOutcome>()
  for (const call of calls) {
    const key = `${call.grantId} ${call.day}`
    const before = used.get(key) ?? 0
    // The same nonce twice in one batch is a replay too: the first one takes it out.
    const isFresh = fresh.delete(`${call.accessKey} ${call.nonce}`)
    const kind = !isFresh ? 'replayed' : before < call.callsPerDay ? 'recorded' : 'over_quota'
    const after = kind === 'recorded' ? before + 1 : before
    used.set(key, after)
    outcomes.set(call, { kind, used: after })
  }
  await addToMeters(ctx.db, calls, outcomes)
  return outcomes
}

type Db = Parameters<typeof appendEvents>[0]

async function insertNonces(db: Db, calls: Call[], now: Date): Promise<Set<string>> {
  const rows = JSON.stringify(calls.map(({ accessKey, nonce }) => ({ access_key: accessKey, nonce, seen_at: now })))
  const { rows: inserted } = await sql<{ key: string }>`
    insert into sharing.nonce select * from jsonb_populate_recordset(null::sharing.nonce, ${rows}::jsonb)
    on conflict do nothing returning access_key || ' ' || nonce as key`.execute(db)
  return new Set(inserted.map(({ key }) => key))
}

/** Today's meters of the grants called, locked, so that two processes never count from the same number. */
async function meterRows(db: Db, calls: Call[]): Promise<{ grant_id: string; day: string; calls: number }[]> {
  const ids = [...new Set(calls.map(({ grantId }) => grantId))].sort()
  const days = [...new Set(calls.map(({ day }) => day))]
  const none = ids.flatMap((grant_id) => days.map((day) => ({ grant_id, day })))
  await db
    .insertInto('sharing.meter')
    .values(none)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return db
    .selectFrom('sharing.meter')
    .select(['grant_id', 'day', 'calls'])
    .where('grant_id', 'in', ids)
    .where('day', 'in', days)
    .orderBy('grant_id')
    .forUpdate()
    .execute()
}

async function addToMeters(db: Db, calls: Call[], outcomes: Map<Call, CallOutcome>): Promise<void> {
  const sums = new Map<string, { grant_id: string; day: string; calls: number; rows: number; refused: number }>()
  for (const call of calls) {
    const key = `${call.grantId} ${call.day}`
    const sum = sums.get(key) ?? { grant_id: call.grantId, day: call.day, calls: 0, rows: 0, refused: 0 }
    const isRecorded = outcomes.get(call)!.kind === 'recorded'
    sums.set(key, {
      ...sum,
      calls: sum.calls + Number(isRecorded),
      rows: sum.rows + (isRecorded ? call.rows : 0),
      refused: sum.refused + Number(!isRecorded),
    })
  }
  const text = JSON.stringify([...sums.values()].sort((a, b) => (a.grant_id < b.grant_id ? -1 : 1)))
  await sql`
    insert into sharing.meter as m (grant_id, day, calls, rows, refused)
    select grant_id, day, calls, rows, refused from jsonb_populate_recordset(null::sharing.meter, ${text}::jsonb)
    on conflict (grant_id, day) do update set calls = m.calls + excluded.calls, rows = m.rows + excluded.rows, refused = m.refused + excluded.refused`.execute(
    db,
  )
  await sql`
    update sharing.data_grant g set calls_total = g.calls_total + s.calls, rows_total = g.rows_total + s.rows
    from jsonb_populate_recordset(null::sharing.meter, ${text}::jsonb) s where g.id = s.grant_id`.execute(db)
}
