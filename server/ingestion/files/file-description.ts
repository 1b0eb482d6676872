// What a steward is shown of a file before it is loaded, and what the load is told to do with it.
import type { EngineInput, EngineSelect } from './engine-input.ts'
import type { DumpKind } from './dump/sql-texts.ts'
import type { Encoding } from './text/decode-text.ts'
import type { Defect, DefectReason, FileDialect } from './text/file-dialect.ts'
import type { GuessedColumn } from './guess-type.ts'

/** Why something was detected as it was: a code of contract/messages/files.ts with its values. */
export interface Reason {
  code: string
  params?: Record<string, string | number>
}

export interface DescribedColumn extends GuessedColumn {
  name: string
  /** Keys from the record down to the value in JSON; in XML and dumps the name as it stands in the file. */
  path?: string[]
  /** The engine's type, for files that bring a schema. */
  engineType?: string
  /** What the file itself says of the column. */
  comment?: string
}

export interface SheetDialect {
  sheet: string
  /** Row numbers as Excel shows them; null where the sheet has no header. */
  headerRow: number | null
  dataRow: number
  columnCount: number
  includeHidden: boolean
  expandMerged: boolean
}

/** How the bytes are to be read: the part that a steward may override and a load keeps. */
export type FileReading =
  | { format: 'csv'; encoding: Encoding; markBytes: number; dialect: FileDialect }
  | { format: 'xlsx'; sheet: SheetDialect }
  /** `recordsAt`: the key of the one object whose array holds the records (`features`); null where the records stand on the top level. */
  | { format: 'json'; recordsAt: string | null; isGeoJson: boolean }
  /** `recordPath`: names from the root down to the element that is a record. */
  | { format: 'xml'; encoding: Encoding; markBytes: number; recordPath: string[] }
  /** One table of a dump. */
  | { format: 'sql'; encoding: Encoding; markBytes: number; kind: DumpKind; table: string }
  | { format: 'parquet' | 'avro' | 'orc' }

export interface FileDescription {
  reading: FileReading
  sheets?: { name: string; state: 'visible' | 'hidden' | 'veryHidden' }[]
  columns: DescribedColumn[]
  /** At most 100. */
  previewRows: (string | null)[][]
  estimatedRows: number
  isRowCountExact: boolean
  /** 0 to 1; below 0.5 a person should confirm. */
  confidence: number
  reasons: Reason[]
  /** Broken records within the sample. */
  defects: Defect[]
}

/** read = written + quarantined, always. Blank lines between records are no records. */
export interface RecordCounts {
  read: number
  written: number
  quarantined: number
  blank: number
}

export interface PreparedRecords {
  input: EngineInput
  /** The engine reads the source file itself. */
  isUntouched: boolean
  /** What has been proved: each record; characters and lines; characters only, where the engine knows the format (JSON, Parquet). */
  proof: 'records' | 'lines' | 'characters'
  /** Null where the engine counts. */
  counts: RecordCounts | null
  /** JSON lines of Defect; absent when nothing was quarantined. */
  quarantinePath?: string
  reasons: Partial<Record<DefectReason, number>>
  /** The first few, to be shown at once. */
  firstDefects: Defect[]
}

export interface PreparedFile extends PreparedRecords {
  /** Gives the described columns; run it as the source of INSERT … SELECT. */
  select: EngineSelect
}

/** `ctx.lake.measure`: asks the engine; parameters are values, never text of the statement. */
export type Measure = <Row>(
  sql: string,
  parameters?: Record<string, string | number>,
  limits?: { settings?: Record<string, string | number> },
) => Promise<Row[]>

export const PREVIEW_ROWS = 100
/** Rows from which types are guessed. */
export const SAMPLE_ROWS = 2000
