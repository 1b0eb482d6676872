import { AppError, type ErrorKind } from '../../kernel/errors.ts'

/** What a source's own error code means to the person who set it up. The server's message may hold data or names: it is not passed on. */
const meanings: [RegExp, ErrorKind, string][] = [
  [/^(28P01|ER_ACCESS_DENIED_ERROR)$/, 'conflict', 'ingestion.source_password'],
  [/^(28000|ER_HOST_NOT_PRIVILEGED|ER_DBACCESS_DENIED_ERROR|ER_SPECIFIC_ACCESS_DENIED_ERROR)$/, 'conflict', 'ingestion.source_refused'],
  [/^(3D000|ER_BAD_DB_ERROR)$/, 'conflict', 'ingestion.database_unknown'],
  [/^(42501|ER_TABLEACCESS_DENIED_ERROR|ER_COLUMNACCESS_DENIED_ERROR)$/, 'conflict', 'ingestion.source_forbidden'],
  [/^(42P01|3F000|ER_NO_SUCH_TABLE)$/, 'not_found', 'ingestion.object_unknown'],
  [/^(42703|ER_BAD_FIELD_ERROR)$/, 'conflict', 'ingestion.column_gone'],
  [/^(57014|ER_QUERY_TIMEOUT|ER_STATEMENT_TIMEOUT)$/, 'unavailable', 'ingestion.source_slow'],
  [/^(53300|ER_CON_COUNT_ERROR|ER_USER_LIMIT_REACHED)$/, 'unavailable', 'ingestion.source_busy'],
  [/^(57P0[1-5]|08\w{3}|PROTOCOL_CONNECTION_LOST|ECONNRESET|EPIPE)$/, 'unavailable', 'ingestion.source_lost'],
  [/CERT|^UNABLE_TO_/, 'conflict', 'ingestion.source_certificate'],
]

/** An error of a source's driver as one of ours. */
export function asSourceError(error: unknown): Error {
  if (error instanceof AppError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  for (const [pattern, kind, meaning] of meanings)
    if (pattern.test(code)) return new AppError(kind, meaning, { params: { code }, cause: error })
  const message = error instanceof Error ? error.message : ''
  if (/does not support SSL/.test(message)) return new AppError('conflict', 'ingestion.source_plain', { cause: error })
  // The drivers' own patience: a server that has frozen does not keep the limit that it was told.
  if (/^Query (read|inactivity) timeout/.test(message))
    return new AppError('unavailable', 'ingestion.source_slow', { params: { code: 'timeout' }, cause: error })
  // An idle connection that was ended from there: pg says so of the next query only.
  if (/terminated|closed|reset|Connection lost|not queryable/i.test(message))
    return new AppError('unavailable', 'ingestion.source_lost', { params: { code: code || '-' }, cause: error })
  if (/^E[A-Z]+$/.test(code) || /timeout/i.test(message))
    return new AppError('unavailable', 'ingestion.source_unreachable', { params: { code: code || 'timeout' }, cause: error })
  return new AppError('conflict', 'ingestion.source_error', { params: { code: code || '-' }, cause: error })
}
