import { stat } from 'node:fs/promises'
import { selectCsv, selectJson, selectTyped } from './engine-input.ts'
import { typedFormats } from './describe-typed.ts'
import { prepareDump } from './dump/prepare-dump.ts'
import type { DescribedColumn, FileReading, PreparedFile, PreparedRecords } from './file-description.ts'
import { prepareSheet } from './prepare-sheet.ts'
import { prepareXml } from './xml/prepare-xml.ts'
import { type PrepareTextInput, prepareText } from './text/prepare-text.ts'

export interface PrepareFileInput extends Pick<PrepareTextInput, 'proof' | 'maxDefects' | 'signal'> {
  /** Already resolved inside an allowed folder. */
  path: string
  /** From the description, with the steward's changes. */
  reading: FileReading
  columns: readonly DescribedColumn[]
  /** An empty folder of this load; the caller removes it when the load is done. */
  workFolder: string
}

/**
 * Any file → a SELECT that the engine runs on bytes it can trust, with the broken records set aside and counted.
 * No row passes through JavaScript as an object, but for workbooks.
 * @throws `file.too_many_defects` `file.dialect_invalid` `file.undecodable` …
 */
export async function prepareFile(input: PrepareFileInput): Promise<PreparedFile> {
  const { path, reading, columns } = input
  switch (reading.format) {
    case 'csv':
      return withSelect(await prepareText({ ...input, ...reading, proof: await proofFor(input) }), columns)
    case 'xlsx':
      return withSelect(await prepareSheet({ ...input, sheet: reading.sheet }), columns)
    case 'xml':
      return withSelect(await prepareXml({ ...input, reading }), columns)
    case 'sql':
      return withSelect(await prepareDump({ ...input, reading }), columns)
    case 'json': {
      const select = selectJson(path, reading, columns)
      return { ...asItIs, input: { path, format: 'JSONEachRow', settings: select.settings }, select }
    }
    case 'parquet':
    case 'avro':
    case 'orc': {
      const format = typedFormats[reading.format]
      return { ...asItIs, input: { path, format, settings: {} }, select: selectTyped(path, format, columns) }
    }
  }
}

/** Below this size the full proof takes less than a tenth of a second. */
const LINES_FROM_BYTES = 2 ** 26

const proofFor = async ({ path, proof }: PrepareFileInput) =>
  proof === 'lines' && (await stat(path)).size >= LINES_FROM_BYTES ? 'lines' : 'records'

const asItIs = {
  isUntouched: true,
  proof: 'characters',
  counts: null,
  reasons: {},
  firstDefects: [],
} as const satisfies Partial<PreparedFile>

const withSelect = (records: PreparedRecords, columns: readonly DescribedColumn[]): PreparedFile => ({
  ...records,
  select: selectCsv(records.input, columns),
})
