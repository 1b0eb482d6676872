import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileMessages } from '#contract/messages/files.ts'
import { buildXlsx, writeTemporary } from '#testing/build-xlsx.ts'
import { needsShared, sharedPath } from '#testing/shared-folder.ts'
import { type Lake, openLake } from '../../store/index.ts'
import { type DescribeFileInput, describeFile } from './describe-file.ts'
import type { FileDescription, PreparedFile } from './file-description.ts'
import { prepareFile } from './prepare-file.ts'

let folder = ''
let lake: Lake
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datong-describe-'))
  lake = await openLake({ dir: join(folder, 'lake') })
})
after(async () => {
  await lake.close()
  await rm(folder, { recursive: true, force: true })
})

const describe = (path: string, known: DescribeFileInput['known'] = {}) =>
  describeFile({ path, fileName: basename(path), measure: lake.measure, known })

const prepare = async (path: string, { reading, columns }: FileDescription) =>
  prepareFile({ path, reading, columns, workFolder: await mkdtemp(join(folder, 'work-')) })

const ask = <Row>({ select }: PreparedFile, what: string) =>
  lake.measure<Row>(`SELECT ${what} FROM (${select.sql})`, { ...select.parameters }, { settings: select.settings })

/** What the engine reads of a file, as objects of texts. */
async function load(path: string, known?: DescribeFileInput['known']) {
  const description = await describe(path, known)
  const prepared = await prepare(path, description)
  return { description, prepared, rows: await ask<Record<string, string | null>>(prepared, '*') }
}

const shared = needsShared('data')

/** File, dialect in short, columns, rows that the engine reads. */
const realTexts: [file: string, dialect: string, columns: number, rows: number, firstColumn: string][] = [
  ['civil-affairs/adcode/350102.csv', ', lf header null data 1', 20, 80, '列1'],
  ['civil-affairs/streets.csv', ', lf header 1 data 2', 5, 41_352, 'code'],
  ['ecology/air-monitoring-stations.csv', ', crlf header 2 data 3', 12, 1900, 'POI_ID'],
  ['meteorology/china-city-list.csv', ', crlf header 2 data 3', 14, 3578, 'Location_ID'],
  ['meteorology/tide-stations.csv', ', crlf header 2 data 3', 8, 728, 'POI_ID'],
  ['tourism/scenic-list.csv', ', crlf header 2 data 3', 13, 2601, 'POI_ID'],
  ['health/dxy/20200122-193111-dxy-2019ncov-data.csv', '| lf header 3 data 4', 5, 26, 'place'],
]

for (const [file, expected, columnCount, rows, firstColumn] of realTexts) {
  test(`real file ${file}: ${expected}, ${rows} rows`, shared, async () => {
    const path = sharedPath('data', file)
    const description = await describe(path)
    assert.equal(description.reading.format, 'csv')
    if (description.reading.format !== 'csv') return
    const { delimiter, newline, headerLine, dataLine, columnCount: width } = description.reading.dialect
    assert.equal(`${delimiter} ${newline} header ${headerLine} data ${dataLine}`, expected)
    assert.deepEqual([width, description.columns.length, description.columns[0]!.name], [columnCount, columnCount, firstColumn])
    assert.ok(description.confidence > 0.8 && description.estimatedRows === rows && description.isRowCountExact)
    const prepared = await prepare(path, description)
    assert.equal(prepared.isUntouched, true)
    assert.deepEqual(prepared.counts, { read: rows, written: rows, quarantined: 0, blank: 0 })
    assert.deepEqual(await ask(prepared, 'count() AS n'), [{ n: String(rows) }])
  })
}

test('all divisions and all snapshots of the real data are alike within their kind', shared, async () => {
  for (const [kind, expected] of [
    ['civil-affairs/adcode', ', null 1 20'],
    ['health/dxy', '| 3 4 5'],
  ]) {
    for (const name of await readdir(sharedPath('data', kind!))) {
      const path = sharedPath('data', kind!, name)
      const { reading, defects } = await describe(path)
      assert.ok(reading.format === 'csv' && defects.length === 0)
      const { delimiter, headerLine, dataLine, columnCount } = reading.dialect
      assert.equal(`${delimiter} ${headerLine} ${dataLine} ${columnCount}`, expected, name)
      const prepared = await prepare(path, await describe(path))
      assert.equal(prepared.counts?.quarantined, 0, name)
    }
  }
})

