import assert from 'node:assert/strict'
import { copyFileSync, createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { FileDialect } from '#contract/ingestion.ts'
import { buildXlsx } from '#testing/build-xlsx.ts'
import { loadThrough } from '#testing/lake/load-through.ts'
import { type Lake, openFiles, openLake } from '../../store/index.ts'
import { openFolder } from './folder.ts'

// As the machines of a city have it; the engine shows times by it unless it is told.
process.env.TZ = 'Asia/Shanghai'
const dir = mkdtempSync(join(tmpdir(), 'datong-formats-'))
const folder = join(dir, 'in')
let lake: Lake
before(async () => {
  mkdirSync(folder)
  lake = await openLake({ dir: join(dir, 'lake') })
})
after(async () => {
  await lake.close()
  rmSync(dir, { recursive: true, force: true })
})
const connector = () => openFolder({ lake, files: openFiles(join(dir, 'files')) }, { kind: 'folder', path: '' }, [folder])

test('Avro and ORC bring their own types, and every value arrives exactly', async () => {
  for (const [name, format] of [
    ['a.avro', 'Avro'],
    ['a.orc', 'ORC'],
  ] as const) {
    await lake.command(
      `INSERT INTO FUNCTION file({path:String}, '${format}') SELECT toInt64(9007199254740993) + number AS id, if(number = 1, NULL, '甲') AS name,
         toDecimal64('12.34', 2) AS fare, toDate32('1950-01-02') AS day, number = 0 AS alive FROM numbers(100)`,
      { path: join(folder, name) },
    )
    const { columns, dialect } = await connector().describe(name, null)
    assert.equal(dialect?.format, format.toLowerCase())
    assert.match(columns[2]!.type, /Decimal\(18, 2\)/)
    const { rows, read, agrees } = await loadThrough(lake, connector(), {
      object: name,
      items: [
        { code: 'id', dataType: 'I' },
        { code: 'name', dataType: 'C', length: 9 },
        { code: 'fare', dataType: 'N', length: 14, scale: 2 },
        { code: 'day', dataType: 'D' },
        { code: 'alive', dataType: 'L' },
      ],
    })
    assert.deepEqual({ read, agrees }, { read: 100, agrees: true })
    assert.deepEqual(rows[0], { id: '9007199254740993', name: '甲', fare: '12.34', day: '1950-01-02', alive: true }, name)
    assert.equal(rows[1]!.name, null)
  }
})

/** Values of the engine's types, at their ends and in between, and the items that they are loaded into. */
const typedColumns: { into: string; type: string; values: string[] }[] = [
  { into: 'ILNW', type: 'Int8', values: ['-128', '127', '0'] },
  { into: 'ILNW', type: 'UInt64', values: ['18446744073709551615', '0', '42'] },
  { into: 'ILNW', type: 'Int64', values: ['-9223372036854775808', '9223372036854775807', '7'] },
  { into: 'NW', type: 'Decimal(18, 4)', values: ["'99999999999999.9999'", "'-0.0001'", "'12.5'"] },
  { into: 'NW', type: 'Decimal(38, 0)', values: ["'99999999999999999999999999999999999999'", "'1'", "'-1'"] },
  { into: 'F', type: 'Float64', values: ['nan', 'inf', '0.1'] },
  { into: 'F', type: 'Float32', values: ['0.1', '-0.0', '1e30'] },
  { into: 'DT', type: 'Date32', values: ["'1900-01-01'", "'2299-12-31'", "'2024-02-29'"] },
  { into: 'B', type: 'Bool', values: ['true', 'false', 'true'] },
]
const typedItems = [
  { code: 'I', dataType: 'I' },
  { code: 'L', dataType: 'I', length: 30 },
  { code: 'N', dataType: 'N', length: 14, scale: 2 },
  { code: 'W', dataType: 'N', length: 38, scale: 6 },
  { code: 'F', dataType: 'F' },
  { code: 'D', dataType: 'D' },
  { code: 'T', dataType: 'T' },
  { code: 'B', dataType: 'L' },
] as const

test('a value of the item’s own type comes as its text would: the same rows from Parquet with types and with texts', async () => {
  for (const { into, type, values } of typedColumns) {
    const rows = `arrayJoin([${[...values.map((value) => `CAST(${value} AS Nullable(${type}))`), 'NULL'].join(', ')}])`
    for (const [name, value] of [
      ['typed.parquet', 'v'],
      ['texts.parquet', 'CAST(v AS Nullable(String))'],
    ] as const)
      await lake.command(
        `INSERT INTO FUNCTION file({path:String}, 'Parquet') SELECT ${value} AS v FROM (SELECT ${rows} AS v)`,
        { path: join(folder, name) },
        { settings: { engine_file_truncate_on_insert: 1 } },
      )
    for (const item of typedItems.filter(({ code }) => into.includes(code))) {
      const [typed, texts] = await Promise.all(
        ['typed.parquet', 'texts.parquet'].map((object) =>
          loadThrough(lake, connector(), { object, items: [item], columns: { [item.code]: 'v' } }),
        ),
      )
      const told = ({ read, written, quarantined, agrees, rows, quarantine }: typeof typed & object) => ({
        ...{ read, written, quarantined, agrees, rows },
        raw: quarantine.map((row) => row[item.code]),
      })
      assert.deepEqual(told(typed!), told(texts!), `${type} into ${item.code}`)
    }
  }
})

/** One row of two times, both 2026-01-01 20:00:00 in UTC: `local` without a zone, `instant` with one. Written by hyparquet-writer 0.6. */
const twoTimes = Buffer.from(
  'UEFSMRUGFRAVEFwVAhUAFQIVABUAFQAAAAAQqQlZRwYAFQYVEBUQXBUCFQAVAhUAFQAVAAAAABCpCVlHBgAVBBk8SARyb290FQQAFQQlABgFbG9jYWxsjBIcLAAAAAAAFQQlABgHaW5zdGFudGyMERwsAAAAAAAWAhkcGSwmCBwVBBkVABkYBWxvY2FsFQAWAhY6FjomCAAAJkIcFQQZFQAZGAdpbnN0YW50FQAWAhY6FjomQgAAFnQWAjZ0ACgJaHlwYXJxdWV0GSwcAAAcAAAAlAAAAFBBUjE=',
  'base64',
)
const micros = (text: string) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(Date.parse(text)) * 1000n)
  return bytes
}

