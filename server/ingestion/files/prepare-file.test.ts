import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { writeTemporary } from '#testing/build-xlsx.ts'
import { type Lake, openLake } from '../../store/index.ts'
import type { DescribedColumn, FileReading } from './file-description.ts'
import { prepareFile } from './prepare-file.ts'

let folder = ''
let lake: Lake
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datong-prepare-'))
  lake = await openLake({ dir: join(folder, 'lake') })
})
after(async () => {
  await lake.close()
  await rm(folder, { recursive: true, force: true })
})

const columns = ['甲', '乙', '丙'].map(
  (name) => ({ name, guessedType: 'C', maxLength: 0, nulls: 0, missingMarks: [], sampleValues: [] }) satisfies DescribedColumn,
)
const reading = (delimiter: string, quote: '"' | null): FileReading => ({
  format: 'csv',
  encoding: 'utf-8',
  markBytes: 0,
  dialect: {
    delimiter,
    quote,
    newline: 'lf',
    headerLine: null,
    headerInComment: false,
    dataLine: 1,
    trailingDelimiter: false,
    columnCount: 3,
  },
})

/** Values by the plainest reader there could be, for output that the scanner has passed. */
function readPlainly(text: string, delimiter: string, quote: '"' | null): string[][] {
  const rows: string[][] = []
  let at = 0
  while (at < text.length) {
    const row: string[] = []
    for (;;) {
      let value = ''
      if (quote && text[at] === quote) {
        for (at++; ; at++) {
          if (text[at] !== quote) value += text[at]
          else if (text[at + 1] === quote) value += text[++at]
          else break
        }
        at++
      } else
        while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && !(text[at] === '\r' && text[at + 1] === '\n'))
          value += text[at++]
      row.push(value)
      if (text[at] === delimiter) at++
      else break
    }
    at += text[at] === '\r' ? 2 : 1
    rows.push(row)
  }
  return rows
}

test('whatever is in a file, the engine takes every record that was passed, and reads in it what stands there', async () => {
  const unit = fc.constantFrom('a', '厦', ' ', '"', '""', ',', ',', '|', '\t', '\n', '\n', '\r\n', '\r', "'", '\\', '\\N', '\0', '\ufeff')
  const row = fc.constantFrom('1,2,3\n', '"x","y\ny","z"\r\n', '1|2|3\n', '1\t2\t3\n')
  const source = fc.array(fc.oneof(row, fc.string({ unit, maxLength: 10 })), { maxLength: 10 }).map((pieces) => pieces.join(''))
  await fc.assert(
    fc.asyncProperty(source, fc.constantFrom(',', '|', '\t'), fc.constantFrom('"' as const, null), async (text, delimiter, quote) => {
      const path = await writeTemporary(Buffer.from(text), 'x.csv')
      const workFolder = await mkdtemp(join(folder, 'work-'))
      const { counts, select, input } = await prepareFile({ path, reading: reading(delimiter, quote), columns, workFolder })
      const rows = await lake.measure<Record<string, string>>(
        `SELECT * FROM (${select.sql})`,
        { ...select.parameters },
        { settings: select.settings },
      )
      assert.equal(rows.length, counts!.written)
      // `\N`, unquoted, is the one text that the engine takes for "no value".
      const expected = readPlainly(await readFile(input.path, 'utf8'), delimiter, quote).slice(0, rows.length)
      const bare = (list: string[][]) => list.map((values) => values.map((value) => (value === '\\N' ? '' : value)))
      assert.deepEqual(bare(rows.map((one) => Object.values(one))), bare(expected))
    }),
    { numRuns: 300 },
  )
})

test('a big file whose lines were only counted is refused by the engine where its fields are wrong, and repaired by the full proof', async () => {
  const path = await writeTemporary(Buffer.from(`${'11,22,33\n'.repeat(7_500_000)}1,2\n4,5,6\n`), 'big.csv')
  const prepare = async (proof: 'lines' | 'records') =>
    prepareFile({ path, reading: reading(',', '"'), columns, workFolder: await mkdtemp(join(folder, 'work-')), proof })
  // A bare count() reads no field: it would count the broken lines too.
  const count = async ({ select }: Awaited<ReturnType<typeof prepare>>) =>
    Number(
      (
        await lake.measure<{ n: string }>(
          `SELECT countIf(cityHash64(*) >= 0) AS n FROM (${select.sql})`,
          { ...select.parameters },
          { settings: select.settings },
        )
      )[0]!.n,
    )
  const quick = await prepare('lines')
  assert.equal(quick.proof, 'lines')
  await assert.rejects(count(quick), { code: 27 })
  const full = await prepare('records')
  assert.deepEqual([full.counts!.read, full.counts!.quarantined, await count(full)], [quick.counts!.read, 1, full.counts!.written])
})
