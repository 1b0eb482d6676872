import { AppError, type ErrorKind } from '../../../kernel/errors.ts'
import { UnreadableBatch } from './record-batches.ts'
import { asSourceError } from '../source-error.ts'

/** The protocol's numbers (Kafka protocol guide, "Error Codes"). */
const meanings: [readonly number[], ErrorKind, string][] = [
  [[3, 17, 100], 'not_found', 'ingestion.object_unknown'],
  [[29, 30, 31, 53, 65], 'conflict', 'ingestion.source_forbidden'],
  [[58, 34], 'conflict', 'ingestion.source_password'],
  [[33], 'conflict', 'ingestion.sasl_mechanism'],
  [[35, 76], 'conflict', 'ingestion.server_too_old'],
  [[7], 'unavailable', 'ingestion.source_slow'],
  // Leaders that move, brokers that start or go: over in a moment.
  [[5, 6, 8, 9, 13, 14, 15, 16, 56, 72, 74, 75, 78, 89], 'unavailable', 'ingestion.source_lost'],
]

/** An answer of a broker that is a refusal, by its number. */
export class KafkaRefusal extends Error {
  readonly number: number
  constructor(number: number) {
    super(`the broker answered with error ${number}`)
    this.number = number
  }
}

/** Asked for offsets that the broker no longer has, or does not have yet. */
export const isOutOfRange = (error: unknown): boolean => error instanceof KafkaRefusal && error.number === 1

/** An error of the client's as one of ours. What a broker says in words may hold names: it is not passed on. */
export function asKafkaError(error: unknown): Error {
  if (error instanceof AppError || !(error instanceof Error)) return asSourceError(error)
  const chain = causesOf(error)
  const as = (kind: ErrorKind, meaning: string, code: string | number) =>
    new AppError(kind, meaning, { params: { code, object: '', column: '' }, cause: error })
  const unreadable = chain.find((each) => each instanceof UnreadableBatch)
  if (unreadable) return as('conflict', 'ingestion.message_unreadable', unreadable.message)
  const number = chain.map(numberOf).find((each) => each !== 0)
  const found = meanings.find(([numbers]) => number !== undefined && numbers.includes(number))
  if (found) return as(found[1], found[2], number!)
  const said = chain.map(({ message }) => message).join(' ')
  const code = chain.map((each) => ('code' in each ? String(each.code) : '')).find((each) => /^(?!PLT_)[A-Z][A-Z0-9_]+$/.test(each)) ?? '-'
  if (/CERT|^UNABLE_TO_|SELF_SIGNED/.test(code)) return as('conflict', 'ingestion.source_certificate', code)
  if (/Broker requires TLS/.test(said)) return as('conflict', 'ingestion.source_encryption', 'TLS')
  if (/TLS handshake failed|^ERR_SSL|wrong version number/.test(`${said} ${code}`)) return as('conflict', 'ingestion.source_plain', code)
  if (chain.some((each) => 'code' in each && each.code === 'PLT_KFK_AUTHENTICATION'))
    return as('conflict', 'ingestion.source_password', 'SASL')
  if (number !== undefined) return as('conflict', 'ingestion.source_error', number)
  if (/timed out/i.test(said)) return as('unavailable', 'ingestion.source_slow', 'timeout')
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/.test(code)) return as('unavailable', 'ingestion.source_unreachable', code)
  if (chain.some((each) => 'code' in each && /^PLT_KFK_NETWORK$/.test(String(each.code))))
    return as('unavailable', 'ingestion.source_lost', code)
  return asSourceError(error)
}

/** Numbers below zero are of the client's own making; -1 is a broker that does not know what happened to it. */
const numberOf = (error: Error): number => {
  if (error instanceof KafkaRefusal) return error.number
  return 'apiCode' in error && Number.isInteger(error.apiCode) ? Number(error.apiCode) : 0
}

/** An error, what it came from, and those that it gathers. */
function causesOf(error: Error, depth = 0): Error[] {
  if (depth > 8) return []
  const inner = [error.cause, ...(error instanceof AggregateError ? error.errors : [])].filter((each) => each instanceof Error)
  return [error, ...inner.flatMap((each) => causesOf(each, depth + 1))]
}
