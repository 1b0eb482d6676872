import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { BSON, type Document } from 'mongodb'
import type { Connector } from '../../server/ingestion/connectors/connector.ts'
import { type Lake, openLake } from '../../server/store/index.ts'
import { loadThrough } from '../lake/load-through.ts'

const { Binary, Decimal128, Double, Int32, Long, ObjectId, UUID } = BSON

/** A database of documents that is there for the suite. */
export interface DocumentsUnderTest {
  connector: (lake: Lake) => Connector
  /** What lies in a collection from now on. */
  put: (collection: string, documents: Document[]) => Promise<unknown>
  close: () => Promise<unknown>
}

/** What a database of documents must do: the same for the server of the tests and for one whose address is given. */
export const mongodbSuite = (name: string, open: () => Promise<DocumentsUnderTest>) => describe(name, () => testDocuments(open))

const at = (text: string) => new Date(`${text}+08:00`)
const buses: Document[] = [
  {
    _id: new Int32(1),
    name: '甲😀𠮷𪚥',
    fare: Decimal128.fromString('12.3400'),
    day: at('2024-02-29T00:00:00'),
    at: at('2024-02-29T23:59:59.123'),
    big: Long.fromString('9007199254740993'),
    on: true,
    line: { code: 'BRT1', stops: [{ n: Long.fromString('9007199254740993') }, null] },
    'a.b': '点',
    $price: new Double(0.1),
  },
  // In the summer of 1988 Beijing's clocks were an hour further.
  {
    _id: new Int32(2),
    name: '',
    fare: new Double(-0.5),
    day: null,
    at: at('1988-07-01T12:00:00'),
    line: { code: null, extra: { deep: 1 } },
  },
  { _id: new Int32(3), name: '长'.repeat(9000), fare: Decimal128.fromString('1E+3'), at: at('1930-01-02T00:00:00.5'), line: null },
  { _id: new Int32(4) },
]
const id16 = new ObjectId('65e0a1b2c3d4e5f6a7b8c9d0')
const mixed: Document[] = [
  { _id: new Int32(1), v: new Int32(7), any: id16 },
  { _id: new Int32(2), v: '七', any: new Binary(Buffer.from('00ff', 'hex')) },
  { _id: new Int32(3), v: [new Int32(7)], any: new UUID('0192d1a0-0000-7000-8000-000000000000').toBinary() },
  { _id: new Int32(4), v: null, any: /a/i },
]
/** The one in the middle has what no sample of the ends shows. */
const firms = Array.from({ length: 1500 }, (_, i): Document => {
  const firm = { _id: new Int32(i + 1), name: `企业${i + 1}`, at: new Date(Date.UTC(2024, 0, 1) + (i + 1) * 1000) }
  return i === 699 ? { ...firm, at: '昨天', closed: '是' } : i === 1 ? { ...firm, at: null } : firm
})

const id = { code: 'id', dataType: 'I', isKey: true } as const
const text = (code: string) => ({ code, dataType: 'C', length: 20_000 }) as const

