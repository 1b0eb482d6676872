import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { needsShared, sharedPath } from '#testing/shared-folder.ts'
import { newId } from '../kernel/ids.ts'
import { openLake } from '../store/index.ts'
import { openFolder } from './connectors/folder.ts'
import { dropTables, tablesOf } from './load/lake-tables.ts'
import { loadObject, type Outcome } from './load/load-object.ts'
import { planColumns, wantedColumns } from './load/plan-columns.ts'
import { type GuessedItem, guessItem } from './source/guess-item.ts'

/** Counted by other means: lines of the CSV files without banner and header, features and records of the JSON files, rows of the sheet. */
const expected: Record<string, { files: number; rows: number; quarantined: number }> = {
  'civil-affairs/adcode': { files: 158, rows: 23_487, quarantined: 0 },
  'civil-affairs/fences': { files: 17, rows: 17, quarantined: 0 },
  'civil-affairs/streets.csv': { files: 1, rows: 41_352, quarantined: 0 },
  'ecology/air-monitoring-stations.csv': { files: 1, rows: 1900, quarantined: 0 },
  // Numbers as text; `-;` and `—` where an instrument gave none.
  'ecology/airnow.json': { files: 1, rows: 1495, quarantined: 281 },
  'health/2020-03-01.json': { files: 1, rows: 573, quarantined: 0 },
  'health/dxy': { files: 47, rows: 1626, quarantined: 0 },
  'meteorology/china-city-list.csv': { files: 1, rows: 3578, quarantined: 0 },
  'meteorology/tide-stations.csv': { files: 1, rows: 728, quarantined: 0 },
  'tourism/scenic-list.csv': { files: 1, rows: 2601, quarantined: 0 },
  'transport/high-speed-rail-timetable-20160310.xlsx': { files: 1, rows: 34_647, quarantined: 0 },
}

const dir = mkdtempSync(join(tmpdir(), 'datong-shared-'))
let lake: Awaited<ReturnType<typeof openLake>>
before(async () => {
  lake = await openLake({ dir: join(dir, 'lake') })
})
after(async () => {
  await lake.close()
  rmSync(dir, { recursive: true, force: true })
})

const folder = () => openFolder({ lake, files: { root: dir } as never }, { kind: 'folder', path: '' }, [sharedPath('data')])

/** Loads a file as reverse cataloging types it, with its contents verified. */
async function load(object: string, missing: string[] = []): Promise<Outcome> {
  const connector = folder()
  const { columns: described } = await connector.describe(object)
  const taken = new Set<string>()
  const items = described.map((column, i) => {
    const guessed: GuessedItem = { ...guessItem(column, i, taken), isRequired: false }
    taken.add(guessed.code)
    return { ...guessed, dictionary: '', unit: '' }
  })
  const mapping = items.map(({ code }, i) => ({ item: code, column: described[i]!.name, conversion: 'auto', format: '', missing, trim: true }) as const)
  const asked = wantedColumns(mapping as never, items)
  const signal = new AbortController().signal
  const reading = await connector.openReading(object, null, asked.wanted, signal)
  const tables = tablesOf(newId(), 1)
  try {
    return await loadObject({ lake, reading, columns: planColumns(asked, reading), items, tables, verify: 'content', quarantineLimit: 1, signal })
  } finally {
    await reading.close()
    await dropTables(lake, tables)
  }
}

test('every file of the shared data is loaded, with the expected counts and the expected quarantine', { ...needsShared('data'), timeout: 900_000 }, async () => {
  const objects = (await folder().listObjects()).map(({ name }) => name).filter((name) => name !== 'README.md')
  const found: typeof expected = {}
  for (const name of objects) {
    const { read, sent, written, quarantined, agrees } = await load(name)
    assert.equal(agrees, true, name)
    assert.deepEqual([sent, written + quarantined], [read, read], name)
    const key = Object.keys(expected).find((known) => name === known || name.startsWith(`${known}/`)) ?? name
    const sum = (found[key] ??= { files: 0, rows: 0, quarantined: 0 })
    sum.files++
    sum.rows += read
    sum.quarantined += quarantined
  }
  assert.deepEqual(found, expected)
})

test('the words that mean "no value" in a source leave nothing in quarantine', needsShared('data'), async () => {
  const { read, written, quarantined, reasons } = await load('ecology/airnow.json', ['-;', '—', '-'])
  assert.deepEqual({ read, written, quarantined, reasons }, { read: 1495, written: 1495, quarantined: 0, reasons: [] })
})
