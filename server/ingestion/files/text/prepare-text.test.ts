import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { writeTemporary } from '#testing/build-xlsx.ts'
import type { Encoding } from './decode-text.ts'
import type { Defect, FileDialect } from './file-dialect.ts'
import { type PrepareTextInput, prepareText } from './prepare-text.ts'

const dialect = (changes: Partial<FileDialect> = {}): FileDialect => ({
  delimiter: ',',
  quote: '"',
  newline: 'lf',
  headerLine: null,
  headerInComment: false,
  dataLine: 1,
  trailingDelimiter: false,
  columnCount: 3,
  ...changes,
})

async function prepare(
  source: string | Buffer,
  changes: Partial<FileDialect> = {},
  options: Partial<PrepareTextInput> & { encoding?: Encoding } = {},
) {
  const path = await writeTemporary(Buffer.from(source), 'source.csv')
  const workFolder = await mkdtemp(join(tmpdir(), 'datong-work-'))
  const prepared = await prepareText({ path, encoding: 'utf-8', markBytes: 0, dialect: dialect(changes), workFolder, ...options })
  const bytes = await readFile(prepared.input.path)
  const quarantined = prepared.quarantinePath
    ? (await readFile(prepared.quarantinePath, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Defect)
    : []
  const counts = prepared.counts!
  assert.equal(counts.read, counts.written + counts.quarantined)
  assert.equal(quarantined.length, counts.quarantined)
  assert.equal(prepared.isUntouched, prepared.input.path === path)
  assert.equal(prepared.isUntouched || dirname(prepared.input.path) === workFolder, true)
  return {
    ...prepared,
    counts,
    text: bytes.toString(),
    quarantined,
    told: quarantined.map(({ line, offset, reason, raw }) => `${line} @${offset} ${reason} ${raw}`),
  }
}

test('a clean file is read as it is, with mark and banner skipped by the engine', async () => {
  const clean = await prepare('1,2,3\r\n"4,",""""," 6"\r\n,,')
  assert.equal(clean.isUntouched, true)
  assert.equal(clean.counts.written, 3)
  const headed = await prepare('\ufeff"标题\n两行",,\n甲,乙,丙\n1,2,3\n', { dataLine: 4 }, { markBytes: 3 })
  assert.equal(headed.isUntouched, true)
  assert.equal(headed.input.settings.input_format_csv_skip_first_lines, 2)
})

test('what the engine would misread is rewritten: a mark before data, two marks, lone CRs, another encoding, blank lines', async () => {
  const marked = await prepare('\ufeff1,2,3\n', {}, { markBytes: 3 })
  assert.deepEqual([marked.isUntouched, marked.text], [false, '1,2,3\n'])
  const returns = await prepare('1,2,3\r4,5,6\r', { newline: 'cr' })
  assert.deepEqual([returns.isUntouched, returns.text], [false, '1,2,3\n4,5,6\n'])
  const mixed = await prepare('1,2,3\r4,5,6\r\n7,8,9\n', { newline: 'mixed' })
  assert.deepEqual([mixed.isUntouched, mixed.text], [false, '1,2,3\n4,5,6\r\n7,8,9\n'])
  const blank = await prepare('1,2,3\n\n  \n4,5,6\n\n')
  assert.deepEqual([blank.isUntouched, blank.text, blank.counts.blank, blank.counts.quarantined], [false, '1,2,3\n4,5,6\n', 2, 0])
  assert.equal((await prepare('1,2,3\n\n\n')).isUntouched, true)
})

test('every broken record is cut out alone, with its line, offset, reason and text', async () => {
  const lines = ['1,a,b', '2,a', '3,"a"x,b', '4,a,b,c', '5,"open,b', '6,a,b', '7,"x","y\ny"', '8,a\0,b', '9,5" pipe,b']
  const { told, text } = await prepare(`${lines.join('\n')}\n`)
  assert.deepEqual(told, [
    '2 @6 ragged 2,a',
    '3 @10 text_after_quote 3,"a"x,b',
    '4 @19 ragged 4,a,b,c',
    '5 @27 text_after_quote 5,"open,b',
    '9 @58 nul 8,a\0,b',
  ])
  assert.equal(text, '1,a,b\n6,a,b\n7,"x","y\ny"\n9,5" pipe,b\n')
})

test('a quote that never closes costs its own line, not the rows behind it', async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `${i},厦门,x`)
  rows[100] = '100,"厦门,x'
  const { counts, told } = await prepare(rows.join('\n'))
  assert.deepEqual(counts, { read: 50_000, written: 49_999, quarantined: 1, blank: 0 })
  assert.match(told[0]!, /^101 @\d+ unbalanced_quote 100,"厦门,x$/)
})

