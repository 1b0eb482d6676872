import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { writeTemporary } from '#testing/build-xlsx.ts'
import type { Cell } from './read-cell.ts'
import { openXlsx } from './read-xlsx.ts'
import { type CellValue, type SheetColumn, writeXlsx } from './write-xlsx.ts'
import { openXlsxArchive, XLSX_LIMITS } from './xlsx-archive.ts'

const text = (header: string): SheetColumn => ({ header, type: 'text' })

async function roundTrip(columns: SheetColumn[], rows: CellValue[][]): Promise<Map<string, Cell>> {
  const book = await openXlsx(await writeTemporary(writeXlsx([{ name: '数据', columns, rows }])))
  const cells = new Map<string, Cell>()
  for await (const row of book.rows('数据')) for (const cell of row.cells) cells.set(cell.ref, cell)
  book.close()
  return cells
}

test('any text comes back exactly, as text, and never as a formula', async () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
    fc.stringMatching(/^[=+\-@\t\r_x0-9A-F]{0,12}$/),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 30 }), async (values) => {
      const cells = await roundTrip(
        [text('甲')],
        values.map((value) => [value]),
      )
      values.forEach((value, i) => {
        const cell = cells.get(`A${i + 2}`)
        assert.equal(cell?.text ?? '', value)
        assert.equal(cell?.type ?? 'text', 'text')
      })
    }),
    { numRuns: 60 },
  )
})

test('texts that trip libraries come back', async () => {
  const values = [
    'constructor',
    '__proto__',
    '=1+1',
    '+86',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1',
    '_x000D_',
    '_x0041\u0001',
    ' 前后 ',
    '\ufffd',
    '\ufeff',
    '\ud800',
    '𠮷',
    '<a>&amp;',
  ]
  const cells = await roundTrip(
    [text('甲')],
    values.map((value) => [value]),
  )
  assert.deepEqual(
    values.map((_, i) => [cells.get(`A${i + 2}`)?.type, cells.get(`A${i + 2}`)?.text]),
    values.map((value) => ['text', value]),
  )
})

test('typed columns keep numbers, dates and booleans, and leave as text what Excel would change', async () => {
  const columns: SheetColumn[] = [
    { header: '数', type: 'number' },
    { header: '日', type: 'date' },
    { header: '是', type: 'boolean' },
  ]
  const cells = await roundTrip(columns, [
    [-12.5, '2024-02-29', true],
    ['350203199001011234', '1900-01-01', 'false'],
    [9007199254740993n, '2024-01-01 08:30:00', null],
    ['0.10', '不详', undefined],
  ])
  const seen = [...cells.values()].slice(3).map((cell) => `${cell.ref} ${cell.type} ${cell.text}`)
  assert.deepEqual(seen, [
    'A2 number -12.5',
    'B2 date 2024-02-29',
    'C2 boolean true',
    'A3 text 350203199001011234',
    'B3 text 1900-01-01',
    'C3 boolean false',
    'A4 text 9007199254740993',
    'B4 date 2024-01-01 08:30:00',
    'A5 text 0.10',
    'B5 text 不详',
  ])
})

test('what Excel cannot hold is refused with the place', async () => {
  const written = (columns: SheetColumn[], rows: CellValue[][], name = 'A') => Array.fromAsync(writeXlsx([{ name, columns, rows }]))
  await assert.rejects(written([text('甲')], [['长'.repeat(32_768)]]), {
    code: 'file.cell_too_long',
    details: { params: { ref: 'A2', limit: 32_767 } },
  })
  for (const name of ['', 'a/b', "'x", 'x'.repeat(32)])
    assert.throws(() => writeXlsx([{ name, columns: [], rows: [] }]), { code: 'file.sheet_name_invalid' })
  assert.throws(
    () =>
      writeXlsx([
        { name: 'a', columns: [], rows: [] },
        { name: 'A', columns: [], rows: [] },
      ]),
    { code: 'file.sheet_name_invalid' },
  )
})

test('a column with choices offers them as a list, and what no list can hold is refused', async () => {
  const write = (choices: string[]) => writeXlsx([{ name: '目录', columns: [{ ...text('共享类型'), choices }], rows: [['有条件共享']] }])
  const archive = await openXlsxArchive(await writeTemporary(write(['无条件共享', '有条件共享'])), XLSX_LIMITS)
  let sheet = ''
  for await (const chunk of await archive.openPart('xl/worksheets/sheet1.xml')) sheet += chunk
  archive.close()
  assert.match(sheet, /<dataValidation type="list"[^>]* sqref="A2:A1048576"><formula1>"无条件共享,有条件共享"<\/formula1>/)
  await assert.rejects(writeTemporary(write(['甲,乙'])), RangeError)
})
