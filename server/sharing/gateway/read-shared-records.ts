import { messageOf } from '#contract/messages/index.ts'
import type { RowCondition } from '#contract/sharing.ts'
import type { Transport } from '../../http/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Grant, GrantRows } from '../../kernel/grant.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { type Ctx, type EventInput, toEventRecord } from '../../store/index.ts'
import type { CallOutcome } from '../call-ledger.ts'
import { actorOf, admitGrant, admitKey, type CallableGrant } from './admit-call.ts'
import type { Gateway, HeldKey } from './open-gateway.ts'
import { parseConditions, parseCursor, toCursor } from './parse-share-query.ts'
import { type Typed, toTypedValue } from './to-typed-value.ts'

export interface SharedCall {
  grantNumber: string
  query: { limit: number; cursor?: string | undefined } & Record<string, unknown>
}

interface Records {
  items: Record<string, Typed>[]
  next: string | null
  asOf?: string
}

/** What is known of a call by now: a refusal names who was refused, and under which grant, as far as that is proven. */
interface Arrival extends SharedCall {
  /** The visitor, then the key. */
  ctx: Ctx
  today: string
  grant?: CallableGrant
}

/**
 * A call of a shared API: whose signature, which grant, which rows, written down, answered, in this order. A call that
 * cannot be written down is not answered. Whatever becomes of a call, it leaves one audit entry.
 */
export async function readSharedRecords(gateway: Gateway, ctx: Ctx, call: SharedCall, transport: Transport): Promise<Records> {
  const arrival: Arrival = { ...call, ctx, today: toLocalDate(ctx.now()) }
  transport.setHeader('x-datong-request-id', ctx.requestId)
  try {
    return await answerCall(gateway, arrival, transport)
  } catch (error) {
    // Clients of the Aliyun gateway read the reason from this header; header values are ASCII.
    if (error instanceof AppError)
      transport.setHeader('x-ca-error-message', messageOf(error.code, 'en', error.details.params).replace(/[^ -~]/g, '?'))
    if (ctx.recorded.count === 0) {
      await gateway.ledger.refuse(toRefusal(arrival, error))
      ctx.recorded.count++
    }
    throw error
  }
}

async function answerCall(gateway: Gateway, arrival: Arrival, transport: Transport): Promise<Records> {
  const { key, nonce } = await admitKey(gateway, arrival.ctx, arrival.today, transport)
  arrival.ctx = { ...arrival.ctx, actor: actorOf(key) }
  const grant = await admitGrant(gateway, key, arrival.today, arrival.grantNumber)
  arrival.grant = grant
  const answer = await readRows(arrival.ctx, grant, arrival.query)
  const detail = { rows: answer.items.length, keyName: key.name, query: queryOf(transport.url) }
  const outcome = await record(gateway, arrival, { key, nonce, grant, rows: answer.items.length, detail })
  arrival.ctx.recorded.count++
  const secondsLeft = secondsToMidnight(arrival.ctx.now())
  transport.setHeader('ratelimit-limit', String(grant.row.calls_per_day))
  transport.setHeader('ratelimit-remaining', String(Math.max(grant.row.calls_per_day - outcome.used, 0)))
  transport.setHeader('ratelimit-reset', String(secondsLeft))
  requireRecorded(outcome, grant, secondsLeft)
  return answer
}

async function readRows(ctx: Ctx, { compiled: { grant, table } }: CallableGrant, query: SharedCall['query']): Promise<Records> {
  const after = parseCursor(table, query.cursor)
  const conditions = parseConditions(grant, query)
  const key = after === undefined ? keyOf(grant, conditions) : undefined
  const { rows, next, asOf }: Pick<GrantRows, 'rows' | 'next' | 'asOf'> =
    key === undefined
      ? await ctx.read(grant, { conditions, limit: Math.min(query.limit, grant.maxRows), ...(after !== undefined && { after }) })
      : { rows: [ctx.readByKey(grant, key)].filter((row) => row !== null), next: null }
  return { items: rows.map((row) => toRecord(grant, row)), next: next === null ? null : toCursor(table, next), ...(asOf && { asOf }) }
}

function toRecord({ columns }: Grant, row: (string | null)[]): Record<string, Typed> {
  const record: Record<string, Typed> = {}
  for (const [i, column] of columns.entries()) record[column.item] = toTypedValue(column, row[i] ?? null)
  return record
}

/** The key that is asked for, where nothing else is asked and the table answers by it. */
function keyOf({ keyed }: Grant, conditions: readonly RowCondition[]): string | undefined {
  const [only, ...others] = conditions
  return keyed && only?.item === keyed.item && only.operator === 'eq' && others.length === 0 ? (only.value as string) : undefined
}

/** What was asked for, as it was sent: an auditor reads who looked for whom. */
const queryOf = (url: string): string => (url.includes('?') ? url.slice(url.indexOf('?'), url.indexOf('?') + 1000) : '')

interface Accepted {
  key: HeldKey
  nonce: string
  grant: CallableGrant
  rows: number
  detail: Record<string, unknown>
}

const under = ({ row }: CallableGrant): Pick<EventInput, 'object' | 'purpose' | 'decisionId'> => ({
  object: { type: 'grant', id: row.id, name: `${row.number} ${row.entry_name}` },
  purpose: row.purpose,
  decisionId: row.id,
})

const record = (gateway: Gateway, { ctx, today }: Arrival, { key, nonce, grant, rows, detail }: Accepted): Promise<CallOutcome> =>
  gateway.ledger.record({
    grantId: grant.row.id,
    accessKey: key.access_key,
    nonce,
    day: today,
    rows,
    callsPerDay: grant.row.calls_per_day,
    event: toEventRecord(ctx, { action: 'sharing.records_read', ...under(grant), isData: true, detail }),
  })

function toRefusal({ ctx, grant, grantNumber }: Arrival, error: unknown) {
  const known = error instanceof AppError
  return toEventRecord(ctx, {
    action: 'sharing.call_refused',
    ...(grant ? under(grant) : { object: { type: 'grant', id: grantNumber, name: grantNumber } }),
    result: known && error.kind !== 'unavailable' ? 'denied' : 'failed',
    detail: { code: known ? error.code : 'http.internal' },
  })
}

const dayMs = 86_400_000
const shanghaiOffsetMs = 8 * 3_600_000

/** Seconds until the quota's day ends in Shanghai. */
const secondsToMidnight = (now: Date): number => Math.ceil((dayMs - ((now.getTime() + shanghaiOffsetMs) % dayMs)) / 1000)

/** @throws unauthenticated `sharing.replayed`; limited `sharing.over_quota` until midnight */
function requireRecorded({ kind }: CallOutcome, { row }: CallableGrant, secondsLeft: number): void {
  if (kind === 'replayed') throw new AppError('unauthenticated', 'sharing.replayed')
  if (kind === 'over_quota') {
    const params = { grant: row.number, quota: row.calls_per_day }
    throw new AppError('limited', 'sharing.over_quota', { params, retryAfterSeconds: secondsLeft })
  }
}
