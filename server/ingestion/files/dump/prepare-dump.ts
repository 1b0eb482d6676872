// The rows of one table of a dump → CSV for the engine; a row that cannot be read goes to quarantine as it stands in the file.
import type { DescribedColumn, FileReading, PreparedRecords } from '../file-description.ts'
import { type Rewriting, rewriteAsCsv } from '../rewrite-as-csv.ts'
import { decodedTexts } from '../text/decoded-texts.ts'
import { readDump } from './read-dump.ts'

export interface PrepareDumpInput extends Rewriting {
  path: string
  reading: FileReading & { format: 'sql' }
  columns: readonly DescribedColumn[]
}

/** @throws `file.too_many_defects` and what readDump throws */
export function prepareDump(input: PrepareDumpInput): Promise<PreparedRecords> {
  const { path, reading, columns, signal } = input
  return rewriteAsCsv(input, columns.length, async (sink) => {
    /** Where each column stands in the rows that come now: statements may list them differently. */
    let places: number[] = []
    for await (const parts of readDump(decodedTexts({ ...reading, path }, signal), reading.kind, reading.table)) {
      for (const part of parts)
        if (part.kind === 'table') places = columns.map(({ path }, i) => (part.columns ? part.columns.indexOf(path![0]!) : i))
        else if (part.kind === 'row') sink.keep(places.map((place) => part.texts[place] ?? ''))
        else sink.setAside(part)
      await sink.flush()
    }
  })
}
