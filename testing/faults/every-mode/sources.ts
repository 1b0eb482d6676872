import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { TestServer } from '../../postgres.ts'
import { dirtyRows, every, kinds, type Row, rowsOfFileAt, step, streamed, window } from './contents.ts'

/** The departments' database and folder: they outlive the city. */
export interface Departments {
  port: number
  database: string
  folder: string
}

export const connect = async ({ port, database }: Departments): Promise<pg.Client> => {
  const client = new pg.Client({ host: '127.0.0.1', port, database, user: 'postgres' })
  await client.connect()
  return client
}

const columns = "i AS id, '厦门市第'||i||'号企业' AS name"
/** Slices are made by the server's own estimate. */
const asBig = "UPDATE pg_class SET reltuples = 3000000 WHERE relname = 'sliced'"

/** A database and a folder of their own, with version 0 of everything. The server's `wal_level` is `logical`. */
export async function openDepartments(server: TestServer, database: string, folder: string): Promise<Departments> {
  const admin = new pg.Client(server.url)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${database}`)
  await admin.end()
  const departments = { port: server.port, database, folder }
  await fill(departments)
  return departments
}

async function fill(departments: Departments): Promise<void> {
  const client = await connect(departments)
  const changing = kinds.filter(({ name }) => ['incremental', 'compare', 'history'].includes(name))
  for (const object of [...changing.map(({ object }) => object), streamed.object])
    await client.query(`CREATE TABLE ${object} (id bigint PRIMARY KEY, name text, version int, changed_at timestamp);
      INSERT INTO ${object} SELECT ${columns}, 0, timestamp '2026-01-01' FROM generate_series(1, ${window}) i`)
  await client.query(`CREATE TABLE sliced (id bigint PRIMARY KEY, name text, version int) WITH (autovacuum_enabled = false);
    CREATE TABLE moved (object text PRIMARY KEY, version int);
    ALTER TABLE ${streamed.object} REPLICA IDENTITY FULL; CREATE PUBLICATION datong FOR TABLE ${streamed.object}`)
  for (const { object } of [...kinds, streamed]) await client.query('INSERT INTO moved VALUES ($1, 0)', [object])
  await client.end()
  mkdirSync(join(departments.folder, 'append'), { recursive: true })
}

/** Moves one object on to its next version, all of it or nothing, and says which that is. */
export async function moveOn(client: pg.Client, { folder }: Pick<Departments, 'folder'>, object: string): Promise<number> {
  const { rows } = await client.query('SELECT version FROM moved WHERE object = $1', [object])
  const version = (rows[0]!.version as number) + 1
  if (object === 'full.csv') writeWhole(join(folder, object), fullFile(version))
  // Old enough to be taken for finished.
  else if (object.startsWith('append/'))
    writeWhole(join(folder, 'append', `${String(version).padStart(6, '0')}.csv`), csvOf(rowsOfFileAt(version)))
  const statements = object === 'sliced' ? replaceAll(version) : object.includes('.') ? [] : change(object, version)
  await client.query(['BEGIN', ...statements, `UPDATE moved SET version = ${version} WHERE object = '${object}'`, 'COMMIT'].join('; '))
  return version
}

const change = (object: string, version: number): string[] => [
  `INSERT INTO ${object} SELECT ${columns}, ${version}, NULL FROM generate_series(${window + step * (version - 1) + 1}, ${window + step * version}) i`,
  `UPDATE ${object} SET version = ${version} WHERE id % ${every} = ${version % every}`,
  ...(object === 'incremental' ? [] : [`DELETE FROM ${object} WHERE id <= ${step * version}`]),
  `UPDATE ${object} SET changed_at = timestamp '2026-01-01' + interval '1 minute' * version WHERE version = ${version}`,
]

const replaceAll = (version: number): string[] => [
  'TRUNCATE sliced',
  `INSERT INTO sliced SELECT ${columns}, ${version} FROM generate_series(1, ${kinds.find(({ object }) => object === 'sliced')!.rowsAt(version).length}) i`,
  asBig,
]

const line = ({ id, version }: Row) => `${id},第${id}号企业,${version}`
const csvOf = (rows: readonly Row[]) => ['id,name,version', ...rows.map(line), ''].join('\n')

function fullFile(version: number): string {
  const clean = kinds.find(({ name }) => name === 'full')!.rowsAt(version)
  const dirty = Array.from({ length: dirtyRows }, (_, i) => `坏${i},编号不是数字,${version}`)
  return ['id,name,version', ...clean.slice(0, 100).map(line), ...dirty, ...clean.slice(100).map(line), ''].join('\n')
}

/** A reader finds the old file or the new one. */
function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.part`
  writeFileSync(unfinished, text)
  const longAgo = new Date(Date.now() - 3600_000)
  utimesSync(unfinished, longAgo, longAgo)
  renameSync(unfinished, path)
}
