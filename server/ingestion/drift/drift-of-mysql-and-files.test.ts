import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection } from 'mysql2/promise'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
import type { TestServer } from '#testing/postgres.ts'

const files = mkdtempSync(join(tmpdir(), 'datong-files-'))
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'town', name: '所在镇街', dataType: 'C', length: 40 },
] as const
let city: TestCity
before(async () => {
  city = await openTestCity({ fileRoots: [files] })
})
after(() => city.close())

async function planOf(object: string, settings: object, more: object = {}, columns: readonly string[] = ['id', 'name', 'town']) {
  const { entryId, steward } = await publishEntry(city, '厦门市商务局', { name: `名录 ${object}`, items: [...items] })
  const { id: sourceId } = await steward.call('create_source', { body: { name: `源 ${object}`, settings } as never })
  const mapping = items.map(({ code }, i) => ({ item: code, column: columns[i]! }))
  const body = { entryId, sourceId, object, mapping, quarantineLimit: 1, ...more } as never
  const { id: planId } = await steward.call('create_plan', { body })
  const load = await runPlan(steward, planId)
  assert.equal(load.error, null)
  return { steward, entryId, planId }
}

async function rowsOf(entryId: string): Promise<string[]> {
  const { lake_table } = await city.app.plane.db
    .selectFrom('catalog.resource')
    .select('lake_table')
    .where('entry_id', '=', entryId)
    .executeTakeFirstOrThrow()
  const rows = await city.app.lake.rows<Record<string, unknown>>(`SELECT id, name, town FROM lake.${lake_table} ORDER BY id`)
  return rows.map((row) => Object.values(row).join(' '))
}
const was = ['1 甲 集美', '2 乙 同安']
const lastDrift = async (steward: Client, planId: string) => (await steward.call('list_drifts', { query: { planId } })).items[0]!
const told = ({ changes }: Awaited<ReturnType<typeof lastDrift>>) => changes.map(({ kind, column, after }) => `${kind} ${column} ${after}`)

const folder = { kind: 'folder', path: '' }
const write = (name: string, ...lines: string[]) => writeFileSync(join(files, name), `${lines.join('\n')}\n`)

test('a file whose columns moved is read by their names; a new name in the old place is a likely renaming', async () => {
  write('a.csv', 'id,name,town', '1,甲,集美', '2,乙,同安')
  const { steward, entryId, planId } = await planOf('a.csv', folder)
  write('a.csv', 'town,id,name', '集美,1,甲', '同安,2,乙')
  assert.equal((await runPlan(steward, planId)).error, null)
  assert.deepEqual(await rowsOf(entryId), was)
  write('a.csv', 'town,id,title', '集美,1,甲', '同安,2,乙')
  assert.equal((await runPlan(steward, planId)).error?.code, 'ingestion.structure_drifted')
  const renamed = await lastDrift(steward, planId)
  assert.deepEqual([told(renamed), renamed.changes[0]!.isCertain], [['renamed name title'], false])
  await steward.call('accept_drift', { params: { driftId: renamed.id }, body: {} })
  assert.equal((await runPlan(steward, planId)).error, null)
  assert.deepEqual(await rowsOf(entryId), was)
  write('a.csv', 'town,id', '集美,1', '同安,2')
  assert.equal((await runPlan(steward, planId)).error?.code, 'ingestion.structure_drifted')
  assert.deepEqual(told(await lastDrift(steward, planId)), ['dropped title null'])
})

test('a file without a header has its values for a structure: columns that changed places are seen', async () => {
  const dialect = { format: 'csv', hasHeader: false } as const
  write('plain.csv', '1,甲,2020-01-02', '2,乙,2020-01-03')
  const { steward, planId } = await planOf('plain.csv', folder, { dialect }, ['列1', '列2', '列3'])
  write('plain.csv', '1,2020-01-02,甲', '2,2020-01-03,乙')
  assert.equal((await runPlan(steward, planId)).error?.code, 'ingestion.structure_drifted')
  assert.deepEqual(
    (await lastDrift(steward, planId)).changes.map(({ kind, column }) => `${kind} ${column}`),
    ['retyped 列2', 'retyped 列3'],
  )
})

if (!hasMariadb() && process.env.CI === 'true') throw new Error('Debian package mariadb-server is not installed')
if (!hasMariadb()) console.log('skipped: Debian package mariadb-server is not installed')
else {
  let server: TestServer
  let client: Connection
  before(async () => {
    server = await startMariadb()
    client = await mysql.createConnection({ uri: server.url, charset: 'utf8mb4', multipleStatements: true })
    await client.query('CREATE DATABASE city CHARACTER SET utf8mb4; USE city')
  })
  after(async () => {
    client.destroy()
    await server.stop()
  })

  async function loaded(table: string, driftPolicy: string) {
    await client.query(`CREATE TABLE ${table} (id int PRIMARY KEY, name varchar(40), town varchar(40))`)
    await client.query(`INSERT INTO ${table} VALUES (1, '甲', '集美'), (2, '乙', '同安')`)
    const settings = { kind: 'mysql', host: '127.0.0.1', port: server.port, database: 'city', user: 'datong' }
    return planOf(table, settings, { driftPolicy, verify: 'content' })
  }
  const swap = (table: string) =>
    `ALTER TABLE ${table} RENAME COLUMN name TO tmp; ALTER TABLE ${table} RENAME COLUMN town TO name; ALTER TABLE ${table} RENAME COLUMN tmp TO town`

  test('MariaDB keeps no identity of a column: names that changed places stop every policy', async () => {
    for (const policy of ['freeze', 'evolve', 'quarantine']) {
      const { steward, entryId, planId } = await loaded(`swap_${policy}`, policy)
      await client.query(swap(`swap_${policy}`))
      assert.equal((await runPlan(steward, planId)).error?.code, 'ingestion.structure_drifted', policy)
      assert.deepEqual(await rowsOf(entryId), was)
    }
  })

  test('every kind of change of a table of MariaDB is told', async () => {
    const { steward, planId } = await loaded('kinds', 'freeze')
    await client.query("ALTER TABLE kinds ADD COLUMN note text, MODIFY name varchar(80) COMMENT '名称', DROP COLUMN town")
    assert.equal((await runPlan(steward, planId)).state, 'failed')
    assert.deepEqual(told(await lastDrift(steward, planId)), [
      'dropped town null',
      'added note text',
      'retyped name varchar(80)',
      'comment name 名称',
    ])
  })

  test('names that are swapped while a load of MariaDB waits to read are noticed', async () => {
    const { steward, entryId, planId } = await loaded('waiting', 'quarantine')
    // An alteration carries the second in which it happened.
    await sleep(1100)
    await client.query('LOCK TABLES waiting WRITE')
    const { id } = await steward.call('start_load', { params: { planId } })
    const watcher = await mysql.createConnection({ uri: server.url })
    for (let isWaiting = false, tries = 0; !isWaiting; await sleep(50)) {
      assert.ok(tries++ < 400, 'the load never came to read')
      const [rows] = await watcher.query<never[]>("SELECT 1 FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'")
      isWaiting = rows.length > 0
    }
    watcher.destroy()
    await client.query(swap('waiting'))
    await client.query('UNLOCK TABLES')
    const load = await awaitLoad(steward, id)
    assert.equal(load.error?.code, 'ingestion.structure_drifted')
    assert.deepEqual(await rowsOf(entryId), was)
  })
}
