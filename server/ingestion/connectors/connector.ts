import type { SourceStructure } from '#contract/ingestion/drift.ts'
import type { FileDialect, ObjectDescription, Source, SourceObject } from '#contract/ingestion.ts'
import type { z } from 'zod'
import type { LakeType } from '../../kernel/lake-types.ts'
import type { LakeEngine } from '../../store/index.ts'
import type { Reason } from '../files/file-description.ts'
import type { SliceBounds } from '../slice/slice-bounds.ts'
import type { RawProfile } from './profile/profile-sql.ts'
import type { Arrival, ColumnPlan } from '../conversion/column-plan.ts'
import type { Narrow } from './narrow.ts'

export type SourceObjectInfo = z.infer<typeof SourceObject>
export type CheckResult = Omit<NonNullable<Source['check']>, 'at'>

/** Name of the digest, among the columns of a source's statement and in the lake: stands in no item's code. */
export const digestColumn = '#digest'

/** Name of the 64 bits that a source makes of a row in its own way, only to tell whether the row is the same at another time. */
export const hashColumn = '#hash'

/** Name of the number of rows, which a snapshot brings in one row of its own. */
export const countColumn = '#count'

/** Name of the checksum of a slice, which the row of the count brings; where the key does not say it, of what each row adds. */
export const markColumn = '#mark'

/** What the engine reads. */
export interface EngineInput {
  /** FROM clauses whose columns are `#0`, `#1` … in the order that was asked for; several are read side by side. */
  parts: string[]
  parameters: Record<string, string>
  settings: Record<string, string | number>
  /** Column with the number of each row; without it rows are numbered as they arrive. */
  row?: string
  /** The parts bring a column `#digest`: the MD5 in hex that the source made of the row. */
  hasDigest: boolean
  /** The parts bring a column `#hash`. */
  hasHash?: boolean
  /** The one part is one statement of the source, and brings its own count of rows: rows and count are of the same moment. */
  isSnapshot: boolean
  /** SQL over the columns of what a row adds to the checksum; the row of the count brings their sum as the source worked it out. */
  mark?: string
  /** Runs the statement of the engine that reads, with care for the source. `statement` says how many rows came. */
  run?: (statement: () => Promise<number>) => Promise<void>
  /** Rows are numbered from the next one on: slices of one object keep apart. */
  rowsBefore?: number
}

/** A source column as a load asks for it. */
export interface WantedColumn {
  column: string
  type: LakeType
  conversion: ColumnPlan['conversion']
  /** Texts that mean no value: where there are any, a value must arrive as text. */
  missing: readonly string[]
}

/** Only rows whose `column` is `from` or newer, or has no value. Values as the lake writes them (`renderSql`). */
export interface Since {
  column: string
  from: string
}

/** Rows by the texts of their keys, each in the order of `names`. */
export interface RowKeys {
  names: readonly string[]
  rows: readonly (readonly (string | null)[])[]
}

export interface InputOptions {
  withDigest: boolean
  asSnapshot: boolean
  slice?: SliceBounds
  /** A table that the load gives for rows which the engine cannot fetch itself. */
  landing?: string
  /** Each row brings its `#hash`, made with this number: what was hashed with another one is another row. */
  rowHash?: string
  /** Of the columns only those of the key are sent; the hash is of all. */
  onlyKeys?: boolean
}

/** One object of a source, opened for one load. */
export interface Reading {
  /** How each wanted column will arrive. */
  arrivals: Arrival[]
  /** `columns` in the order of the wanted ones. */
  input(columns: readonly ColumnPlan[], how: InputOptions): Promise<EngineInput>
  /** The rows of some keys as they are now; absent where the source cannot do it, or its log has the values itself. */
  byKeys?(columns: readonly ColumnPlan[], keys: RowKeys, how?: Partial<Pick<InputOptions, 'withDigest' | 'rowHash'>>): EngineInput
  /** Whether the source makes hashes of its rows, and finds a row by its key without reading the whole object. */
  hashesRows?(columns: readonly ColumnPlan[]): Promise<boolean>
  /** Some rows only, every column as text, for reading in place; absent where the source cannot do it. */
  narrowed?(columns: readonly ColumnPlan[], narrow: Narrow): EngineInput
  /** Parts of a big object, each of which can be read and proved on its own; none where it is better read in one go. */
  split?(): Promise<{ slices: SliceBounds[]; estimatedRows: number }>
  /** Whether rows may have left their slice since `split`, so that some are read twice or not at all. */
  hasShifted?(slices: readonly SliceBounds[]): Promise<boolean>
  /** Rows of the object now, counted by the source itself. */
  count(): Promise<number>
  /** Where it was opened with `since`: of the whole object, its rows and whether its newest value is older than `value`. */
  compareWhole?(value: string): Promise<{ rows: number; isOlder: boolean; newest: string | null }>
  /** Rows that are counted but never reach the engine: records that cannot be read as a row. */
  readonly unreadable: number
  /**
   * The engine could not read what had been looked at quickly: looks at every record, and sets the broken ones aside. False where that
   * was done already; afterwards `input`, `count` and `unreadable` are those of the good records.
   */
  proveAgain?(): Promise<boolean>
  /** Puts the unreadable ones into a quarantine table. */
  quarantineUnreadable?(lake: LakeEngine, table: string): Promise<void>
  close(): Promise<void>
}

/** A piece of an object that grows, as it was kept of the loads before. */
export interface SeenPiece {
  path: string
  /** Loaded, or known to be lost: it is not asked for again. */
  isDone: boolean
  /** What the object was that it was cut from. */
  origin: string | null
}

/** What is new in an object that grows. One that is `fresh` can be read by its path until the next one is asked for. */
export type FoundPiece = { path: string; origin: string | null } & (
  | { state: 'fresh'; rows: number; sizeBytes: number; modifiedAt: Date; sha256: string }
  /** The source no longer has it, and it was never loaded. */
  | { state: 'lost' }
  /** What lies before the beginning, and is not wanted. */
  | { state: 'begun' }
)

/** One kind of source. Every call opens and closes its own connection: nothing is held on a department's server between calls. */
/** Why it is read as it is, is told in the language of whoever asks. */
export type DescribedObject = Omit<ObjectDescription, 'reasons'> & { reasons: readonly Reason[] }

export interface Connector {
  check(): Promise<CheckResult>
  listObjects(most?: number): Promise<SourceObjectInfo[]>
  /** SHA-256 of a file's content; of sources that hold files. */
  hashObject?(object: string): Promise<string>
  /** Of objects that grow at their end, and have no files: what an append load adds. @throws conflict `ingestion.topic_anew` */
  newPieces?(object: string, seen: readonly SeenPiece[], signal: AbortSignal): AsyncIterable<FoundPiece>
  /** @throws not_found `ingestion.object_unknown` */
  describe(object: string, dialect: FileDialect | null): Promise<DescribedObject>
  /** The declared structure without content; left out where the description is all there is. @throws not_found `ingestion.object_unknown` */
  structure?(object: string, dialect: FileDialect | null): Promise<SourceStructure>
  /** What the values of a table look like, by bounded statements at the source; only of databases. */
  profile?(object: string): Promise<RawProfile>
  preview(object: string, dialect: FileDialect | null, limit: number): Promise<{ columns: string[]; rows: (string | null)[][] }>
  /** @throws conflict `ingestion.column_gone` where a wanted column is no longer there */
  openReading(
    object: string,
    dialect: FileDialect | null,
    wanted: readonly WantedColumn[],
    signal: AbortSignal,
    since?: Since,
  ): Promise<Reading>
}
