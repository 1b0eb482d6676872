import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { newId } from '../../kernel/ids.ts'
import { lakeTypeOf, renderSql } from '../../kernel/lake-types.ts'
import { openLake } from '../../store/index.ts'
import { compareContents } from '../load/compare-contents.ts'
import { fillTables } from '../load/fill-tables.ts'
import { dropTables, quarantineColumns, tablesOf } from '../load/lake-tables.ts'
import { type ColumnPlan, conversionOf, type LoadItem } from './column-plan.ts'

type Lake = Awaited<ReturnType<typeof openLake>>
const dir = mkdtempSync(join(tmpdir(), 'datong-convert-'))
let lake: Lake
before(async () => {
  lake = await openLake({ dir })
})
after(async () => {
  await lake.close()
  rmSync(dir, { recursive: true, force: true })
})

const columnOf = (given: Partial<LoadItem> & Pick<LoadItem, 'dataType'>, more: Partial<ColumnPlan> = {}): ColumnPlan => {
  const item: LoadItem = {
    code: 'x',
    name: '值',
    length: null,
    scale: null,
    isKey: false,
    isRequired: false,
    sensitiveKind: 'none',
    ...given,
  }
  const type = lakeTypeOf(item)
  return {
    item,
    type,
    source: 'x',
    input: '#0',
    arrival: {
      as: 'text',
      isTyped: false,
      kind: 'text',
      scale: null,
      fits: false,
      isNullable: true,
      isEmptyMissing: true,
      isNeverNull: false,
      maxLength: null,
    },
    conversion: conversionOf({ conversion: 'auto' }, type),
    format: '',
    missing: [],
    trim: true,
    ...more,
  }
}

/** Loads texts as one column: each comes back as the value that the lake renders, or as the code of what is wrong with it. */
async function convert(column: ColumnPlan, texts: readonly (string | null)[]): Promise<(string | null)[]> {
  const tables = tablesOf(newId(), 1)
  const from = `texts_${tables.target}`
  await lake.define(`CREATE TABLE lake.${from} (_row UInt64, \`#0\` Nullable(String)) ENGINE = Memory`)
  const lines = texts.map((text, i) => JSON.stringify({ _row: i + 1, '#0': text }))
  await lake.insertStream(`lake.${from}`, 'JSONEachRow', Readable.from([lines.join('\n')]))
  const input = { parts: [`lake.${from}`], parameters: {}, settings: {}, hasDigest: false, isSnapshot: false }
  await fillTables({ lake, tables, items: [column.item], columns: [column], input, withDigest: true, signal: new AbortController().signal })
  const loaded = await lake.rows<{ row: string; value: string | null }>(
    `SELECT _row AS row, ${renderSql(column.type, 'x')} AS value FROM lake.${tables.target}`,
  )
  const hasQuarantine =
    (await lake.measure('SELECT 1 FROM system.tables WHERE name = {name:String}', { name: tables.quarantine })).length > 0
  const refused = hasQuarantine
    ? await lake.rows<{ row: string; value: string }>(
        `SELECT _row AS row, \`${quarantineColumns.reason}\` AS value FROM lake.${tables.quarantine}`,
      )
    : []
  const differing = await compareContents(lake, tables, hasQuarantine, [column])
  assert.deepEqual(differing, [], 'the conversion and the rewriting of texts disagree')
  await dropTables(lake, tables)
  await lake.define(`DROP TABLE lake.${from}`)
  const byRow = new Map([...loaded, ...refused].map(({ row, value }) => [Number(row), value]))
  assert.equal(loaded.length + refused.length, texts.length)
  return texts.map((_, i) => byRow.get(i + 1)!)
}

const table = async (column: ColumnPlan, cases: Record<string, string | null>) => {
  const texts = Object.keys(cases)
  const found = await convert(column, texts)
  assert.deepEqual(Object.fromEntries(texts.map((text, i) => [text, found[i]])), cases)
}

/** Without the two characters that part the columns of a digest, and without NUL, which no engine stores. */
const withoutMarks = (text: string) => text.replaceAll(/\p{Cc}/gu, (mark) => ('\u001e\u001f\0'.includes(mark) ? '' : mark))

test('integers: every spelling of a whole number, and nothing else', () =>
  table(columnOf({ dataType: 'I' }), {
    '7': '7',
    ' 007 ': '7',
    '+5': '5',
    '-0': '0',
    '1,234,567': '1234567',
    '5.0': '5',
    '１２３': '123',
    '　－４　': '-4',
    '9223372036854775807': '9223372036854775807',
    '9007199254740993': '9007199254740993',
    '': null,
    '  ': null,
    '9223372036854775808': 'ingestion.out_of_range',
    '5.5': 'ingestion.not_whole',
    '1e5': 'ingestion.not_a_number',
    '12,34': 'ingestion.not_a_number',
    '-': 'ingestion.not_a_number',
    '0x10': 'ingestion.not_a_number',
    NaN: 'ingestion.not_a_number',
  }))

