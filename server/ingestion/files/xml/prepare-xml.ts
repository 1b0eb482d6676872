// The records of an XML file → CSV for the engine; a record that cannot be read goes to quarantine as it stands in the file.
import type { DescribedColumn, FileReading, PreparedRecords } from '../file-description.ts'
import { type Rewriting, rewriteAsCsv } from '../rewrite-as-csv.ts'
import { decodedTexts } from '../text/decoded-texts.ts'
import { isBroken, readRecords } from './read-records.ts'
import { textAt } from './text-at.ts'

export interface PrepareXmlInput extends Rewriting {
  path: string
  reading: FileReading & { format: 'xml' }
  columns: readonly DescribedColumn[]
}

/** @throws `file.too_many_defects` and what readRecords throws */
export function prepareXml(input: PrepareXmlInput): Promise<PreparedRecords> {
  const { path, reading, columns, signal } = input
  const names = columns.map(({ name, path }) => path?.[0] ?? name)
  return rewriteAsCsv(input, columns.length, async (sink) => {
    for await (const found of readRecords(decodedTexts({ ...reading, path }, signal), reading.recordPath)) {
      for (const record of found)
        if (isBroken(record)) sink.setAside(record)
        else sink.keep(names.map((name) => textAt(record, name) ?? ''))
      await sink.flush()
    }
  })
}