test('a time without a zone stays as it stands, an instant is what Beijing’s clocks show, wherever the engine runs', async () => {
  writeFileSync(join(folder, 'times.parquet'), twoTimes)
  const items = [
    { code: 'local', dataType: 'T' as const },
    { code: 'instant', dataType: 'T' as const },
  ]
  const { rows } = await loadThrough(lake, connector(), { object: 'times.parquet', items })
  assert.deepEqual(rows, [{ local: '2026-01-01 20:00:00.000000', instant: '2026-01-02 04:00:00.000000' }])
  const at = "toDateTime64('2026-01-01 20:00:00.123', 3, 'UTC')"
  for (const [name, format, expected] of [
    ['times.avro', 'Avro', '2026-01-02 04:00:00.123000'],
    ['times.orc', 'ORC', '2026-01-01 20:00:00.123000'],
  ] as const) {
    await lake.command(`INSERT INTO FUNCTION file({path:String}, '${format}') SELECT ${at} AS at`, { path: join(folder, name) })
    const one = await loadThrough(lake, connector(), { object: name, items: [{ code: 'at', dataType: 'T' }] })
    assert.deepEqual([one.rows, one.agrees], [[{ at: expected }], true], format)
  }
})

test('a moment beyond the years of the lake is set aside, though it arrives as a value', async () => {
  const beyond = Buffer.from(twoTimes)
  beyond.set(micros('9999-12-31T23:59:59Z'), beyond.indexOf(micros('2026-01-01T20:00:00Z')))
  writeFileSync(join(folder, 'beyond.parquet'), beyond)
  const { quarantine } = await loadThrough(lake, connector(), { object: 'beyond.parquet', items: [{ code: 'local', dataType: 'T' }] })
  assert.deepEqual([quarantine[0]!.local, quarantine[0]!['#reason']], ['9999-12-31 23:59:59', 'ingestion.date_out_of_range'])
})

test('a number that means no value is none, though it arrives as a number', async () => {
  await lake.command("INSERT INTO FUNCTION file({path:String}, 'Parquet') SELECT toInt64(number) - 1 AS id FROM numbers(3)", {
    path: join(folder, 'missing.parquet'),
  })
  const { rows } = await loadThrough(lake, connector(), {
    object: 'missing.parquet',
    items: [{ code: 'id', dataType: 'I' }],
    missing: { id: ['-1'] },
  })
  assert.deepEqual(
    rows.map(({ id }) => id),
    [null, '0', '1'],
  )
})

test('JSON that is no UTF-8 is refused with its place, and a key that only one record has is found beside an integer without end', async () => {
  const good = Buffer.from('{"id":1,"name":"甲"}\n'.repeat(200_000))
  writeFileSync(join(folder, 'bad.jsonl'), Buffer.concat([good, Buffer.from('{"id":1,"name":"'), Buffer.from([0xff]), Buffer.from('"}\n')]))
  await assert.rejects(connector().describe('bad.jsonl', null), {
    code: 'file.undecodable',
    details: { params: { encoding: 'utf-8', offset: good.length + 16, bytes: 'FF 22 7D 0A' } },
  })
  const records = Array.from({ length: 3000 }, (_, i) => `{"id":${i}}`)
  records[2500] = '{"id":123456789012345678901234567890,"late":"晚"}'
  writeFileSync(join(folder, 'late.jsonl'), records.join('\n'))
  const { columns, estimatedRows } = await connector().describe('late.jsonl', null)
  assert.deepEqual([columns.map(({ name }) => name), estimatedRows], [['id', 'late'], 3000])
})

