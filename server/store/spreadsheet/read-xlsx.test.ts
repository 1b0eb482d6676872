import assert from 'node:assert/strict'
import { truncate } from 'node:fs/promises'
import { test } from 'node:test'
import { type BuiltXlsx, buildXlsx, writeTemporary } from '#testing/build-xlsx.ts'
import type { Cell } from './read-cell.ts'
import { openXlsx, type ReadRowsOptions } from './read-xlsx.ts'
import type { XlsxLimits } from './xlsx-archive.ts'
import { writeZip } from './write-zip.ts'

async function readAll(path: string, sheet: string, options: ReadRowsOptions & { limits?: Partial<XlsxLimits> } = {}) {
  const book = await openXlsx(path, options.limits)
  try {
    const cells: Cell[] = []
    for await (const row of book.rows(sheet, options)) cells.push(...row.cells)
    return cells
  } finally {
    book.close()
  }
}

const shown = (cells: Cell[]) => cells.map((cell) => `${cell.ref} ${cell.type} ${cell.text}${cell.problem ? ` !${cell.problem}` : ''}`)
const readBuilt = async (built: BuiltXlsx, options?: ReadRowsOptions) =>
  shown(await readAll(await buildXlsx(built), Object.keys(built.sheets)[0]!, options))
const refusal = (path: string, limits?: Partial<XlsxLimits>) => readAll(path, 'A', { ...(limits && { limits }) })

test('an 18-digit id that Excel has rounded is flagged, a 15-digit number is not', async () => {
  const row = ['350203199001011234', '3.50203199001011E+17', '350203199001011', '1E+15', '1E+14', '-9007199254740993']
    .map((value) => `<c><v>${value}</v></c>`)
    .join('')
  assert.deepEqual(await readBuilt({ sheets: { A: `<row r="1">${row}</row>` } }), [
    'A1 number 350203199001011234 !precision_lost',
    'B1 number 350203199001011000 !precision_lost',
    'C1 number 350203199001011',
    'D1 number 1000000000000000 !precision_lost',
    'E1 number 100000000000000',
    'F1 number -9007199254740993 !precision_lost',
  ])
})

test('dates follow the 1900 system with the day that never was', async () => {
  const row = [1, 59, 60, 61, 42439, 42439.354166666664].map((serial) => `<c s="1"><v>${serial}</v></c>`).join('')
  assert.deepEqual(
    await readBuilt({ sheets: { A: `<row r="3">${row}<c s="2"><v>0.24097222222222223</v></c></row>` }, styles: [0, 22, 20] }),
    [
      'A3 date 1900-01-01 00:00:00',
      'B3 date 1900-02-28 00:00:00',
      'C3 date 60 !invalid_date',
      'D3 date 1900-03-01 00:00:00',
      'E3 date 2016-03-10 00:00:00',
      'F3 date 2016-03-10 08:30:00',
      'G3 date 05:47:00',
    ],
  )
})

test('dates follow the 1904 system when the workbook says so', async () => {
  assert.deepEqual(
    await readBuilt({
      sheets: { A: '<row r="1"><c s="1"><v>0</v></c><c s="1"><v>40977</v></c></row>' },
      styles: [0, 14],
      workbookProperties: 'date1904="1"',
    }),
    ['A1 date 1904-01-01', 'B1 date 2016-03-10'],
  )
})

test('a custom Chinese format is a date, an amount with a unit is not, a format of zeros keeps the zeros', async () => {
  const built: BuiltXlsx = {
    sheets: { A: '<row r="1"><c s="1"><v>42439</v></c><c s="2"><v>42439</v></c><c s="3"><v>123</v></c></row>' },
    numberFormats: { 176: 'yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@', 177: '#,##0.00&quot;days&quot;;[Red]-0.0', 178: '000000' },
    styles: [0, 176, 177, 178],
  }
  assert.deepEqual(await readBuilt(built), ['A1 date 2016-03-10', 'B1 number 42439', 'C1 number 000123'])
})

test('a formula keeps its cached value and is flagged, with and without value', async () => {
  assert.deepEqual(
    await readBuilt({
      sheets: {
        A: '<row r="1"><c t="str"><f>A2</f><v>厦门</v></c><c><f>1/3</f><v>0.33333333333333331</v></c><c><f>NOW()</f></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
      },
    }),
    ['A1 formula 厦门', 'B1 formula 0.333333333333333', 'C1 formula  !formula_without_value', 'D1 formula #DIV/0! !error_value'],
  )
})

