// Every dataset of ../shared/data, loaded by the routes that a steward uses, with the numbers that the files really hold.
// Columns, types and dialect are those that the description of the upload proposes, so that a wrong guess shows here as
// a quarantined row or a wrong count; a case names its own columns only where the steward would overrule the proposal.
import assert from 'node:assert/strict'
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import type { Item } from '#contract/catalog.ts'
import type { FileDialect, Load } from '#contract/ingestion.ts'
import { runPlan } from '#testing/await-load.ts'
import { buildContent, passGates } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { needsShared, sharedPath } from '#testing/shared-folder.ts'

type Columns = Record<string, Item['dataType']>

interface Dataset {
  /** One file, or the name under which several are sent as one. */
  file: string
  /** The files behind it; their bytes one after the other. */
  parts?: () => string[]
  /** Columns to load with their types; without it all that are described, as they are guessed. */
  columns?: Columns
  /** Words of the source that mean "no value". */
  missing?: string[]
  dialect: Partial<FileDialect>
  rows: number
  /** `item reason` → rows in quarantine; nothing where every row is written. */
  quarantined?: Record<string, number>
}

const dataPath = (file: string) => sharedPath('data', file)
const filesOf = (folder: string, begin = '') =>
  readdirSync(dataPath(folder))
    .filter((name) => name.startsWith(begin))
    .sort()
    .map((name) => join(folder, name))

const bare = { format: 'csv', hasHeader: false, skipLines: 0 } as const
const bannered = { format: 'csv', hasHeader: true, skipLines: 1 } as const
const divisions = 'civil-affairs/adcode'
const air = 'ecology/airnow.json'
const timetable = 'transport/high-speed-rail-timetable-20160310.xlsx'

const datasets: Record<string, Dataset> = {
  全国行政区划: { file: `${divisions}/100000.csv`, dialect: bare, rows: 1 },
  思明区行政区划: { file: `${divisions}/350203.csv`, dialect: bare, rows: 110 },
  福建省行政区划: { file: '35.csv', parts: () => filesOf(divisions, '35'), dialect: bare, rows: 18_321 },
  青海省行政区划: { file: '63.csv', parts: () => filesOf(divisions, '63'), dialect: bare, rows: 5165 },
  乡级行政区划: { file: 'civil-affairs/streets.csv', dialect: { format: 'csv', hasHeader: true, skipLines: 0 }, rows: 41_352 },
  思明区边界: { file: 'civil-affairs/fences/350203.json', dialect: { format: 'json' }, rows: 1 },
  青海省边界: { file: 'civil-affairs/fences/630000.json', dialect: { format: 'json' }, rows: 1 },
  各级边界: { file: 'fences.json', parts: () => filesOf('civil-affairs/fences'), dialect: { format: 'json' }, rows: 17 },
  空气质量监测站点: { file: 'ecology/air-monitoring-stations.csv', dialect: bannered, rows: 1900 },
  空气质量实时数据: { file: air, missing: ['-;'], dialect: { format: 'geojson' }, rows: 1495 },
  空气质量实时数据不声明缺测: {
    file: air,
    columns: { 'properties.stationcode': 'C', 'properties.pm10': 'I', 'properties.primarypollutant': 'C' },
    dialect: { format: 'geojson' },
    rows: 1495,
    quarantined: { 'c2 ingestion.not_a_number': 273 },
  },
  天气预报城市: { file: 'meteorology/china-city-list.csv', dialect: bannered, rows: 3578 },
  潮汐站点: { file: 'meteorology/tide-stations.csv', dialect: bannered, rows: 728 },
  旅游景区: { file: 'tourism/scenic-list.csv', dialect: bannered, rows: 2601 },
  疫情快照首期: {
    file: 'health/dxy/20200122-193111-dxy-2019ncov-data.csv',
    dialect: { format: 'csv', delimiter: '|', comment: '#', hasHeader: true },
    rows: 26,
  },
  疫情快照末期: {
    file: 'health/dxy/20200320-073400-dxy-2019ncov-data.csv',
    dialect: { format: 'csv', delimiter: '|', comment: '#', hasHeader: true },
    rows: 35,
  },
  疫情快照全部: {
    file: 'dxy.csv',
    parts: () => filesOf('health/dxy'),
    dialect: { format: 'csv', delimiter: '|', comment: '#', hasHeader: true },
    rows: 1626,
  },
  疫情日报: { file: 'health/2020-03-01.json', dialect: { format: 'json' }, rows: 573 },
  列车时刻: { file: timetable, dialect: { format: 'xlsx', sheet: '时刻表' }, rows: 34_647 },
  列车车站: {
    file: timetable,
    columns: { 电报码: 'C', 站名: 'C', 拼音: 'C', 经度: 'B', 纬度: 'B' },
    dialect: { format: 'xlsx', sheet: '车站' },
    rows: 672,
  },
}

