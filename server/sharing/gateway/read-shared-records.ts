import { messageOf } from '#contract/messages/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Transport } from '../../http/index.ts'
import { type Ctx, toEventRecord } from '../../store/index.ts'
import type { CallOutcome } from '../call-ledger.ts'
import { actorOf, admitGrant, admitKey, type CallableGrant } from './admit-call.ts'
import type { Gateway, HeldKey } from './open-gateway.ts'
import { parseConditions, parseCursor, toCursor } from './parse-share-query.ts'
import { toTypedValue } from './to-typed-value.ts'

export interface SharedCall {
  grantNumber: string
  query: { limit: number; cursor?: string | undefined } & Record<string, unknown>
}

type Records = { items: Record<string, string | number | boolean | null>[]; next: string | null }

/**
 * A call of a shared API: whose signature, which grant, which rows, written down, answered, in this order. A call that
 * cannot be written down is not answered. Whatever becomes of a call, it leaves one audit entry.
 */
export async function readSharedRecords(gateway: Gateway, visitor: Ctx, call: SharedCall, transport: Transport): Promise<Records> {
  // Known as soon as the signature is: a refusal names who was refused.
  const caller: { actor: Actor; grant?: CallableGrant } = { actor: visitor.actor }
  transport.setHeader('x-datong-request-id', visitor.requestId)
  try {
    const { key, nonce } = await admitKey(gateway, visitor, transport)
    caller.actor = actorOf(key)
    caller.grant = await admitGrant(gateway, visitor, key, call.grantNumber)
    const answer = await readRows(visitor, caller.grant, call)
    const outcome = await record(
      gateway,
      { ...visitor, actor: caller.actor },
      { key, nonce, grant: caller.grant, call, transport },
      answer.items.length,
    )
    visitor.recorded.count++
    limitHeaders(transport, caller.grant, outcome, visitor.now())
    requireRecorded(outcome, caller.grant, visitor.now())
    return answer
  } catch (error) {
    // Clients of the Aliyun gateway read the reason from this header; header values are ASCII.
    if (error instanceof AppError)
      transport.setHeader('x-ca-error-message', messageOf(error.code, 'en', error.details.params).replace(/[^ -~]/g, '?'))
    if (visitor.recorded.count === 0) {
      await gateway.ledger.refuse(refusalOf({ ...visitor, actor: caller.actor }, call, caller.grant, error))
      visitor.recorded.count++
    }
    throw error
  }
}

async function readRows(ctx: Ctx, { compiled }: CallableGrant, { query }: SharedCall): Promise<Records> {
  const { grant, table } = compiled
  const { limit, cursor, ...filters } = query
  const after = parseCursor(table, cursor)
  const conditions = parseConditions(grant, filters)
  const { rows, next } = await ctx.read(grant, { conditions, limit: Math.min(limit, grant.maxRows), ...(after !== undefined && { after }) })
  const columns = grant.columns.map((column) => ({ item: column.item, toValue: toTypedValue(column) }))
  return {
    items: rows.map((row) => Object.fromEntries(columns.map(({ item, toValue }, i) => [item, toValue(row[i] ?? null)]))),
    next: next === null ? null : toCursor(table, next),
  }
}

interface Accepted {
  key: HeldKey
  nonce: string
  grant: CallableGrant
  call: SharedCall
  transport: Transport
}

const objectOf = ({ row }: CallableGrant) => ({ type: 'grant', id: row.id, name: `${row.number} ${row.entry_name}` })

function record(gateway: Gateway, ctx: Ctx, { key, nonce, grant, call, transport }: Accepted, rows: number): Promise<CallOutcome> {
  const { row } = grant
  const event = toEventRecord(ctx, {
    action: 'sharing.records_read',
    object: objectOf(grant),
    purpose: row.purpose,
    decisionId: row.id,
    isData: true,
    detail: {
      rows,
      keyName: key.name,
      query: transport.url.slice(transport.url.indexOf(call.grantNumber) + call.grantNumber.length, 2000),
    },
  })
  return gateway.ledger.record({
    grantId: row.id,
    accessKey: key.access_key,
    nonce,
    day: toLocalDate(ctx.now()),
    rows,
    callsPerDay: row.calls_per_day,
    event,
  })
}

const dayMs = 86_400_000
const shanghaiOffsetMs = 8 * 3_600_000

/** Seconds until the quota's day ends in Shanghai. */
const secondsToMidnight = (now: Date): number => Math.ceil((dayMs - ((now.getTime() + shanghaiOffsetMs) % dayMs)) / 1000)

function limitHeaders(transport: Transport, { row }: CallableGrant, { used }: CallOutcome, now: Date): void {
  transport.setHeader('ratelimit-limit', String(row.calls_per_day))
  transport.setHeader('ratelimit-remaining', String(Math.max(row.calls_per_day - used, 0)))
  transport.setHeader('ratelimit-reset', String(secondsToMidnight(now)))
}

/** @throws unauthenticated `sharing.replayed`; limited `sharing.over_quota` until midnight */
function requireRecorded({ kind }: CallOutcome, { row }: CallableGrant, now: Date): void {
  if (kind === 'replayed') throw new AppError('unauthenticated', 'sharing.replayed')
  if (kind === 'over_quota')
    throw new AppError('limited', 'sharing.over_quota', {
      params: { grant: row.number, quota: row.calls_per_day },
      retryAfterSeconds: secondsToMidnight(now),
    })
}

function refusalOf(ctx: Ctx, call: SharedCall, grant: CallableGrant | undefined, error: unknown) {
  const known = error instanceof AppError
  return toEventRecord(ctx, {
    action: 'sharing.call_refused',
    object: grant ? objectOf(grant) : { type: 'grant', id: call.grantNumber, name: call.grantNumber },
    ...(grant && { purpose: grant.row.purpose, decisionId: grant.row.id }),
    result: known && error.kind !== 'unavailable' ? 'denied' : 'failed',
    detail: { code: known ? error.code : 'http.internal' },
  })
}