test('text comes from rich, shared and inline strings, without phonetic guides, with escapes undone', async () => {
  const built: BuiltXlsx = {
    sheets: {
      A: '<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t xml:space="preserve"> 0012_x000D_\n</t></is></c><c t="b"><v>1</v></c><c t="s"><v>9</v></c></row>',
    },
    strings: ['<r><t>大</t></r><r><t>同</t></r><rPh sb="0" eb="1"><t>dà</t></rPh>', '<t>𠮷_x005F_x0041_</t>'],
  }
  assert.deepEqual(await readBuilt(built), [
    'A1 text 大同',
    'B1 text 𠮷_x0041_',
    'C1 text  0012\r\n',
    'D1 boolean true',
    'E1 text 9 !unreadable',
  ])
})

test('cells without reference take the next place, prefixed tags are read', async () => {
  const parts = {
    'xl/worksheets/sheet1.xml':
      '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c r="C1"><x:v>2</x:v></x:c></x:row><x:row><x:c><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>',
  }
  assert.deepEqual(await readBuilt({ sheets: { A: '' }, parts }), ['A1 number 1', 'C1 number 2', 'A2 number 3'])
})

test('merged cells repeat their value only when asked', async () => {
  const built: BuiltXlsx = {
    sheets: { A: '<row r="1"><c r="A1" t="str"><v>思明区</v></c><c r="C1"><v>1</v></c></row><row r="2"><c r="C2"><v>2</v></c></row>' },
    afterSheetData: '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
  }
  assert.deepEqual(await readBuilt(built), ['A1 text 思明区', 'C1 number 1', 'C2 number 2'])
  assert.deepEqual(await readBuilt(built, { expandMerged: true }), [
    'A1 text 思明区',
    'B1 text 思明区',
    'C1 number 1',
    'A2 text 思明区',
    'B2 text 思明区',
    'C2 number 2',
  ])
})

test('hidden sheets are listed and read only when asked', async () => {
  const path = await buildXlsx({
    sheets: { A: '', 底稿: '<row r="1"><c><v>1</v></c></row>' },
    sheetAttributes: { 底稿: 'state="veryHidden"' },
  })
  const book = await openXlsx(path)
  assert.deepEqual(
    book.sheets.map(({ name, state }) => [name, state]),
    [
      ['A', 'visible'],
      ['底稿', 'veryHidden'],
    ],
  )
  book.close()
  await assert.rejects(readAll(path, '底稿'), { code: 'file.sheet_hidden' })
  await assert.rejects(readAll(path, '没有'), { code: 'file.sheet_unknown' })
  assert.equal((await readAll(path, '底稿', { includeHidden: true })).length, 1)
})

test('a document type with entities is refused before anything is expanded', async () => {
  const laughs = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
  for (const part of ['xl/workbook.xml', 'xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml']) {
    await assert.rejects(
      refusal(await buildXlsx({ sheets: { A: '' }, parts: { [part]: `${laughs}<x>&f;</x>` } })),
      { code: 'file.xlsx_dtd' },
      part,
    )
  }
  await assert.rejects(readBuilt({ sheets: { A: '<row r="1"><c t="str"><v>&f;</v></c></row>' } }), { code: 'file.xlsx_damaged' })
})

test('a part outside of the file is refused; hyperlinks and links to other workbooks are not followed and do not disturb', async () => {
  const link = (type: string, target: string) =>
    `<Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" TargetMode="External"/>`
  const outside = await buildXlsx({
    sheets: { A: '' },
    parts: {
      'xl/_rels/workbook.xml.rels': `<Relationships>${link('worksheet', 'http://127.0.0.1/sheet.xml').replace('Id="x"', 'Id="rId1"')}</Relationships>`,
    },
  })
  await assert.rejects(refusal(outside), { code: 'file.xlsx_external_part' })
  const book = await openXlsx(await buildXlsx({ sheets: { A: '' }, extraRelations: link('externalLink', 'file:///share/other.xlsx') }))
  assert.equal(book.hasExternalLinks, true)
  book.close()
})

test('bombs are refused by ratio, total size and number of parts, before decompression', async () => {
  const zeros = '0'.repeat(4_000_000)
  const bomb = await writeTemporary(writeZip([{ name: 'xl/worksheets/sheet1.xml', content: [zeros] }]))
  await assert.rejects(refusal(bomb), { code: 'file.zip_bomb', kind: 'too_large' })
  await assert.rejects(refusal(bomb, { maxRatio: 10_000, maxTotalBytes: 1_000_000 }), { code: 'file.zip_bomb' })
  await assert.rejects(refusal(await buildXlsx({ sheets: { A: '' } }), { maxEntries: 3 }), { code: 'file.zip_bomb' })
})

