import {
  appendEvents,
  type ChainHead,
  type Ctx,
  chainRecords,
  type EventRecord,
  getChainHead,
  inTx,
  sql,
  type TxCtx,
} from '../store/index.ts'
import { openGroupCommit } from './group-commit.ts'

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

/**
 * Writes down calls before they are answered: nonce, meter and audit entry in one transaction, shared by all calls that
 * wait for a commit at that moment (group commit). A call whose record cannot be written is not answered.
 */
export function openCallLedger(ctx: Ctx): CallLedger {
  // The end of the audit chain as this ledger left it.
  let head: ChainHead | undefined
  const add = openGroupCommit(async (entries: Entry[]): Promise<CallOutcome[]> => {
    const quick = await recordQuickly(ctx, entries, head ?? (await getChainHead(ctx.db)))
    head = quick?.head
    return quick?.outcomes ?? recordCarefully(ctx, entries)
  })
  return {
    record: (call) => add({ call, event: call.event }),
    refuse: async (event) => void (await add({ call: null, event })),
  }
}

// Data events wake nobody: the feed does not tell them.
const quietly = (ctx: Ctx): Ctx => ({ ...ctx, wakeFeed: () => {} })

/** What `sharing.record_calls` raises when something is not as expected: its own code, and that of a nonce that is there already. */
const notAsExpected = new Set<unknown>(['DT001', '23505'])

/**
 * What nearly every batch is: every nonce fresh, every grant within its quota, nobody else at the end of the chain. If it was
 * not so, nothing is written and the careful way decides.
 */
async function recordQuickly(
  ctx: Ctx,
  entries: Entry[],
  from: ChainHead,
): Promise<{ outcomes: CallOutcome[]; head: ChainHead } | undefined> {
  const calls = entries.flatMap(({ call }) => call ?? [])
  const quotas = new Map(calls.map((call) => [call.grantId, call.callsPerDay]))
  const sums = addUp(calls, () => true).map((sum) => ({ ...sum, quota: quotas.get(sum.grant_id) }))
  const { entries: chained, to } = chainRecords(
    from,
    entries.map(({ event }) => event),
  )
  try {
    const { rows } = await sql<{ grant_id: string; day: string; calls: number }>`
      select * from sharing.record_calls(${toNonces(calls, ctx.now())}::jsonb, ${JSON.stringify(sums)}::jsonb, ${chained}::jsonb,
        ${from.seq}, ${from.hash}, ${to.seq}, ${to.hash})`.execute(ctx.db)
    const meters = new Map(rows.map((row) => [`${row.grant_id} ${row.day}`, row.calls]))
    return { outcomes: numberFrom(entries, meters), head: to }
  } catch (error) {
    if (notAsExpected.has((error as { code?: unknown }).code)) return undefined
    throw error
  }
}

/** The calls of a batch in their order, given what each meter stands at after it. */
function numberFrom(entries: Entry[], meters: Map<string, number>): CallOutcome[] {
  const next = new Map(meters)
  for (const { call } of entries) if (call) next.set(meterOf(call), next.get(meterOf(call))! - 1)
  return entries.map(({ call }) => {
    if (!call) return { kind: 'recorded', used: 0 }
    const used = next.get(meterOf(call))! + 1
    next.set(meterOf(call), used)
    return { kind: 'recorded', used }
  })
}

/** Decides and records a batch, entry by entry in the order in which they came. */
async function recordCarefully(outer: Ctx, entries: Entry[]): Promise<CallOutcome[]> {
  return inTx(quietly(outer), async (ctx) => {
    const calls = entries.flatMap(({ call }) => call ?? [])
    const outcomes = calls.length > 0 ? await decide(ctx, calls) : new Map<Call, CallOutcome>()
    await appendEvents(
      ctx.db,
      entries.map(({ call, event }) => {
        const kind = call && outcomes.get(call)!.kind
        if (kind === null || kind === 'recorded') return event
        const detail = JSON.stringify({ code: `sharing.${kind}` })
        return { ...event, action: 'sharing.call_refused', result: 'denied', is_data: false, detail }
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
    const before = used.get(meterOf(call)) ?? 0
    // The same nonce twice in one batch is a replay too: the first one takes it out.
    const isFresh = fresh.delete(`${call.accessKey} ${call.nonce}`)
    const kind = !isFresh ? 'replayed' : before < call.callsPerDay ? 'recorded' : 'over_quota'
    const after = kind === 'recorded' ? before + 1 : before
    used.set(meterOf(call), after)
    outcomes.set(call, { kind, used: after })
  }
  await addToMeters(ctx.db, calls, outcomes)
  return outcomes
}

type Db = Parameters<typeof appendEvents>[0]

const meterOf = ({ grantId, day }: Call): string => `${grantId} ${day}`

const toNonces = (calls: readonly Call[], now: Date): string =>
  JSON.stringify(calls.map(({ accessKey, nonce }) => ({ access_key: accessKey, nonce, seen_at: now })))

async function insertNonces(db: Db, calls: Call[], now: Date): Promise<Set<string>> {
  const { rows: inserted } = await sql<{ key: string }>`
    insert into sharing.nonce select * from jsonb_populate_recordset(null::sharing.nonce, ${toNonces(calls, now)}::jsonb)
    on conflict do nothing returning access_key || ' ' || nonce as key`.execute(db)
  return new Set(inserted.map(({ key }) => key))
}

/** Today's meters of the grants called, locked, so that two processes never count from the same number. */
async function meterRows(db: Db, calls: Call[]): Promise<{ grant_id: string; day: string; calls: number }[]> {
  const none = addUp(calls, () => true).map(({ grant_id, day }) => ({ grant_id, day }))
  await db
    .insertInto('sharing.meter')
    .values(none)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return db
    .selectFrom('sharing.meter')
    .select(['grant_id', 'day', 'calls'])
    .where('grant_id', 'in', [...new Set(none.map(({ grant_id }) => grant_id))])
    .where('day', 'in', [...new Set(none.map(({ day }) => day))])
    .orderBy('grant_id')
    .forUpdate()
    .execute()
}

/** Calls and rows by meter, in the order in which every process locks them. */
function addUp(calls: readonly Call[], isRecorded: (call: Call) => boolean) {
  const sums = new Map<string, { grant_id: string; day: string; calls: number; rows: number; refused: number }>()
  for (const call of calls) {
    const sum = sums.get(meterOf(call)) ?? { grant_id: call.grantId, day: call.day, calls: 0, rows: 0, refused: 0 }
    const counts = isRecorded(call)
    sum.calls += Number(counts)
    sum.rows += counts ? call.rows : 0
    sum.refused += Number(!counts)
    sums.set(meterOf(call), sum)
  }
  return [...sums.values()].sort((a, b) => (a.grant_id < b.grant_id ? -1 : 1))
}

async function addToMeters(db: Db, calls: Call[], outcomes: Map<Call, CallOutcome>): Promise<void> {
  const sums = JSON.stringify(addUp(calls, (call) => outcomes.get(call)!.kind === 'recorded'))
  await sql`
    update sharing.meter m set calls = m.calls + s.calls, rows = m.rows + s.rows, refused = m.refused + s.refused
    from jsonb_populate_recordset(null::sharing.meter, ${sums}::jsonb) s where m.grant_id = s.grant_id and m.day = s.day`.execute(db)
}
