// The rows of one table of a dump → CSV for the engine; a row that cannot be read goes to quarantine as it stands in the file.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { toCsvInput } from '../engine-input.ts'
import type { DescribedColumn, FileReading, PreparedRecords } from '../file-description.ts'
import { decodedTexts } from '../text/decoded-texts.ts'
import { RAW_LIMIT_BYTES } from '../text/file-dialect.ts'
import { toCsvLine } from '../to-csv-line.ts'
import { openQuarantine } from '../write-quarantine.ts'
import { readDump } from './read-dump.ts'

export interface PrepareDumpInput {
  path: string
  reading: FileReading & { format: 'sql' }
  columns: readonly DescribedColumn[]
  /** Folder for the CSV and the quarantine; the caller removes it when the load is done. */
  workFolder: string
  maxDefects?: number | undefined
  signal?: AbortSignal | undefined
}

const maxDefects = 100_000

/** @throws `file.too_many_defects` and what readDump throws */
export async function prepareDump(input: PrepareDumpInput): Promise<PreparedRecords> {
  const { reading, columns, workFolder, signal } = input
  const path = join(workFolder, 'records.csv')
  const quarantinePath = join(workFolder, 'quarantine.jsonl')
  const counts = { read: 0, written: 0, quarantined: 0, blank: 0 }
  const output = await open(path, 'w', 0o600)
  const quarantine = await openQuarantine(quarantinePath, input.maxDefects ?? maxDefects)
  /** Where each column stands in the rows that come now: statements may list them differently. */
  let places: number[] = []
  try {
    for await (const parts of readDump(decodedTexts({ ...reading, path: input.path }, signal), reading.kind, reading.table)) {
      let lines = ''
      for (const part of parts) {
        if (part.kind === 'table') {
          places = columns.map(({ path }, i) => (part.columns ? part.columns.indexOf(path![0]!) : i))
          continue
        }
        counts.read++
        if (part.kind === 'row') {
          counts.written++
          lines += toCsvLine(places.map((place) => part.texts[place] ?? ''))
        } else {
          counts.quarantined++
          const { reason, params, raw } = part
          const isRawCut = raw.length > RAW_LIMIT_BYTES
          quarantine.add({ line: counts.read, offset: 0, reason, params, raw: raw.slice(0, RAW_LIMIT_BYTES), isRawCut })
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