test('parts that share the same compressed bytes are judged together', async () => {
  const bytes = Buffer.concat(await Array.fromAsync(writeZip([{ name: 'part-00', content: ['0'.repeat(4_000_000)] }])))
  const central = bytes.indexOf(Buffer.from('504b0102', 'hex'))
  const end = bytes.indexOf(Buffer.from('504b0506', 'hex'))
  const header = bytes.subarray(central, end)
  const headers = Array.from({ length: 20 }, (_, i) =>
    Buffer.from(header.toString('latin1').replace('part-00', `part-${10 + i}`), 'latin1'),
  )
  const tail = Buffer.from(bytes.subarray(end))
  for (const at of [8, 10]) tail.writeUInt16LE(headers.length, at)
  tail.writeUInt32LE(header.length * headers.length, 12)
  const path = await writeTemporary(Buffer.concat([bytes.subarray(0, central), ...headers, tail]))
  await assert.rejects(refusal(path, { maxRatio: 1100 }), { code: 'file.zip_bomb' })
  await assert.rejects(refusal(path, { maxRatio: 100_000 }), { code: 'file.xlsx_damaged' })
})

test('a part that lies about its size is stopped', async () => {
  const chunks = await Array.fromAsync(writeZip([{ name: 'xl/workbook.xml', content: [`<workbook>${' '.repeat(500_000)}</workbook>`] }]))
  const bytes = Buffer.concat(chunks)
  bytes.writeUInt32LE(100, bytes.indexOf(Buffer.from('504b0102', 'hex')) + 24)
  await assert.rejects(refusal(await writeTemporary(bytes)), { code: 'file.xlsx_damaged' })
})

test('names that escape, repeat or differ only by case are refused', async () => {
  for (const names of [
    ['../../etc/cron.d/x'],
    ['/etc/passwd'],
    ['C:/x'],
    ['xl\\..\\..\\x'],
    ['xl/a.xml', 'xl/a.xml'],
    ['xl/a.xml', 'XL/A.XML'],
  ]) {
    const path = await writeTemporary(writeZip(names.map((name) => ({ name, content: ['x'] }))))
    await assert.rejects(refusal(path), { code: 'file.zip_bad_name' }, names.join(' '))
  }
})

test('an Excel 97 file, an encrypted one, a cut one and another file each say what they are', async () => {
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
  await assert.rejects(refusal(await writeTemporary(ole)), { code: 'file.legacy_xls' })
  await assert.rejects(refusal(await writeTemporary(Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]))), {
    code: 'file.password_protected',
  })
  await assert.rejects(refusal(await writeTemporary(Buffer.from('姓名,编号\n'))), { code: 'file.xlsx_damaged' })
  const cut = await buildXlsx({ sheets: { A: '' } })
  await truncate(cut, 400)
  await assert.rejects(refusal(cut), { code: 'file.xlsx_damaged' })
})

test('memory has bounds: shared strings, one endless text, nesting, merges', async () => {
  const many = await buildXlsx({
    sheets: { A: '<row r="1"><c t="s"><v>0</v></c></row>' },
    strings: Array.from({ length: 1000 }, (_, i) => `<t>文本${i}</t>`),
  })
  await assert.rejects(refusal(many, { maxSharedStringBytes: 4096 }), { code: 'file.xlsx_too_many_strings' })
  const endless = await buildXlsx({ sheets: { A: `<row r="1"><c t="str"><v>${'a1b2'.repeat(2_000_000)}</v></c></row>` } })
  await assert.rejects(refusal(endless, { maxRatio: 100_000 }), { code: 'file.xlsx_damaged' })
  await assert.rejects(refusal(await buildXlsx({ sheets: { A: '<a>'.repeat(5000) } })), { code: 'file.xlsx_damaged' })
  const wide = await buildXlsx({ sheets: { A: '' }, afterSheetData: '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>' })
  await assert.rejects(readAll(wide, 'A', { expandMerged: true }), { code: 'file.xlsx_too_many_merges' })
})

test('rows and cells that run backwards or out of the sheet are refused', async () => {
  for (const rows of [
    '<row r="2"/><row r="1"/>',
    '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
    '<row r="1048577"/>',
    '<row r="1"><c r="XFE1"/></row>',
    '<row r="-1"/>',
    '<row r="x"/>',
  ]) {
    await assert.rejects(readBuilt({ sheets: { A: rows } }), { code: 'file.xlsx_damaged' }, rows)
  }
})
