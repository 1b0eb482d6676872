import { AppError, type ErrorKind } from '../../../kernel/errors.ts'
import { asSourceError } from '../source-error.ts'

/** https://learn.microsoft.com/sql/relational-databases/errors-events: numbers of the server. */
const meanings: Record<number, [ErrorKind, string]> = {
  18456: ['conflict', 'ingestion.source_password'],
  4060: ['conflict', 'ingestion.database_unknown'],
  229: ['conflict', 'ingestion.source_forbidden'],
  230: ['conflict', 'ingestion.source_forbidden'],
  208: ['not_found', 'ingestion.object_unknown'],
  207: ['conflict', 'ingestion.column_gone'],
  1222: ['unavailable', 'ingestion.source_slow'],
  10928: ['unavailable', 'ingestion.source_busy'],
}
/** Words of the driver. */
const words: Record<string, [ErrorKind, string]> = {
  ELOGIN: ['conflict', 'ingestion.source_password'],
  EENCRYPT: ['conflict', 'ingestion.source_encryption'],
  ECANCEL: ['unavailable', 'ingestion.source_lost'],
}

/** An error of `tedious` as one of ours. The server's message may hold data or names: it is not passed on. */
export function asSqlserverError(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof AppError) return asSourceError(error)
  const { number = 0, code = '' } = error as { number?: number; code?: string }
  const found = meanings[number] ?? words[code]
  if (!found) return asSourceError(error)
  return new AppError(found[0], found[1], { params: { code: number || code, object: '', column: '' }, cause: error })
}
