import { AppError, type ErrorKind } from '../../../kernel/errors.ts'
import { asSourceError } from '../source-error.ts'

/** The server's numbers (src/mongo/base/error_codes.yml). */
const meanings: [readonly number[], ErrorKind, string][] = [
  [[18], 'conflict', 'ingestion.source_password'],
  [[11], 'conflict', 'ingestion.source_refused'],
  [[13], 'conflict', 'ingestion.source_forbidden'],
  [[26], 'not_found', 'ingestion.object_unknown'],
  // A limit of time, and a history that was not kept for as long as the reading took.
  [[50, 262, 239, 246], 'unavailable', 'ingestion.source_slow'],
  // A cursor that is gone or was ended; a server that goes down or hands its part over to another.
  [[43, 237, 175, 91, 11600, 11602, 189, 10107, 13435, 13436, 6, 7, 89], 'unavailable', 'ingestion.source_lost'],
]

/** An error of the driver as one of ours. The server's message may hold data or names: it is not passed on. */
export function asMongodbError(error: unknown): Error {
  if (!(error instanceof Error) || !error.name.startsWith('Mongo')) return asSourceError(error)
  const chain = causesOf(error)
  const number = chain.map((each) => ('code' in each ? Number(each.code) : 0)).find((code) => code > 0)
  const found = meanings.find(([numbers]) => numbers.includes(Number(number)))
  const as = (kind: ErrorKind, meaning: string, code = String(number ?? '-')) =>
    new AppError(kind, meaning, { params: { code, object: '', column: '' }, cause: error })
  if (found) return as(found[1], found[2])
  const code = chain.map((each) => ('code' in each ? String(each.code) : '')).find((each) => /^[A-Z][A-Z0-9_]+$/.test(each)) ?? '-'
  if (/CERT|^UNABLE_TO_|SELF_SIGNED/.test(code)) return as('conflict', 'ingestion.source_certificate', code)
  switch (error.name) {
    case 'MongoCompatibilityError':
      return as('conflict', 'ingestion.server_too_old')
    case 'MongoServerSelectionError':
      return chain.some(({ name }) => name === 'MongoCompatibilityError')
        ? as('conflict', 'ingestion.server_too_old')
        : as('unavailable', 'ingestion.source_unreachable', code === '-' ? 'timeout' : code)
    case 'MongoNetworkTimeoutError':
      return as('unavailable', 'ingestion.source_slow', 'timeout')
    case 'MongoServerError':
      return as('conflict', 'ingestion.source_error')
    default:
      // The line broke, or was closed while somebody waited.
      return as('unavailable', 'ingestion.source_lost', code)
  }
}

/** An error, what it came from, and so on; a failed search for the server tells the reason in its description of it. */
function causesOf(error: Error): Error[] {
  const found: Error[] = []
  for (let each: unknown = error; each instanceof Error && found.length < 10; each = reasonOf(each) ?? each.cause) found.push(each)
  return found
}

function reasonOf(error: Error): Error | undefined {
  const { reason } = error as { reason?: { servers?: Map<string, { error: Error | null }> } }
  return [...(reason?.servers?.values() ?? [])].find((server) => server.error)?.error ?? undefined
}