test('real file tourism/scenic-list.csv: the byte order mark goes with the banner, mixed names stay', shared, async () => {
  const { description, rows } = await load(sharedPath('data/tourism/scenic-list.csv'))
  assert.deepEqual(description.reading.format === 'csv' && description.reading.markBytes, 3)
  assert.deepEqual(description.columns.map((column) => column.name).slice(0, 3), ['POI_ID', 'POI_Name_EN', '景区名称'])
  assert.equal(rows[0]!.POI_ID, '10117030601A')
  assert.ok(description.reasons.some((reason) => reason.code === 'file.reason.banner'))
})

test('real file airnow.json: records at features, nested names, numbers as text with -; for missing', shared, async () => {
  const { description, rows } = await load(sharedPath('data/ecology/airnow.json'))
  assert.deepEqual(description.reading, { format: 'json', recordsAt: 'features', isGeoJson: true })
  assert.deepEqual([description.estimatedRows, rows.length, description.columns.length], [1495, 1495, 30])
  const pm10 = description.columns.find((column) => column.name === 'properties.pm10')!
  assert.deepEqual([pm10.guessedType, pm10.nulls, pm10.missingMarks], ['I', 273, ['-;']])
  const source = JSON.parse(await readFile(sharedPath('data/ecology/airnow.json'), 'utf8')) as {
    features: { properties: Record<string, string>; geometry: { coordinates: number[] } }[]
  }
  assert.deepEqual(
    rows.map((row) => row['properties.pm10']),
    source.features.map((feature) => feature.properties.pm10),
  )
  assert.deepEqual(JSON.parse(rows[0]!['geometry.coordinates']!), source.features[0]!.geometry.coordinates)
})

test('real file 2020-03-01.json: an array of objects with nulls', shared, async () => {
  const { description, rows } = await load(sharedPath('data/health/2020-03-01.json'))
  assert.deepEqual([description.reading.format, rows.length, description.columns.length], ['json', 573, 11])
  assert.deepEqual([rows[0]!.country, rows[0]!.province, rows[0]!.confirmed], ['阿联酋', null, '21'])
  assert.deepEqual(description.columns.find((column) => column.name === 'date')!.guessedType, 'D')
})

test('real fences: one geometry is one record', shared, async () => {
  const { description, rows } = await load(sharedPath('data/civil-affairs/fences/350200.json'))
  assert.deepEqual([description.columns.map((column) => column.name), rows.length], [['type', 'coordinates'], 1])
})

test('real timetable: the longest sheet, a header that repeats a name, times as times', shared, async () => {
  const path = sharedPath('data/transport/high-speed-rail-timetable-20160310.xlsx')
  const { description, prepared, rows } = await load(path)
  assert.deepEqual(
    description.sheets?.map((sheet) => sheet.name),
    ['简介', '车站', '车次', '时刻表'],
  )
  assert.deepEqual(description.reading, {
    format: 'xlsx',
    sheet: { sheet: '时刻表', headerRow: 1, dataRow: 2, columnCount: 15, includeHidden: false, expandMerged: false },
  })
  assert.deepEqual([description.estimatedRows, description.isRowCountExact], [34_647, false])
  assert.deepEqual(prepared.counts, { read: 34_647, written: 34_647, quarantined: 0, blank: 0 })
  assert.deepEqual([rows.length, rows[0]!.车次, rows[0]!.出发时间, rows[0]!.出发时间_2], [34_647, 'C1001', '05:47:00', '05:47:00'])
  // In the source the headings 站名 and 电报码 have changed places: nothing here may mend that in silence.
  const stations = await load(path, { sheet: { sheet: '车站' } })
  assert.deepEqual([stations.rows.length, stations.rows[0]!.站名, stations.rows[0]!.经度], [672, 'BJP', '116.427282'])
})