test('wide integers do not overflow silently', () =>
  table(columnOf({ dataType: 'I', length: 30 }), {
    '170141183460469231731687303715884105727': 'ingestion.out_of_range',
    '99999999999999999999999999999999999999': '99999999999999999999999999999999999999',
    '-12345678901234567890123': '-12345678901234567890123',
    ' +00012345678901234567890123.0 ': '12345678901234567890123',
    '１２,34': 'ingestion.not_a_number',
    '123,456,789,012,345,678,901': '123456789012345678901',
    '-0': '0',
    '': null,
    '1.5': 'ingestion.not_whole',
  }))

test('decimals are never rounded', () =>
  table(columnOf({ dataType: 'Y', length: 8, scale: 2 }), {
    '12.30': '12.3',
    '-0.01': '-0.01',
    '.5': '0.5',
    '5.': '5',
    '1,234.5': '1234.5',
    '000012.300': '12.3',
    '999999.99': '999999.99',
    '1000000': 'ingestion.out_of_range',
    '12.345': 'ingestion.too_many_decimals',
    '1.2.3': 'ingestion.not_a_number',
    '1e3': 'ingestion.not_a_number',
    '-': 'ingestion.not_a_number',
    '12元': 'ingestion.not_a_number',
  }))

test('floats are finite', () =>
  table(columnOf({ dataType: 'B' }), {
    '0.1': '0.1',
    '1.50': '1.5',
    '1e20': '100000000000000000000',
    '-2.5E-7': '-2.5e-7',
    '1e400': 'ingestion.not_a_number',
    inf: 'ingestion.not_a_number',
    nan: 'ingestion.not_a_number',
  }))

test('days in every usual spelling, none that does not exist', () =>
  table(columnOf({ dataType: 'D' }), {
    '2020-02-29': '2020-02-29',
    '2020-1-2': '2020-01-02',
    '20200102': '2020-01-02',
    '2020/1/2': '2020-01-02',
    '2020.01.02': '2020-01-02',
    '2020年1月2日': '2020-01-02',
    '２０２０－０１－０２': '2020-01-02',
    '2020-01-02 00:00:00': '2020-01-02',
    '1900-01-01': '1900-01-01',
    '2299-12-31': '2299-12-31',
    '2020-02-30': 'ingestion.no_such_date',
    '2020-02-31': 'ingestion.no_such_date',
    '2021年2月29日': 'ingestion.no_such_date',
    '0000-00-00': 'ingestion.date_out_of_range',
    '1850-01-01': 'ingestion.date_out_of_range',
    '12026-01-01': 'ingestion.not_a_date',
    '2020-01-02 03:04:05': 'ingestion.not_a_date',
    昨天: 'ingestion.not_a_date',
  }))

test('a declared format refuses the others', () =>
  table(columnOf({ dataType: 'D' }, { format: 'yyyyMMdd' }), { '20200102': '2020-01-02', '2020-01-02': 'ingestion.not_a_date' }))

test('times are wall-clock times of Beijing', () =>
  table(columnOf({ dataType: 'T' }), {
    '2020-01-02 03:04:05': '2020-01-02 03:04:05',
    '2020-01-02 03:04:05.120': '2020-01-02 03:04:05.12',
    '2020-01-02T03:04:05': '2020-01-02 03:04:05',
    '2020-01-02T03:04:05Z': '2020-01-02 11:04:05',
    '2020-01-02T03:04:05+08:00': '2020-01-02 03:04:05',
    '2020-01-02': '2020-01-02 00:00:00',
    '2020/1/2 3:04': '2020-01-02 03:04:00',
    '2020年1月2日 3时4分5秒': '2020-01-02 03:04:05',
    '20200102030405': '2020-01-02 03:04:05',
    '2020-01-02 25:00:00': 'ingestion.no_such_date',
    '2020-01-02 03:04:60': 'ingestion.no_such_date',
    '2020-02-31 00:00:00': 'ingestion.no_such_date',
    '03:04': 'ingestion.not_a_time',
  }))

/** The arrival of a column whose source wrote the text from a type of its own. */
const typed = (kind: 'date' | 'time'): Partial<ColumnPlan> => ({ arrival: { ...columnOf({ dataType: 'C' }).arrival, isTyped: true, kind } })