function testDocuments(open: () => Promise<DocumentsUnderTest>): void {
  const dir = mkdtempSync(join(tmpdir(), 'datong-documents-'))
  let lake: Lake
  let source: DocumentsUnderTest
  before(async () => {
    lake = await openLake({ dir })
    source = await open()
    await source.put('datong_bus', buses)
    await source.put('datong_mixed', mixed)
    await source.put('datong_firm', firms)
  })
  after(async () => {
    await source.close()
    await lake.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const load = (object: string, items: Parameters<typeof loadThrough>[2]['items'], columns: Record<string, string> = {}) =>
    loadThrough(lake, source.connector(lake), { object, items, columns: { id: '_id', ...columns } })

  test('collections are listed, and described by what their documents show', async () => {
    const connector = source.connector(lake)
    assert.ok(
      (await connector.listObjects()).some(
        ({ name, kind, estimatedRows }) => name === 'datong_bus' && kind === 'table' && estimatedRows === 4,
      ),
    )
    const { columns } = await connector.describe('datong_bus', null)
    assert.deepEqual(
      columns.map(({ name, type, nullable, isKey }) => [name, type, nullable, isKey]),
      [
        ['_id', 'int32', false, true],
        ['name', 'string', true, false],
        ['fare', 'decimal128', true, false],
        ['day', 'date', true, false],
        ['at', 'datetime', true, false],
        ['big', 'int64', true, false],
        ['on', 'bool', true, false],
        ['line.code', 'string', true, false],
        ['line.stops', 'array', true, false],
        ['line.extra', 'object', true, false],
        ['a.b', 'string', true, false],
        ['$price', 'double', true, false],
      ],
    )
    assert.equal(columns[1]!.samples[0], '甲😀𠮷𪚥')
    await assert.rejects(connector.describe('datong_none', null), { code: 'ingestion.object_unknown' })
    assert.equal((await connector.check()).ok, true)
  })

  test('every value arrives exactly', async () => {
    const items = [
      id,
      text('name'),
      { code: 'fare', dataType: 'N', length: 14, scale: 4 },
      { code: 'day', dataType: 'D' },
      { code: 'at', dataType: 'T' },
      { code: 'big', dataType: 'I' },
      { code: 'on', dataType: 'L' },
      text('code'),
      text('stops'),
      text('extra'),
    ] as const
    const columns = { code: 'line.code', stops: 'line.stops', extra: 'line.extra' }
    const { rows, read, written, agrees } = await load('datong_bus', [...items], columns)
    assert.deepEqual({ read, written, agrees }, { read: 4, written: 4, agrees: true })
    const none = { name: null, fare: null, day: null, at: null, big: null, on: null, code: null, stops: null, extra: null }
    const first = { fare: '12.34', day: '2024-02-29', at: '2024-02-29 23:59:59.123000', big: '9007199254740993', on: true, code: 'BRT1' }
    assert.deepEqual(rows, [
      { ...none, id: '1', name: '甲😀𠮷𪚥', ...first, stops: '[{"n":9007199254740993},null]' },
      { ...none, id: '2', name: '', fare: '-0.5', at: '1988-07-01 13:00:00.000000', extra: '{"deep":1}' },
      { ...none, id: '3', name: '长'.repeat(9000), fare: '1000', at: '1930-01-02 00:00:00.500000' },
      { ...none, id: '4' },
    ])
  })

  test('names with dots and dollars are columns like others', async () => {
    const { rows } = await load('datong_bus', [id, text('dotted'), text('dollar')], { dotted: 'a.b', dollar: '$price' })
    assert.deepEqual(rows[0], { id: '1', dotted: '点', dollar: '0.1' })
  })

  test('a field of several types is a text, and a value that is not what its item wants is set aside', async () => {
    assert.deepEqual(
      (await source.connector(lake).describe('datong_mixed', null)).columns.map(({ type }) => type),
      ['int32', 'mixed(array, int32, string)', 'mixed(binData, objectId, regex)'],
    )
    const { rows, quarantined } = await load('datong_mixed', [id, { code: 'v', dataType: 'I' }, text('any')])
    assert.equal(quarantined, 2)
    assert.deepEqual(rows, [
      { id: '1', v: '7', any: id16.toHexString() },
      { id: '4', v: null, any: '{"$regularExpression":{"pattern":"a","options":"i"}}' },
    ])
    const { rows: texts } = await load('datong_mixed', [id, text('v'), text('any')])
    assert.deepEqual(texts.map(({ v, any }) => [v, any]).slice(1, 3), [
      ['七', '00ff'],
      ['[7]', '0192d1a0-0000-7000-8000-000000000000'],
    ])
  })

  test('a field that no sample shows is read where a document has it, and said to be gone where none has', async () => {
    const { rows } = await load('datong_firm', [id, text('closed')])
    assert.deepEqual(
      rows.filter(({ closed }) => closed !== null),
      [{ id: '700', closed: '是' }],
    )
    await assert.rejects(load('datong_firm', [id, text('gone')]), { code: 'ingestion.column_gone' })
  })

  test('what is new is asked for, and with it what has no place in time', async () => {
    const wanted = [{ column: '_id', type: { kind: 'integer', size: 64, scale: 0 }, conversion: 'integer' }] as never
    const open = (column: string, from: string) =>
      source.connector(lake).openReading('datong_firm', null, wanted, new AbortController().signal, { column, from })
    const reading = await open('at', '2024-01-01 08:24:56.000000')
    assert.equal(await reading.count(), 7, 'five, one without a time, and one whose time is a text')
    await reading.close()
    const numbers = await open('_id', '1491')
    assert.equal(await numbers.count(), 10)
    assert.deepEqual(await numbers.compareWhole!('1500'), { rows: 1500, isOlder: false, newest: '1500' })
    assert.equal((await numbers.compareWhole!('1501')).isOlder, true)
    await numbers.close()
    await assert.rejects(open('name', 'x'), { code: 'ingestion.watermark_type' })
  })
}