const vectors = needsShared('vectors')

test('published CSV vectors mean what their JSON says, by the engine', vectors, async () => {
  for (const name of await readdir(sharedPath('vectors/csv/csvs'))) {
    const text = await readFile(sharedPath('vectors/csv/csvs', name), 'utf8')
    // The stored copies of the *_crlf vectors have lost their CRs; the JSON beside them still means CRLF.
    const source = name.includes('crlf') ? text.replace(/\r?\n/g, '\r\n') : text
    const { rows, prepared } = await load(await writeTemporary(Buffer.from(source), name))
    assert.deepEqual(rows, JSON.parse(await readFile(sharedPath('vectors/csv/json', name.replace('.csv', '.json')), 'utf8')), name)
    assert.equal(prepared.isUntouched, true)
  }
})

test('the engine reads exactly what the file says: blanks, quotes, signs, empty values, marks and tabs', async () => {
  const cells = [' x ', '"q"', '\\N', "'a,b'", '', 'NULL', '5" pipe', '厦\n门', '\\t', '0012', '1e5', '=1+1', '\ufeff']
  for (const delimiter of [',', '\t', ';', '|', '\x01']) {
    const line = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)
    const header = cells.map((_, i) => `c${i}`).join(delimiter)
    const { rows } = await load(await writeTemporary(Buffer.from(`${header}\n${line}\n`), 'x.csv'), {
      dialect: { delimiter, headerLine: 1 },
    })
    assert.deepEqual(Object.values(rows[0]!), cells, JSON.stringify(delimiter))
  }
  const bare = await load(await writeTemporary(Buffer.from('a,b,c,d\n x ,5" pipe,\'y,\n'), 'x.csv'))
  assert.deepEqual(Object.values(bare.rows[0]!), [' x ', '5" pipe', "'y", ''])
})

test('a dirty GB18030 file: good rows reach the engine, broken ones the quarantine, and the numbers agree', async () => {
  const { default: iconv } = await import('iconv-lite')
  const lines = ['名单导出 2026,,', '编号,姓名,金额', '001,𠮷野,1.50', '002,李四', '003,"王五,2', '004,䶮,-;', '']
  const source = Buffer.concat([
    iconv.encode(lines.join('\r\n'), 'gb18030'),
    Buffer.from('005,'),
    Buffer.from('81', 'hex'),
    Buffer.from(',3\r\n006,x,4\r\n'),
  ])
  const { description, prepared, rows } = await load(await writeTemporary(source, 'list.csv'))
  assert.deepEqual(
    description.columns.map(({ name, guessedType }) => `${name} ${guessedType}`),
    ['编号 C', '姓名 C', '金额 N'],
  )
  assert.deepEqual(prepared.counts, { read: 6, written: 3, quarantined: 3, blank: 0 })
  assert.deepEqual(prepared.reasons, { ragged: 1, unbalanced_quote: 1, bad_bytes: 1 })
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      ['001', '𠮷野', '1.50'],
      ['004', '䶮', '-;'],
      ['006', 'x', '4'],
    ],
  )
})

