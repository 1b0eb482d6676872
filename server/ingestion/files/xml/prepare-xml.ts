// The records of an XML file → CSV for the engine; a record that cannot be read goes to quarantine as it stands in the file.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { toCsvInput } from '../engine-input.ts'
import type { DescribedColumn, FileReading, PreparedRecords } from '../file-description.ts'
import { decodedTexts } from '../text/decoded-texts.ts'
import { type Defect, RAW_LIMIT_BYTES } from '../text/file-dialect.ts'
import { toCsvLine } from '../to-csv-line.ts'
import { openQuarantine } from '../write-quarantine.ts'
import { type BrokenRecord, isBroken, readRecords } from './read-records.ts'
import { textAt } from './text-at.ts'

export interface PrepareXmlInput {
  path: string
  reading: FileReading & { format: 'xml' }
  columns: readonly DescribedColumn[]
  /** Folder for the CSV and the quarantine; the caller removes it when the load is done. */
  workFolder: string
  maxDefects?: number | undefined
  signal?: AbortSignal | undefined
}

const maxDefects = 100_000

/** @throws `file.too_many_defects` and what readRecords throws */
export async function prepareXml(input: PrepareXmlInput): Promise<PreparedRecords> {
  const { reading, columns, workFolder, signal } = input
  const path = join(workFolder, 'records.csv')
  const quarantinePath = join(workFolder, 'quarantine.jsonl')
  const counts = { read: 0, written: 0, quarantined: 0, blank: 0 }
  const names = columns.map(({ name, path }) => path?.[0] ?? name)
  const output = await open(path, 'w', 0o600)
  const quarantine = await openQuarantine(quarantinePath, input.maxDefects ?? maxDefects)
  try {
    for await (const found of readRecords(decodedTexts({ ...reading, path: input.path }, signal), reading.recordPath)) {
      let lines = ''
      for (const record of found) {
        counts.read++
        if (isBroken(record)) {
          counts.quarantined++
          quarantine.add(toDefect(record, counts.read))
        } else {
          counts.written++
          lines += toCsvLine(names.map((name) => textAt(record, name) ?? ''))
        }
      }
      await output.appendFile(lines)
      await quarantine.flush()
    }
    return {
      input: toCsvInput(path, { delimiter: ',', quote: '"', columnCount: columns.length }, 0),
      isUntouched: false,
      proof: 'records',
      counts,
      ...(counts.quarantined > 0 && { quarantinePath }),
      reasons: quarantine.reasons,
      firstDefects: quarantine.firstDefects,
    }
  } finally {
    await output.close()
    await quarantine.close()
  }
}

/** Its place is the number of the record: a document may stand on one line. */
export const toDefect = ({ reason, raw }: BrokenRecord, number: number): Defect => ({
  line: number,
  offset: 0,
  reason,
  raw: raw.slice(0, RAW_LIMIT_BYTES),
  isRawCut: raw.length > RAW_LIMIT_BYTES,
})
