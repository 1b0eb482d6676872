import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Connector } from '../../server/ingestion/connectors/connector.ts'
import type { SqlDialect } from '../../server/ingestion/digest/source-digest.ts'
import { type Lake, openLake } from '../../server/store/index.ts'
import { loadThrough } from '../lake/load-through.ts'

/** A database that is there for the suite, and what it calls things. */
export interface SourceUnderTest {
  connector: (lake: Lake) => Connector
  run: (sql: string) => Promise<unknown>
  dialect: SqlDialect
  /** The table, quoted and with its schema. */
  table: string
  types: { integer: string; text: string; decimal: string; day: string; time: string }
  /** A time as a literal of the database. */
  time: (text: string) => string
  day: (text: string) => string
  /** Oracle takes an empty text for none. */
  emptyIsNull?: boolean
  close: () => Promise<unknown>
}

const object = 'datong_suite'
export const suiteTable = object

/** What every database must do, whatever reads it: the same for those of Debian's packages and for a server whose address is given. */
export const sourceSuite = (name: string, open: () => Promise<SourceUnderTest>) => describe(name, () => testSource(open))

function testSource(open: () => Promise<SourceUnderTest>): void {
  const dir = mkdtempSync(join(tmpdir(), 'datong-suite-'))
  let lake: Lake
  let source: SourceUnderTest
  const rows: (string | null)[][] = [
    ['1', '甲😀', '12.3400', '2024-02-29', '2024-02-29 23:59:59.123456'],
    ['2', "o'b\\é", '-0.5000', '1930-01-02', '1930-01-02 00:00:00'],
    ['9007199254740993', null, '0.0000', null, '1999-12-31 12:00:00.5'],
    ['-4', '', '9999999999.9999', '2299-12-31', null],
    ['5', '长'.repeat(300), null, '1900-01-01', '2024-01-01 00:00:00'],
  ]
  before(async () => {
    lake = await openLake({ dir })
    source = await open()
    const { run, table, types, dialect, day, time } = source
    await run(`DROP TABLE ${table}`).catch(() => {})
    const { name } = dialect
    await run(
      `CREATE TABLE ${table} (${name('id')} ${types.integer} NOT NULL PRIMARY KEY, ${name('名 称')} ${types.text}, ${name('fare')} ${types.decimal}, ${name('day')} ${types.day}, ${name('at')} ${types.time})`,
    )
    const literal = (wrap: (text: string) => string) => (text: string | null) => (text === null ? 'NULL' : wrap(text))
    for (const [id, text, fare, born, at] of rows)
      await run(
        `INSERT INTO ${table} VALUES (${id}, ${literal(dialect.text)(text!)}, ${fare ?? 'NULL'}, ${literal(day)(born!)}, ${literal(time)(at!)})`,
      )
  })
  after(async () => {
    await source.run(`DROP TABLE ${source.table}`)
    await source.close()
    await lake.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const items = [
    { code: 'id', dataType: 'I', isKey: true },
    { code: 'name', dataType: 'C', length: 400 },
    { code: 'fare', dataType: 'N', length: 14, scale: 4 },
    { code: 'day', dataType: 'D' },
    { code: 'at', dataType: 'T' },
  ] as const
  const load = () => loadThrough(lake, source.connector(lake), { object, items: [...items], columns: { name: '名 称' } })

  test('the table is listed, described and shown', async () => {
    const connector = source.connector(lake)
    assert.ok((await connector.listObjects()).some((found) => found.name === object && found.kind === 'table'))
    const { columns } = await connector.describe(object, null)
    assert.deepEqual(
      columns.map(({ name, isKey, nullable }) => [name, isKey, nullable]),
      ['id', '名 称', 'fare', 'day', 'at'].map((column) => [column, column === 'id', column !== 'id']),
    )
    const { rows: shown } = await connector.preview(object, null, 3)
    assert.equal(shown.length, 3)
    await assert.rejects(connector.describe('datong_none', null), { code: 'ingestion.object_unknown' })
    assert.equal((await connector.check()).ok, true)
    const { stamp, columns: declared } = await connector.structure!(object, null)
    assert.ok(stamp)
    assert.equal(declared.length, 5)
  })

  test('every value arrives exactly, and agrees with what the source holds', async () => {
    const { rows: stored, read, written, agrees } = await load()
    assert.deepEqual({ read, written, agrees }, { read: rows.length, written: rows.length, agrees: true })
    const expected = rows.map(([id, text, fare, day, at]) => ({
      id,
      name: text === '' && source.emptyIsNull ? null : text,
      fare: fare === null ? null : fare!.replace(/\.?0+$/, ''),
      day,
      at: at === null ? null : `${at!.padEnd(20, '.')}`.slice(0, 20).concat(at!.slice(20).padEnd(6, '0')),
    }))
    const byId = (one: { id?: unknown }, other: { id?: unknown }) => Number(BigInt(String(one.id)) - BigInt(String(other.id)))
    assert.deepEqual(stored.sort(byId), expected.sort(byId))
  })

  test('only what is new is read where that is asked', async () => {
    const { signal } = new AbortController()
    const wanted = [{ column: 'id', type: { kind: 'integer', size: 64, scale: 0 }, conversion: 'integer', missing: [] }] as never
    const reading = await source
      .connector(lake)
      .openReading(object, null, wanted, signal, { column: 'at', from: '1999-12-31 12:00:00.500000' })
    try {
      assert.equal(await reading.count(), 4, 'with the row that has no time')
      const whole = await reading.compareWhole!('2024-02-29 23:59:59.123456')
      assert.deepEqual([whole.rows, whole.isOlder], [5, false])
      assert.equal((await reading.compareWhole!('2024-02-29 23:59:59.123457')).isOlder, true)
    } finally {
      await reading.close()
    }
  })

  test('a column that is gone is said before anything is read', async () => {
    await assert.rejects(loadThrough(lake, source.connector(lake), { object, items: [{ code: 'gone', dataType: 'C', length: 9 }] }), {
      code: 'ingestion.column_gone',
    })
  })
}