test('a workbook: rows with rounded ids, impossible dates and failed formulas go to quarantine by cell', async () => {
  const row = (number: number, cells: string) => `<row r="${number}">${cells}</row>`
  const header = row(3, '<c t="str"><v>身份证号</v></c><c t="str"><v>日期</v></c><c t="str"><v>值</v></c>')
  const path = await buildXlsx({
    sheets: {
      名单: [
        row(1, '<c t="str"><v>2026 年名单</v></c>'),
        header,
        row(4, '<c t="str"><v>35020319900101123X</v></c><c s="1"><v>42439</v></c><c><f>1+1</f><v>2</v></c>'),
        row(5, '<c><v>3.50203199001011E+17</v></c><c s="1"><v>42439</v></c><c><v>1</v></c>'),
        row(6, '<c t="str"><v>a</v></c><c s="1"><v>60</v></c><c><v>1</v></c>'),
        row(7, '<c t="str"><v>b</v></c><c s="1"><v>1000</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
        row(9, '<c t="str"><v>c"，</v></c><c/><c><v>-0.50</v></c>'),
      ].join(''),
    },
    styles: [0, 14],
  })
  const { description, prepared, rows } = await load(path)
  assert.deepEqual(description.reading, {
    format: 'xlsx',
    sheet: { sheet: '名单', headerRow: 3, dataRow: 4, columnCount: 3, includeHidden: false, expandMerged: false },
  })
  assert.deepEqual(
    rows.map((one) => Object.values(one)),
    [
      ['35020319900101123X', '2016-03-10', '2'],
      ['c"，', '', '-0.5'],
    ],
  )
  assert.deepEqual(prepared.counts, { read: 5, written: 2, quarantined: 3, blank: 0 })
  assert.deepEqual(
    prepared.firstDefects.map(({ line, params }) => [line, params?.cell, params?.problem]),
    [
      [5, 'A5', 'precision_lost'],
      [6, 'B6', 'invalid_date'],
      [7, 'C7', 'error_value'],
    ],
  )
})

test('JSON keeps every digit and every shape, whatever the sample shows', async () => {
  const many = Array.from({ length: 2500 }, (_, i) => `{"id":${i},"p":{"a":1}}`).join('\n')
  const { description, rows } = await load(
    await writeTemporary(
      Buffer.from(`${many}\n{"id":12345678901234567890123,"p":{"a":1.50,"late":true},"top":"𠮷"}\n{"p":null,"id":"x"}\n`),
      'x.jsonl',
    ),
  )
  assert.deepEqual(
    description.columns.map((column) => column.name),
    ['id', 'p.a', 'p.late', 'top'],
  )
  assert.deepEqual(
    rows.slice(-2).map((row) => Object.values(row)),
    [
      ['12345678901234567890123', '1.50', 'true', '𠮷'],
      ['x', null, null, null],
    ],
  )
  const mixed = await load(await writeTemporary(Buffer.from('{"a":{"x":1}}\n{"a":5}\n{"a":[{"y":2}]}\n'), 'x.jsonl'))
  assert.deepEqual(mixed.rows, [{ a: '{"x":1}' }, { a: '5' }, { a: '[{"y":2}]' }])
  const geo =
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":12345678901234567890123,"k.x":"甲"},"geometry":null}]}'
  assert.deepEqual((await load(await writeTemporary(Buffer.from(geo), 'x.geojson'))).rows, [
    { type: 'Feature', 'properties.id': '12345678901234567890123', 'properties.k.x': '甲', geometry: null },
  ])
})

test('JSON that is broken, empty, in another encoding or of bad bytes is refused with the place', async () => {
  const refused = async (source: string | Buffer, code: string) =>
    assert.rejects(load(await writeTemporary(Buffer.from(source), 'x.json')), { code })
  await refused('[{"a":1},{"a":', 'file.json_damaged')
  await refused('[]', 'file.json_no_records')
  await refused('[{"":1}]', 'file.json_bad_key')
  await refused(Buffer.from('\ufeff[{"甲":1}]', 'utf16le'), 'file.json_not_utf8')
  const late = Buffer.concat([Buffer.from(`[{"a":"${'厦'.repeat(800_000)}"},{"a":"`), Buffer.from('e58e', 'hex'), Buffer.from('"}]')])
  await assert.rejects(load(await writeTemporary(late, 'x.json')), {
    code: 'file.undecodable',
    details: { params: { encoding: 'utf-8', offset: 2_400_016, bytes: 'E5 8E 22 7D' } },
  })
})

test('Parquet says its own types', async () => {
  const path = join(folder, 'x.parquet')
  await lake.command(
    `INSERT INTO FUNCTION file({path:String}, 'Parquet') SELECT number AS id, toDecimal64(number, 2) AS "金额", toDate('2024-01-02') AS "日期", toString(number) AS "名称" FROM numbers(1000)`,
    { path },
  )
  const { description, rows } = await load(path)
  assert.deepEqual(
    description.columns.map(({ name, guessedType }) => `${name} ${guessedType}`),
    ['id I', '金额 N', '日期 D', '名称 C'],
  )
  assert.deepEqual([description.estimatedRows, description.previewRows.length, rows.length], [1000, 100, 1000])
})

test('what cannot be read is refused by its first bytes, whatever its name says', async () => {
  const cases: [string | Buffer, string, string][] = [
    ['', 'a.csv', 'file.empty'],
    [Buffer.from('1f8b0800', 'hex'), 'a.csv.gz', 'file.compressed'],
    ['%PDF-1.7', 'a.csv', 'file.unsupported_format'],
    ['<html><table><tr><td>1</td></tr></table></html>', '报表.xls', 'file.html_table'],
    ['<?xml version="1.0"?><a/>', 'a.xml', 'file.xml_no_records'],
    [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'a.xls', 'file.legacy_xls'],
    ['PAR1xxxx', 'a.parquet', 'file.typed_damaged'],
  ]
  for (const [source, name, code] of cases) await assert.rejects(describe(await writeTemporary(Buffer.from(source), name)), { code }, name)
})

test('what a steward knows is taken as it is', async () => {
  const path = await writeTemporary(Buffer.from('甲;乙\n1,5;2\n'), 'x.csv')
  const { reading, columns } = await describe(path, { dialect: { delimiter: ';', headerLine: null, dataLine: 1 } })
  assert.ok(reading.format === 'csv' && reading.dialect.dataLine === 1 && reading.dialect.delimiter === ';')
  assert.deepEqual(
    columns.map((column) => column.name),
    ['列1', '列2'],
  )
})

test('every code of this folder and of the spreadsheets has its text', async () => {
  const folders = [import.meta.dirname, join(import.meta.dirname, 'text'), join(import.meta.dirname, '../../store/spreadsheet')]
  const codes = new Set<string>()
  for (const place of folders) {
    for (const name of await readdir(place)) {
      if (!/(?<!\.test)\.ts$/.test(name)) continue
      const text = await readFile(join(place, name), 'utf8')
      for (const [, code] of text.matchAll(/'(file\.[a-z_.0-9]+)'/g)) codes.add(code!)
      if (name === 'detect-header.ts')
        for (const [, , reason] of text.matchAll(/verdict\((true|false), [\d.]+, '(\w+)'/g)) codes.add(`file.reason.${reason}`)
      if (name === 'detect-encoding.ts')
        for (const [, reason] of text.matchAll(/found\([^)]*?'(\w+_\w+)'/g)) codes.add(`file.reason.${reason}`)
      if (name === 'file-dialect.ts') for (const [, reason] of text.matchAll(/\| '(\w+)' \/\//g)) codes.add(`file.defect.${reason}`)
      if (name === 'read-cell.ts') for (const [, problem] of text.matchAll(/\| '(\w+)' \/\//g)) codes.add(`file.cell.${problem}`)
    }
  }
  assert.ok(codes.size > 70, String(codes.size))
  assert.deepEqual(
    [...codes].filter((code) => !(code in fileMessages)),
    [],
  )
})

test('a file in another encoding than was said is refused record by record, never passed over as a preamble', async () => {
  const path = join(folder, 'other-encoding.csv')
  // GB18030 of 甲: no line below the header is UTF-8.
  await writeFile(
    path,
    Buffer.concat([Buffer.from('id,name\n'), ...Array.from({ length: 50 }, (_, i) => Buffer.from(`${i},\xbc\xd7\n`, 'latin1'))]),
  )
  const known = { format: 'csv', encoding: 'utf-8', dialect: { delimiter: ',', quote: '"', headerLine: 1 } } as const
  const { prepared } = await load(path, known)
  assert.deepEqual([prepared.counts?.read, prepared.counts?.written, prepared.counts?.quarantined], [50, 0, 50])
})
