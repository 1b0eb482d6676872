import { AppError } from '../../kernel/errors.ts'
import { isDatabaseAway, LakeError } from '../../store/index.ts'
import { isUnreadableFile } from './unreadable-file.ts'
import { LoadFailure } from './load-failure.ts'
import type { Outcome } from './load-object.ts'

export interface Failure {
  code: string
  params: Record<string, string | number>
  numbers: Partial<Outcome>
  differing: string[]
  /** A quarantine that stays in the lake. */
  quarantineTable: string | null
  /** Another try may succeed: the source or the engine was away. */
  isPassing: boolean
}

const sourceLost = { code: 'ingestion.source_lost', isPassing: true }

/** What the engine's numbers mean. Its messages may quote values of records: they go no further. */
const engineCodes: Record<number, { code: string; isPassing: boolean }> = {
  159: { code: 'ingestion.too_slow', isPassing: false },
  241: { code: 'ingestion.engine_memory', isPassing: true },
  243: { code: 'ingestion.disk_full', isPassing: false },
  202: { code: 'ingestion.engine_busy', isPassing: true },
  // Connections to PostgreSQL and MySQL that could not be made, or broke.
  614: sourceLost,
  279: sourceLost,
  1000: sourceLost,
  1001: sourceLost,
  1002: sourceLost,
  209: sourceLost,
  210: sourceLost,
  519: sourceLost,
  516: { code: 'ingestion.source_password', isPassing: false },
}

/** What the operating system says, to the engine or while a file is rewritten for it. */
const diskFull = { code: 'ingestion.disk_full', isPassing: false }
const folderRefused = { code: 'ingestion.folder_refused', isPassing: false }
const systemCodes: Record<string, { code: string; isPassing: boolean }> = {
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  EROFS: folderRefused,
  EMFILE: { code: 'ingestion.engine_busy', isPassing: true },
  ENFILE: { code: 'ingestion.engine_busy', isPassing: true },
  EACCES: { code: 'ingestion.file_unreadable', isPassing: false },
  EPERM: { code: 'ingestion.file_unreadable', isPassing: false },
}

/** Only our own folders are made: a source's are only read. On a disk that is read-only Node's recursive mkdir says ENOENT. */
const explainSystem = (code: unknown, syscall?: unknown) =>
  syscall === 'mkdir' && /^(EACCES|ENOENT)$/.test(String(code)) ? folderRefused : systemCodes[String(code)]

/**
 * A source's server that dies in the middle of a row leaves fields that no parser takes: the engine then complains of the value,
 * under many numbers, and names its reader. Such a table is described and read again, which is right for one that was altered too.
 */
const isOfSource = (error: LakeError) => /While executing (PostgreSQL|MySQL)/.test(error.message)

/** Why a load failed, in words that may be shown. */
export function explainFailure(error: unknown): Failure {
  const nothing = { numbers: {}, differing: [], quarantineTable: null }
  if (error instanceof LoadFailure)
    return {
      code: error.code,
      params: error.details.params ?? {},
      numbers: error.numbers,
      differing: error.differing,
      quarantineTable: error.quarantineTable,
      isPassing: false,
    }
  if (error instanceof AppError)
    return { ...nothing, code: error.code, params: error.details.params ?? {}, isPassing: error.kind === 'unavailable' }
  if (error instanceof LakeError) {
    const otherwise = { code: isUnreadableFile(error) ? 'ingestion.unreadable_file' : 'ingestion.engine_error', isPassing: false }
    return {
      ...nothing,
      ...(explainSystem(error.system) ?? engineCodes[error.code] ?? (isOfSource(error) ? sourceLost : otherwise)),
      params: { code: error.code },
    }
  }
  const ofSystem = error instanceof Error && explainSystem((error as NodeJS.ErrnoException).code, (error as NodeJS.ErrnoException).syscall)
  if (ofSystem) return { ...nothing, ...ofSystem, params: {} }
  if (isDatabaseAway(error)) return { ...nothing, code: 'ingestion.database_away', params: {}, isPassing: true }
  return { ...nothing, code: 'ingestion.internal', params: {}, isPassing: false }
}