test('days and moments of a source are exact or refused, never moved to the nearest one', async () => {
  await table(columnOf({ dataType: 'D' }, typed('date')), {
    '1900-01-01': '1900-01-01',
    '2299-12-31': '2299-12-31',
    // MySQL keeps such days where it is told to; its connector marks them by a space, so that they are not taken as they stand.
    ' 2020-02-31': 'ingestion.not_a_date',
    '2020-00-10': 'ingestion.no_such_date',
    '0000-00-00': 'ingestion.date_out_of_range',
    '1899-12-31': 'ingestion.date_out_of_range',
    '2300-01-01': 'ingestion.date_out_of_range',
    '9999-12-31': 'ingestion.date_out_of_range',
    infinity: 'ingestion.not_a_date',
  })
  await table(columnOf({ dataType: 'T' }, typed('time')), {
    '1900-01-01 00:00:00': '1900-01-01 00:00:00',
    '2299-12-31 23:59:59.999999': '2299-12-31 23:59:59.999999',
    ' 2020-02-31 01:02:03': 'ingestion.not_a_time',
    '2020-00-10 00:00:00': 'ingestion.no_such_date',
    '0000-00-00 00:00:00': 'ingestion.date_out_of_range',
    '1899-12-31 23:59:59': '1899-12-31 23:59:59',
    '2300-01-01 00:00:00': '2300-01-01 00:00:00',
    '9999-12-31 23:59:59': '9999-12-31 23:59:59',
    '-infinity': 'ingestion.not_a_time',
  })
})

test('truths in the words of forms', () =>
  table(columnOf({ dataType: 'L' }), {
    是: 'true',
    否: 'false',
    TRUE: 'true',
    f: 'false',
    '1': 'true',
    '2': 'ingestion.not_a_truth',
    男: 'ingestion.not_a_truth',
  }))

test('numbers that a spreadsheet has spoilt are refused', () =>
  table(columnOf({ dataType: 'C', name: '身份证号', length: 18, sensitiveKind: 'citizen_id' }), {
    '11010519491231002X': '11010519491231002X',
    '3.50203E+17': 'ingestion.scientific_number',
    '350203199001011000': 'ingestion.rounded_number',
    '1234567890123456789': 'ingestion.too_long',
  }))

test('the words of a mapping are no values, and required values are missed', async () => {
  await table(columnOf({ dataType: 'N', length: 5, scale: 1 }, { missing: ['-;', 'NULL'] }), {
    '-;': null,
    NULL: null,
    '1.5': '1.5',
    '--': 'ingestion.not_a_number',
  })
  // Words that read like values all the same.
  await table(columnOf({ dataType: 'I' }, { missing: ['-1', '9999'] }), { '-1': null, '9999': null, '1': '1' })
  await table(columnOf({ dataType: 'D' }, { missing: ['1900-01-01'] }), { '1900-01-01': null, '1900-01-02': '1900-01-02' })
  await table(columnOf({ dataType: 'C', isRequired: true }, { missing: ['无'] }), {
    有: '有',
    无: 'ingestion.missing_value',
    '': 'ingestion.missing_value',
    ' ': 'ingestion.missing_value',
  })
})

/** Characters of any script, and every kind of space often enough to stand at the ends and between. */
const spacedText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...' \t\n\f\r\v\u3000\u00a0\u2003\u200b\ufeff'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
})

test('texts keep every character but the space around them', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), spacedText), { minLength: 1, maxLength: 50 }), async (texts) => {
      const clean = texts.map((text) => withoutMarks(text))
      const found = await convert(columnOf({ dataType: 'M' }), clean)
      const expected = clean.map((text) => text.replace(/^[\t\n\f\r \u3000\u00a0]+|[\t\n\f\r \u3000\u00a0]+$/g, '') || null)
      assert.deepEqual(found, expected)
    }),
    { numRuns: 8, examples: [[[' ', '']], [['\fa\f', '\u3000\fa']]] },
  ))

test('any text becomes exactly the integer that it spells, or none', () => {
  const digits = fc.stringMatching(/^[-+]?[0-9]{0,22}(\.[0-9]{0,3})?$/)
  return fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(digits, fc.string()), { minLength: 1, maxLength: 200 }), async (texts) => {
      const found = await convert(
        columnOf({ dataType: 'I' }),
        texts.map((text) => withoutMarks(text)),
      )
      for (const [i, text] of texts.entries()) {
        const [, sign, whole, rest] = /^([-+]?)([0-9]+)(?:\.(0*))?$/.exec(text.trim()) ?? []
        if (whole === undefined || (rest === undefined && text.includes('.'))) continue
        const value = BigInt(`${sign === '-' ? '-' : ''}${whole}`)
        assert.equal(found[i], BigInt.asIntN(64, value) === value ? String(value) : 'ingestion.out_of_range', text)
      }
    }),
    { numRuns: 8 },
  )
})
