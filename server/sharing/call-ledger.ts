import { appendEvents, type Ctx, type EventRecord, inTx, sql } from '../store/index.ts'

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

export type CallOutcome = 'recorded' | 'replayed' | 'over_quota'

interface Waiting {
  call: Call
  done: (outcome: CallOutcome) => void
  fail: (error: unknown) => void
}

// One statement takes this many; a commit costs a disk sync whatever its size.
const batchSize = 500

/**
 * Writes down calls before they are answered: nonce, meter and audit entry in one transaction, shared by all calls that
 * wait for a commit at that moment (group commit). A call whose record cannot be written is not answered.
 */
export function openCallLedger(ctx: Ctx): { record(call: Call): Promise<CallOutcome> } {
  let waiting: Waiting[] = []
  let isWriting = false
  const write = async () => {
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize)
      waiting = waiting.slice(batchSize)
      await recordBatch(
        ctx,
        batch.map(({ call }) => call),
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
  return {
    record: (call) =>
      new Promise((done, fail) => {
        waiting.push({ call, done, fail })
        // Starts after the calls of this turn of the event loop have queued up.
        if (!isWriting) setImmediate(() => (isWriting ? undefined : write()))
      }),
  }
}

/** Decides and records a batch. Refused calls leave their entry too, as denied. */
async function recordBatch(outer: Ctx, calls: Call[]): Promise<CallOutcome[]> {
  return inTx({ ...outer, wakeFeed: () => {} }, async (ctx) => {
    const fresh = await insertNonces(ctx.db, calls, ctx.now())
    const outcomes = new Array<CallOutcome>(calls.length).fill('replayed')
    const used = new Map<string, number>()
    for (const row of await meterRows(ctx.db, calls)) used.set(`${row.grant_id} ${row.day}`, row.calls)
    calls.forEach((call, index) => {
      if (!fresh.delete(`${call.accessKey} ${call.nonce}`)) return
      const key = `${call.grantId} ${call.day}`
      const before = used.get(key) ?? 0
      outcomes[index] = before < call.callsPerDay ? 'recorded' : 'over_quota'
      if (before < call.callsPerDay) used.set(key, before + 1)
    })
    await addToMeters(ctx.db, calls, outcomes)
    await appendEvents(
      ctx.db,
      calls.map(({ event }, index) =>
        outcomes[index] === 'recorded'
          ? event
          : { ...event, result: 'denied', is_data: false, detail: JSON.stringify({ outcome: outcomes[index] }) },
      ),
    )
    return outcomes
  })
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

async function addToMeters(db: Db, calls: Call[], outcomes: CallOutcome[]): Promise<void> {
  const sums = new Map<string, { grant_id: string; day: string; calls: number; rows: number; refused: number }>()
  calls.forEach((call, index) => {
    const key = `${call.grantId} ${call.day}`
    const sum = sums.get(key) ?? { grant_id: call.grantId, day: call.day, calls: 0, rows: 0, refused: 0 }
    const isRecorded = outcomes[index] === 'recorded'
    sums.set(key, {
      ...sum,
      calls: sum.calls + Number(isRecorded),
      rows: sum.rows + (isRecorded ? call.rows : 0),
      refused: sum.refused + Number(!isRecorded),
    })
  })
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
