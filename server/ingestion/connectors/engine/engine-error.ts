import { AppError, type ErrorKind } from '../../../kernel/errors.ts'
import { LakeError } from '../../../store/index.ts'

/** What the engine's numbers mean when it speaks with a source. Its messages quote names and values: they go no further. */
const meanings: Record<number, [ErrorKind, string]> = {
  60: ['not_found', 'ingestion.object_unknown'],
  81: ['conflict', 'ingestion.database_unknown'],
  192: ['conflict', 'ingestion.source_password'],
  193: ['conflict', 'ingestion.source_password'],
  194: ['conflict', 'ingestion.source_password'],
  516: ['conflict', 'ingestion.source_password'],
  195: ['conflict', 'ingestion.source_refused'],
  497: ['conflict', 'ingestion.source_forbidden'],
  47: ['conflict', 'ingestion.column_gone'],
  159: ['unavailable', 'ingestion.source_slow'],
  202: ['unavailable', 'ingestion.source_busy'],
  209: ['unavailable', 'ingestion.source_unreachable'],
  210: ['unavailable', 'ingestion.source_unreachable'],
  279: ['unavailable', 'ingestion.source_unreachable'],
  519: ['unavailable', 'ingestion.source_unreachable'],
}

/** An error of the engine while it read a source, as one of ours. */
export function asEngineError(error: unknown): Error {
  if (!(error instanceof LakeError)) return error as Error
  const [kind, meaning] = meanings[error.code] ?? ['conflict', 'ingestion.source_error']
  return new AppError(kind, meaning, { params: { code: error.code, object: '', column: '' }, cause: error })
}