test('an Avro or ORC file that is cut off is refused, not loaded in part', async () => {
  for (const name of ['a.avro', 'a.orc']) {
    const whole = readFileSync(join(folder, name))
    writeFileSync(join(folder, `cut-${name}`), whole.subarray(0, whole.length - 40))
    await assert.rejects(connector().describe(`cut-${name}`, null), { code: 'file.typed_damaged' }, name)
  }
})

test('the geometry of GeoJSON survives digit by digit', async () => {
  const geometry = '{"type":"Polygon","coordinates":[[[118.08942212345678901,24.4798],[118.1,24.5],[118.08942212345678901,24.4798]]]}'
  writeFileSync(
    join(folder, 'area.geojson'),
    `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"思明区"},"geometry":${geometry}}]}`,
  )
  const { columns } = await connector().describe('area.geojson', null)
  const coordinates = columns.find(({ name }) => name.endsWith('coordinates'))!
  const { rows } = await loadThrough(lake, connector(), {
    object: 'area.geojson',
    items: [{ code: 'shape', dataType: 'M' }],
    columns: { shape: coordinates.name },
  })
  assert.equal(
    String(rows[0]!.shape).replaceAll(' ', ''),
    JSON.stringify(JSON.parse(geometry).coordinates).replaceAll('118.08942212345679', '118.08942212345678901'),
  )
})

test('a big file that the engine refuses is looked at record by record, and only its broken ones are set aside', async () => {
  const path = join(folder, 'big.csv')
  const out = createWriteStream(path)
  const filler = 'x'.repeat(400)
  const good = 180_000
  out.write('id,name\n')
  for (let i = 0; i < good; i += 1000) {
    const ok = out.write(Array.from({ length: 1000 }, (_, j) => `${i + j},${filler}\n`).join(''))
    if (!ok) await once(out, 'drain')
  }
  await new Promise<void>((done) => out.end('7,too,many\n', () => done()))
  const { read, written, quarantined, quarantine } = await loadThrough(lake, connector(), {
    object: 'big.csv',
    items: [{ code: 'id', dataType: 'I' }],
  })
  assert.deepEqual({ read, written, quarantined }, { read: good + 1, written: good, quarantined: 1 })
  assert.equal(quarantine[0]!['#reason'], 'file.defect.ragged')
  assert.deepEqual(JSON.parse(String(quarantine[0]!['#detail'])), { params: { expected: 2, found: 3 }, raw: '7,too,many' })
})

test('a workbook is described as the steward reads it: sheet, header row, no header', async () => {
  const sheet = (rows: string[][]) =>
    rows
      .map((cells, r) => {
        const texts = cells.map((text, c) => `<c r="${'AB'[c]}${r + 1}" t="inlineStr"><is><t>${text}</t></is></c>`)
        return `<row r="${r + 1}">${texts.join('')}</row>`
      })
      .join('')
  const sheets = {
    数据: sheet([['2026 年统计'], ['编号', '名称'], ['1', '甲'], ['2', '乙']]),
    说明: sheet([['本表由交通局提供']]),
  }
  copyFileSync(await buildXlsx({ sheets }), join(folder, 'book.xlsx'))
  const found = await connector().describe('book.xlsx', null)
  assert.deepEqual(found.sheets, ['数据', '说明'])
  const again = await connector().describe('book.xlsx', found.dialect)
  assert.deepEqual(again.columns, found.columns, 'what was detected reads the same when it is confirmed')
  const corrected = await connector().describe('book.xlsx', { ...found.dialect!, skipLines: 1 })
  assert.deepEqual(
    corrected.columns.map(({ name }) => name),
    ['编号', '名称'],
  )
  const without = FileDialect.parse({ ...found.dialect, hasHeader: false, skipLines: 2 })
  const { columns, rows } = await connector().preview('book.xlsx', without, 5)
  assert.equal(columns.length, 2)
  assert.deepEqual(rows, [
    ['1', '甲'],
    ['2', '乙'],
  ])
})

test('what was detected of a text file reads the same when it is confirmed', async () => {
  const files = {
    'a.csv': '导出\nid;name\n1;甲\n2;乙\n',
    'b.tsv': '1\t甲\n2\t乙\n',
    'c.csv': '# 说明\n# id,name\n1,甲\n2,乙\n',
    'd.csv': 'id|name\n1|甲\n',
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text)
    const found = await connector().describe(name, null)
    const again = await connector().describe(name, found.dialect)
    assert.deepEqual(again.columns, found.columns, name)
    assert.deepEqual(await connector().preview(name, found.dialect, 9), await connector().preview(name, null, 9), name)
  }
})
