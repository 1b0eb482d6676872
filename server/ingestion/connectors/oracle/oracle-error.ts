import { AppError, type ErrorKind } from '../../../kernel/errors.ts'
import { asSourceError } from '../source-error.ts'

/** ORA: of the server; NJS: of the driver. */
const meanings: [RegExp, ErrorKind, string][] = [
  [/^ORA-01017$/, 'conflict', 'ingestion.source_password'],
  [/^ORA-(28000|28001|01045)$/, 'conflict', 'ingestion.source_refused'],
  [/^(ORA-12514|ORA-12505|NJS-518|NJS-519)$/, 'conflict', 'ingestion.database_unknown'],
  [/^ORA-(01031|41900)$/, 'conflict', 'ingestion.source_forbidden'],
  [/^ORA-00942$/, 'not_found', 'ingestion.object_unknown'],
  [/^ORA-00904$/, 'conflict', 'ingestion.column_gone'],
  [/^(ORA-01013|NJS-123)$/, 'unavailable', 'ingestion.source_slow'],
  [/^ORA-(00018|00020|12519|12520)$/, 'unavailable', 'ingestion.source_busy'],
  [/^(ORA-0311[34]|ORA-12537|NJS-003|NJS-500|NJS-501|NJS-521)$/, 'unavailable', 'ingestion.source_lost'],
  [/^NJS-(503|510|511|530)$/, 'unavailable', 'ingestion.source_unreachable'],
  [/^(NJS-53[123]|ORA-12660)$/, 'conflict', 'ingestion.source_encryption'],
  [/^NJS-138$/, 'conflict', 'ingestion.server_too_old'],
]

/** An error of `oracledb` as one of ours. The server's message may hold data or names: it is not passed on. */
export function asOracleError(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const found = meanings.find(([pattern]) => pattern.test(code))
  if (!found) return asSourceError(error)
  return new AppError(found[1], found[2], { params: { code, object: '', column: '' }, cause: error })
}
