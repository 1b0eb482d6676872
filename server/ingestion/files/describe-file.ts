import type { Encoding } from './text/decode-text.ts'
import { describeDump } from './dump/describe-dump.ts'
import { describeJson } from './describe-json.ts'
import { describeSheet } from './describe-sheet.ts'
import { describeTyped } from './describe-typed.ts'
import { describeText } from './text/describe-text.ts'
import type { FileDescription, FileReading, Measure, SheetDialect } from './file-description.ts'
import type { FileDialect } from './text/file-dialect.ts'
import { sniffFormat } from './sniff-format.ts'
import { describeXml } from './xml/describe-xml.ts'

export interface DescribeFileInput {
  /** Already resolved inside an allowed folder (resolve-allowed-path.ts). */
  path: string
  /** The name that the user gave; its ending decides between kinds of text. */
  fileName: string
  /** `ctx.lake.measure`. */
  measure: Measure
  /** What the steward has chosen; the rest is detected under that condition. */
  known?: {
    format?: FileReading['format']
    encoding?: Encoding
    dialect?: Partial<FileDialect>
    sheet?: Partial<SheetDialect>
    recordPath?: string
    table?: string
  }
}

/**
 * What a file holds: format, encoding, dialect, columns with guessed types, the first rows. Reads a sample, never the whole of a big file.
 * @throws `file.*` with what to do about it
 */
export async function describeFile({ path, fileName, measure, known = {} }: DescribeFileInput): Promise<FileDescription> {
  const format = known.format ?? (await sniffFormat(path, fileName))
  switch (format) {
    case 'xlsx':
      return describeSheet(path, known.sheet)
    case 'xml':
      return describeXml(path, known)
    case 'sql':
      return describeDump(path, known)
    case 'json':
      return describeJson(path, measure)
    case 'parquet':
    case 'avro':
    case 'orc':
      return describeTyped(path, format, measure)
    case 'csv':
      return describeText(path, known)
  }
}
