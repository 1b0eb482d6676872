import { ClickHouseError } from '@clickhouse/client'

/**
 * An error of either engine. `code` is ClickHouse's number (60 unknown table, 159 time limit, 202 too many at once, 241 memory limit,
 * 394 cancelled, 76 folder in use …) or 0 when no engine spoke (network); `name` is ClickHouse's word for it. `message` may quote values
 * of records: log it where records may be logged, and never show it to a caller.
 */
export class LakeError extends Error {
  code: number
  constructor(code: number, name: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.name = name
  }
  /** What the operating system refused the engine, by its word: EMFILE, EACCES, ENOSPC … */
  get system(): string | undefined {
    const [, text] = /(?:, strerror: |filesystem error: in \w+: )(\w[\w -]*\w)/.exec(this.message) ?? []
    return text && systemWords[text]
  }
}

/** strerror's texts, which the engine gives with and without the number. */
const systemWords: Record<string, string> = {
  'No space left on device': 'ENOSPC',
  'Disk quota exceeded': 'EDQUOT',
  'Too many open files': 'EMFILE',
  'Too many open files in system': 'ENFILE',
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
  'Read-only file system': 'EROFS',
}

const engineMessage = /^(?:Code: (\d+)\. DB::\w*Exception: )+([\s\S]*?)\(([A-Z][A-Z0-9_]{2,})\)/

/** What no code of the engine's own made: the libraries in it that speak to other servers and to the disk. A server says it by HTTP without its word. */
const foreignMessage = /^(?:Poco::Exception|std::exception|Unknown exception)\. Code: (100[012]),/
const foreignNames: Record<string, string> = { 1000: 'POCO_EXCEPTION', 1001: 'STD_EXCEPTION', 1002: 'UNKNOWN_EXCEPTION' }

/** Wraps whatever an engine or its client threw. */
export function asLakeError(error: unknown): LakeError {
  if (error instanceof LakeError) return error
  if (error instanceof ClickHouseError) return new LakeError(Number(error.code), error.type ?? 'UNKNOWN', error.message.trim(), error)
  const message = error instanceof Error ? error.message : String(error)
  const [, code, text, name] = engineMessage.exec(message) ?? []
  if (code && text && name) return new LakeError(Number(code), name, text.trim(), error)
  const foreign = foreignMessage.exec(message)?.[1]
  if (foreign) return new LakeError(Number(foreign), foreignNames[foreign]!, message.trim(), error)
  return new LakeError(0, 'UNREACHABLE', message, error)
}
