import { stat } from 'node:fs/promises'
import { invalid } from '../../../kernel/errors.ts'
import { toColumnNames } from '../detect-header.ts'
import { type DescribedColumn, type FileDescription, PREVIEW_ROWS, SAMPLE_ROWS } from '../file-description.ts'
import { guessColumn } from '../guess-type.ts'
import type { Encoding } from '../text/decode-text.ts'
import { detectEncoding } from '../text/detect-encoding.ts'
import { decodedTexts, type EncodedFile } from '../text/decoded-texts.ts'
import type { Defect } from '../text/file-dialect.ts'
import type { XmlValues } from './parse-records.ts'
import { toDefect } from '../rewrite-as-csv.ts'
import { isBroken, readRecords } from './read-records.ts'
import { findRecordPath } from './record-path.ts'
import { textAt } from './text-at.ts'

/** Elements that first appear beyond are not offered as columns. */
const surveyedCharacters = 2 ** 23
const headCharacters = 2 ** 21
const maxColumns = 10_000

/** `known.recordPath`: names from the root down, with slashes. @throws `file.xml_no_records` `file.xml_dtd` `file.too_many_columns` … */
export async function describeXml(path: string, known: { encoding?: Encoding; recordPath?: string } = {}): Promise<FileDescription> {
  const detected = await detectEncoding(path, known.encoding)
  const source = { path, encoding: detected.encoding, markBytes: detected.markBytes }
  const recordPath = known.recordPath?.split('/').filter((name) => name !== '') ?? []
  if (recordPath.length === 0) recordPath.push(...(findRecordPath(await headOf(source)) ?? []))
  if (recordPath.length === 0) throw invalid('file.xml_no_records')
  const { rows, names, count, defects, isWhole, characters } = await survey(source, recordPath)
  if (count === 0) throw invalid('file.xml_no_records')
  if (names.length > maxColumns) throw invalid('file.too_many_columns', { found: names.length, limit: maxColumns })
  const size = (await stat(path)).size
  const shown = toColumnNames(names, names.length)
  return {
    reading: { format: 'xml', encoding: detected.encoding, markBytes: detected.markBytes, recordPath },
    columns: names.map(
      (name, i): DescribedColumn => ({
        name: shown[i]!,
        path: [name],
        ...guessColumn(
          name,
          rows.map((values) => textAt(values, name)),
        ),
      }),
    ),
    previewRows: rows.slice(0, PREVIEW_ROWS).map((values) => names.map((name) => textAt(values, name))),
    estimatedRows: isWhole ? count : Math.round((count * size) / Math.max(1, characters)),
    isRowCountExact: isWhole,
    confidence: 0.9,
    reasons: [...detected.reasons, { code: 'file.reason.xml_records_at', params: { path: recordPath.join('/') } }],
    defects,
  }
}

async function headOf(source: EncodedFile): Promise<string> {
  let head = ''
  for await (const text of decodedTexts(source)) {
    head += text
    if (head.length >= headCharacters) break
  }
  return head
}

/** Every name within the first part of the file, the first records, and what is broken among them. */
async function survey(source: EncodedFile, recordPath: readonly string[]) {
  const rows: XmlValues[] = []
  const names = new Set<string>()
  const defects: Defect[] = []
  let [count, characters, isWhole] = [0, 0, true]
  const texts = async function* () {
    for await (const text of decodedTexts(source)) {
      characters += text.length
      yield text
    }
  }
  for await (const found of readRecords(texts(), recordPath)) {
    for (const record of found) {
      count++
      if (isBroken(record)) defects.push(toDefect(record, count))
      else {
        for (const name of record.keys()) names.add(name)
        if (rows.length < SAMPLE_ROWS) rows.push(record)
      }
    }
    isWhole = characters < surveyedCharacters
    if (!isWhole) break
  }
  return { rows, names: [...names], count, defects: defects.slice(0, 100), isWhole, characters }
}