const needs = needsShared('data')
let city: TestCity
let steward: Client
let officer: Client
let bureau: Client
before(async () => {
  if (needs.skip) return
  city = await openTestCity()
  steward = await city.as('厦门市民政局', 'steward')
  officer = await city.as('厦门市民政局', 'data_officer')
  bureau = await city.as('厦门市数据管理局', 'bureau_officer')
})
after(() => city?.close())

for (const [name, dataset] of Object.entries(datasets))
  test(`${name}: ${dataset.rows} rows, each written or in quarantine with its reason`, needs, async () => {
    const { entryId, load } = await loadDataset(name, dataset)
    const reasons = Object.fromEntries(load.reasons.map(({ column, reason, count }) => [`${column} ${reason}`, count]))
    const quarantined = Object.values(dataset.quarantined ?? {}).reduce((sum, count) => sum + count, 0)
    const { state, read, sent, written, agrees, error, differing } = load
    assert.deepEqual(
      { state, error, read, sent, written, quarantined: load.quarantined, agrees, differing, reasons },
      {
        state: 'succeeded',
        error: null,
        read: dataset.rows,
        sent: dataset.rows,
        written: dataset.rows - quarantined,
        quarantined,
        agrees: true,
        differing: [],
        reasons: dataset.quarantined ?? {},
      },
    )
    assert.equal((await steward.call('get_entry', { params: { entryId } })).rows, dataset.rows - quarantined)
  })

test('the cases name every file of the folder', needs, () => {
  const named = new Set(Object.values(datasets).flatMap(({ file, parts }) => parts?.() ?? [file]))
  const all = readdirSync(dataPath(''), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name))
  assert.deepEqual(
    all.filter((path) => ![...named].some((file) => dataPath(file) === path)),
    [],
  )
})

/** Sends the file, publishes an entry with the columns that are described, loads it and waits. */
async function loadDataset(name: string, dataset: Dataset): Promise<{ entryId: string; load: Load }> {
  const { id: sourceId } = await steward.call('create_source', { body: { name, settings: { kind: 'upload' } } })
  const { object } = await steward.call('upload_file', { query: { fileName: basename(dataset.file), sourceId }, body: bytesOf(dataset) })
  const described = await steward.call('describe_source_object', { params: { sourceId }, query: { object } })
  assert.ok(described.dialect)
  const dialect = { ...described.dialect, ...(described.dialect.format === 'xlsx' && dataset.dialect) }
  for (const [key, value] of Object.entries(dataset.dialect)) assert.equal(dialect[key as keyof FileDialect], value, `guessed ${key}`)
  const columns = Object.entries(
    dataset.columns ?? Object.fromEntries(described.columns.map(({ name, type }) => [name, type as Item['dataType']])),
  )
  const entryId = await publish(name, columns)
  const mapping = columns.map(([column], at) => ({ item: `c${at + 1}`, column, missing: dataset.missing ?? [] }))
  const plan = await steward.call('create_plan', {
    body: { entryId, sourceId, object, dialect, mapping, verify: 'content', ...(dataset.quarantined && { quarantineLimit: 1 }) },
  })
  return { entryId, load: await runPlan(steward, plan.id) }
}

/** Wide enough for every value of the folder: a length is the steward's to know, and not what this test is about. */
const sizes: Partial<Record<Item['dataType'], Pick<Item, 'length' | 'scale'>>> = {
  C: { length: 4000, scale: null },
  N: { length: 20, scale: 10 },
}

async function publish(name: string, columns: [string, Item['dataType']][]): Promise<string> {
  const items = columns.map(([column, dataType], at) => ({ code: `c${at + 1}`, name: column, dataType, ...sizes[dataType] }))
  const { id: revisionId, entryId } = await steward.call('create_entry', { body: { content: buildContent({ name, items }) } })
  await passGates({ entryId, revisionId, steward, officer, bureau })
  return entryId
}

const bytesOf = ({ file, parts }: Dataset): Readable =>
  parts ? Readable.from(parts().map((part) => readFileSync(dataPath(part)))) : createReadStream(dataPath(file))