test('two stray quotes do not merge the rows between them in silence', async () => {
  const { told, counts } = await prepare('1,a,b\n2,"a,b\n3,a,b\n4,a",b\n5,a,b\n')
  assert.deepEqual(told, ['2 @6 suspected_merge 2,"a,b\n3,a,b\n4,a",b'])
  assert.equal(counts.written, 2)
})

test('bytes that are no characters are named by their offset in the source, in every encoding', async () => {
  const utf8 = await prepare(Buffer.concat([Buffer.from('1,厦,x\n2,'), Buffer.from('e58e', 'hex'), Buffer.from(',x\n3,门,x\n')]))
  assert.deepEqual(utf8.told, ['2 @10 bad_bytes 2,\\xE5\\x8E,x'])
  assert.equal(utf8.text, '1,厦,x\n3,门,x\n')
  const gb = await prepare(
    Buffer.concat([
      iconv.encode('1,𠮷,x\n2,', 'gb18030'),
      Buffer.from('9532', 'hex'),
      iconv.encode(',x\n3,门,x\n4,厦', 'gb18030'),
      Buffer.from('c3', 'hex'),
    ]),
    {},
    { encoding: 'gb18030' },
  )
  assert.deepEqual(
    gb.quarantined.map(({ line, offset, reason, params }) => [line, offset, reason, params]),
    [
      [2, 11, 'bad_bytes', { bytes: '95 32 2C 78' }],
      [4, 27, 'bad_bytes', { bytes: 'C3' }],
    ],
  )
  assert.equal(gb.text, '1,𠮷,x\n3,门,x\n')
  const wide = await prepare(
    Buffer.concat([iconv.encode('1,厦,x\n2,', 'utf-16le'), Buffer.from('42d8', 'hex'), iconv.encode(',x\n3,Ċ,x\n', 'utf-16le')]),
    {},
    { encoding: 'utf-16le' },
  )
  assert.deepEqual(
    wide.quarantined.map(({ line, offset, reason }) => [line, offset, reason]),
    [[2, 16, 'bad_bytes']],
  )
  assert.equal(wide.text, '1,厦,x\n3,Ċ,x\n')
})

test('offsets stay right in records behind others, also after transcoding', async () => {
  const gb = await prepare(iconv.encode('1,厦门,x\n2,厦门\n3,"厦\n门",x\n4,厦门\n', 'gb18030'), {}, { encoding: 'gb18030' })
  assert.deepEqual(gb.told, ['2 @9 ragged 2,厦门', '5 @28 ragged 4,厦门'])
})

test('a delimiter whose byte is part of a GB18030 character does not split it', async () => {
  const source = iconv.encode('1|倈|x\n', 'gb18030')
  assert.ok(source.filter((byte) => byte === 0x7c).length > 2, 'the character holds the byte of |')
  const { text, counts } = await prepare(source, { delimiter: '|' }, { encoding: 'gb18030' })
  assert.deepEqual([text, counts.written], ['1|倈|x\n', 1])
})

test('a line beyond the limit is cut out with bounded memory, the next one is read', async () => {
  const long = `2,${'长'.repeat(2_000_000)},x`
  const { told, quarantined, text } = await prepare(`1,a,b\n${long}\n3,a,b\n`, {}, { maxRecordBytes: 2 ** 21 })
  assert.equal(text, '1,a,b\n3,a,b\n')
  assert.match(told[0]!, /^2 @6 line_too_long 2,长/)
  assert.deepEqual([quarantined[0]!.isRawCut, quarantined[0]!.raw.length < 70_000], [true, true])
})

test('trailing delimiters are taken where the dialect says so, and only when nothing stands behind them', async () => {
  const { told, isUntouched, counts } = await prepare('1,2,3,\r\n4,5,6\r\n7,8,9,\r\n', { trailingDelimiter: true })
  assert.deepEqual([told, isUntouched, counts.written], [[], true, 3])
  assert.deepEqual((await prepare('1,2,3,x\n4,5,6,\n', { trailingDelimiter: true })).told, ['1 @0 ragged 1,2,3,x'])
})

test('in a file of one column an empty line is a value', async () => {
  const { counts, isUntouched } = await prepare('a\n\nb\n', { columnCount: 1 })
  assert.deepEqual([counts.written, isUntouched], [3, true])
})

test('ten thousand columns are no problem, a wrong dialect is one', async () => {
  const wide = `${Array.from({ length: 10_000 }, (_, i) => i).join(',')}\n`
  assert.equal((await prepare(wide.repeat(20), { columnCount: 10_000 })).counts.written, 20)
  await assert.rejects(prepare('a;b;c\n'.repeat(2000), {}, { maxDefects: 1000 }), {
    code: 'file.too_many_defects',
    details: { params: { limit: 1000, line: 1001 } },
  })
})

