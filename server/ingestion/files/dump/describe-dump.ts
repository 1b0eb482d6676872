import { stat } from 'node:fs/promises'
import { invalid } from '../../../kernel/errors.ts'
import { toColumnNames } from '../detect-header.ts'
import { type FileDescription, PREVIEW_ROWS, SAMPLE_ROWS } from '../file-description.ts'
import { guessColumn } from '../guess-type.ts'
import type { Encoding } from '../text/decode-text.ts'
import { decodedTexts, type EncodedFile } from '../text/decoded-texts.ts'
import { detectEncoding } from '../text/detect-encoding.ts'
import { readDump } from './read-dump.ts'
import type { DumpKind } from './sql-texts.ts'

/** Tables that first appear beyond are offered only by their name. */
const surveyedCharacters = 2 ** 25

interface Table {
  columns: string[]
  comments: ReadonlyMap<string, string>
  rows: (string | null)[][]
  count: number
}

/** `known.table`: which of the tables; without it the one with the most rows. @throws `file.sql_no_rows` and what readDump throws */
export async function describeDump(path: string, known: { encoding?: Encoding; table?: string } = {}): Promise<FileDescription> {
  const detected = await detectEncoding(path, known.encoding)
  const source = { path, encoding: detected.encoding, markBytes: detected.markBytes }
  const kind = await kindOf(source)
  const { tables, characters, isWhole } = await survey(source, kind)
  const table = known.table || [...tables].sort(([, one], [, other]) => other.count - one.count)[0]?.[0]
  const found = table === undefined ? undefined : (tables.get(table) ?? (await survey(source, kind, table)).tables.get(table))
  if (table === undefined || !found || found.columns.length === 0) throw invalid('file.sql_no_rows')
  const names = toColumnNames(found.columns, found.columns.length)
  const size = (await stat(path)).size
  return {
    reading: { format: 'sql', encoding: detected.encoding, markBytes: detected.markBytes, kind, table },
    sheets: [...tables.keys()].map((name) => ({ name, state: 'visible' })),
    columns: names.map((name, i) => ({
      name,
      path: [found.columns[i]!],
      comment: found.comments.get(found.columns[i]!) ?? '',
      ...guessColumn(
        name,
        found.rows.map((row) => row[i] ?? null),
      ),
    })),
    previewRows: found.rows.slice(0, PREVIEW_ROWS),
    estimatedRows: isWhole ? found.count : Math.round((found.count * size) / Math.max(1, characters)),
    isRowCountExact: isWhole,
    confidence: 0.95,
    reasons: [...detected.reasons, { code: 'file.reason.sql_table', params: { table } }],
    defects: [],
  }
}

async function kindOf(source: EncodedFile): Promise<DumpKind> {
  for await (const head of decodedTexts(source))
    return /PostgreSQL database dump|standard_conforming_strings|^COPY .* FROM stdin/m.test(head) ? 'postgresql' : 'mysql'
  throw invalid('file.empty')
}

/** The tables of the first part of the file; with a `table`, of as much as it takes to see that one. */
async function survey(source: EncodedFile, kind: DumpKind, table?: string) {
  const tables = new Map<string, Table>()
  let [characters, isWhole] = [0, true]
  const texts = async function* () {
    for await (const text of decodedTexts(source)) {
      characters += text.length
      yield text
    }
  }
  let current: Table | undefined
  for await (const parts of readDump(texts(), kind, table)) {
    for (const part of parts) {
      if (part.kind === 'table') {
        current = tables.get(part.name) ?? { columns: part.columns ?? [], comments: part.comments, rows: [], count: 0 }
        tables.set(part.name, current)
      } else current!.count++
      if (part.kind !== 'row') continue
      if (current!.columns.length === 0) current!.columns = part.texts.map((_, i) => `列${i + 1}`)
      if (current!.rows.length < SAMPLE_ROWS) current!.rows.push(part.texts)
    }
    isWhole = table === undefined ? characters < surveyedCharacters : (current?.rows.length ?? 0) < SAMPLE_ROWS
    if (!isWhole) break
  }
  return { tables, characters, isWhole: isWhole && table === undefined }
}