test('well-formed tables lose nothing, whatever is in them: an independent parser sees the same rows', async () => {
  const value = fc.string({ unit: fc.constantFrom('a', '厦', '𠮷', ' ', '"', ',', '\n', '\r\n', ';', '|'), maxLength: 6 })
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }))
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom<Encoding>('utf-8', 'gb18030', 'utf-16le', 'utf-16be'),
      fc.constantFrom('\n', '\r\n'),
      async (rows, encoding, end) => {
        const source = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join(end)
        const { text, counts } = await prepare(
          iconv.encode(source, encoding, { addBOM: false }),
          { columnCount: rows[0]!.length },
          { encoding },
        )
        // A field that looks like whole rows is held back on suspicion; nothing may vanish.
        const parsed = parse(text, { record_delimiter: ['\r\n', '\n'] })
        assert.equal(counts.read, rows.length)
        assert.equal(parsed.length, counts.written)
        if (counts.quarantined === 0) assert.deepEqual(parsed, rows)
      },
    ),
    { numRuns: 150 },
  )
})

test('damage anywhere never merges, doubles or loses a line', async () => {
  const lines = Array.from({ length: 30 }, (_, i) => `${i},"厦门, ${i}",x`)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(29), fc.nat(14), fc.constantFrom('"', ',', '\0', '\r', 'x"', '"",')), { minLength: 1, maxLength: 4 }),
      async (damages) => {
        const damaged = [...lines]
        for (const [line, at, what] of damages) damaged[line] = damaged[line]!.slice(0, at) + what + damaged[line]!.slice(at)
        const { text, quarantined } = await prepare(`${damaged.join('\n')}\n`)
        // One CR is the line's end, of what goes to quarantine and of what the oracle splits; more of them are the damage.
        const ends = (list: string[]) => list.map((line) => line.replace(/\r+$/, '')).sort()
        assert.deepEqual(ends([...text.split('\n').slice(0, -1), ...quarantined.flatMap(({ raw }) => raw.split('\n'))]), ends(damaged))
      },
    ),
    { numRuns: 300 },
  )
})

test('counting lines comes to the same records, or leaves the file to the scanner', async () => {
  const value = fc.string({ unit: fc.constantFrom('a', '厦', '"', ',', '\n', '\r\n'), maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }), fc.constantFrom('', '\n'), async (rows, end) => {
      const source = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n') + end
      const byLines = await prepare(source, { columnCount: 2 }, { proof: 'lines' })
      assert.equal(byLines.counts.read, rows.length)
      assert.equal(byLines.proof, rows.flat().some((cell) => cell.includes('\n')) ? 'records' : 'lines')
    }),
    { numRuns: 200 },
  )
  assert.equal((await prepare('1,2,3\n\n4,5,6\n', {}, { proof: 'lines' })).counts.blank, 1)
  assert.equal((await prepare('1,2,3\n4,\0,6\n', {}, { proof: 'lines' })).counts.quarantined, 1)
})

test('a dialect that cannot be is refused', async () => {
  const wrong: Partial<FileDialect>[] = [
    { delimiter: 'ab' },
    { delimiter: '\n' },
    { delimiter: '5' },
    { delimiter: '，' },
    { delimiter: '"' },
    { dataLine: 0 },
    { headerLine: 2 },
    { columnCount: 1.5 },
  ]
  for (const changes of wrong) await assert.rejects(prepare('1,2,3\n', changes), { code: 'file.dialect_invalid' }, JSON.stringify(changes))
})

test('where the chunks are cut makes no difference', async () => {
  const piece = fc.constantFrom('1,厦,x', '"a\n𠮷","b",c', '"open,b,c', '"a"x,b,c', 'a,b', '', '\0,b,c', 'a,b,"c""d"', '"长', ' ')
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      fc.constantFrom<Encoding>('utf-8', 'gb18030', 'utf-16le'),
      fc.integer({ min: 8, max: 60 }),
      async (pieces, encoding, half) => {
        const source = iconv.encode(pieces.join('\n'), encoding, { addBOM: false })
        const [small, big] = [await prepare(source, {}, { encoding, chunkBytes: half * 2 }), await prepare(source, {}, { encoding })]
        assert.deepEqual([small.text, small.counts, small.quarantined], [big.text, big.counts, big.quarantined])
      },
    ),
    { numRuns: 300 },
  )
})

test('comments among the records are left out where the header stands in one, and are data where it does not', async () => {
  const source = '# a|b|c\n1,2,3\n# a,b,c\n4,"\n# 5",6\n# end\n'
  for (const proof of ['records', 'lines'] as const) {
    const left = await prepare(source, { headerInComment: true, headerLine: 1, dataLine: 2 }, { proof })
    assert.equal(left.text, '1,2,3\n4,"\n# 5",6\n')
    assert.deepEqual(left.counts, { read: 2, written: 2, quarantined: 0, blank: 0 })
  }
  const kept = await prepare('1,2,3\n# a,b,c\n')
  assert.deepEqual(kept.counts, { read: 2, written: 2, quarantined: 0, blank: 0 })
})
