import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection } from 'mysql2/promise'
import pg from 'pg'
import { startMariadb } from '../mariadb.ts'
import { freePort, postgresBin, startPostgres, type TestServer } from '../postgres.ts'

/** The systems of a city's departments: two database servers, a folder, a replica, and a server that never answers. */
export interface NightSources {
  postgres: pg.Client
  postgresPort: number
  mariadb: Connection
  mariadbPort: number
  folder: string
  replicaPort: number
  /** It has what is there now, and stays at that. */
  pauseReplica(): Promise<void>
  hangingPort: number
  /** Nobody listens there. */
  closedPort: number
  stop(): Promise<void>
}

export async function startSources(): Promise<NightSources> {
  const folder = mkdtempSync(join(tmpdir(), 'datong-night-'))
  const server = await startPostgres({ wal_level: 'replica', max_wal_senders: '5' })
  const postgres = new pg.Client(server.url)
  await postgres.connect()
  await postgres.query(
    'CREATE ROLE reader LOGIN; CREATE SCHEMA IF NOT EXISTS public; GRANT pg_read_all_data TO reader; CREATE ROLE stranger LOGIN',
  )
  const other = await startMariadb()
  const mariadb = await mysql.createConnection({ uri: other.url, charset: 'utf8mb4', multipleStatements: true })
  await mariadb.query(
    "CREATE DATABASE city CHARACTER SET utf8mb4; CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'right'; GRANT SELECT ON *.* TO reader@'127.0.0.1'; USE city",
  )
  const replica = await startReplica(server.port)
  const hanging = await openHanging()
  return {
    postgres,
    postgresPort: server.port,
    mariadb,
    mariadbPort: other.port,
    folder,
    replicaPort: replica.port,
    pauseReplica: () => replica.pause(postgres),
    hangingPort: hanging.port,
    closedPort: await freePort(),
    async stop() {
      hanging.close()
      mariadb.destroy()
      await postgres.end()
      await replica.stop()
      await server.stop()
      await other.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A server that takes connections and says nothing, for ever. */
async function openHanging(): Promise<{ port: number; close(): void }> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket.on('error', () => {}))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  return {
    port,
    close() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

/** A standby of the server; once its replay is paused it answers with yesterday's rows. */
async function startReplica(primary: number): Promise<Pick<TestServer, 'port' | 'stop'> & { pause(of: pg.Client): Promise<void> }> {
  const bin = postgresBin()!
  const dir = mkdtempSync(join(tmpdir(), 'datong-replica-'))
  chmodSync(dir, 0o777)
  const data = join(dir, 'data')
  const port = await freePort()
  const as = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
  const [copy, ...copying] = [
    ...as,
    join(bin, 'pg_basebackup'),
    '-h',
    '127.0.0.1',
    '-p',
    String(primary),
    '-U',
    'postgres',
    '-D',
    data,
    '-R',
    '-c',
    'fast',
    '--no-sync',
  ]
  execFileSync(copy!, copying, { stdio: 'ignore', cwd: '/' })
  const [program, ...args] = [
    ...as,
    join(bin, 'postgres'),
    '-D',
    data,
    '-c',
    `port=${port}`,
    '-c',
    `unix_socket_directories=${dir}`,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'max_connections=200',
  ]
  const child = spawn(program!, args, { stdio: 'ignore', cwd: '/', detached: true })
  const ended = new Promise((done) => child.once('exit', done))
  for (let tries = 0; ; tries++) {
    const client = new pg.Client(`postgres://postgres@127.0.0.1:${port}/postgres`)
    try {
      await client.connect()
      await client.end()
      break
    } catch (error) {
      if (tries > 150) throw error
      await sleep(100)
    }
  }
  return {
    port,
    async pause(of) {
      const { rows } = await of.query('SELECT pg_current_wal_lsn() AS lsn')
      const client = new pg.Client(`postgres://postgres@127.0.0.1:${port}/postgres`)
      await client.connect()
      for (let tries = 0; tries < 300; tries++) {
        const { rows: found } = await client.query('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS there', [rows[0].lsn])
        if (found[0].there) break
        await sleep(100)
      }
      await client.query('SELECT pg_wal_replay_pause()')
      await client.end()
    },
    async stop() {
      process.kill(child.pid!, 'SIGINT')
      await ended
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** `count` rows: number, name, money, day, time of change. */
export const createInPostgres = (client: pg.Client, table: string, count: number) =>
  client.query(
    `CREATE TABLE ${table} AS SELECT i AS id, '第' || i || '号事项' AS name, (i * 1.25)::numeric(12,2) AS amount,
       date '2020-01-01' + (i % 2000)::int AS day, timestamp '2026-01-01' + i * interval '1 minute' AS changed
     FROM generate_series(1, ${count}) i; ALTER TABLE ${table} ADD PRIMARY KEY (id); GRANT SELECT ON ${table} TO reader`,
  )

export const createInMariadb = (client: Connection, table: string, count: number) =>
  client.query(
    `CREATE TABLE ${table} (id INT PRIMARY KEY, name VARCHAR(60), amount DECIMAL(12,2), day VARCHAR(20), changed DATETIME);
     INSERT INTO ${table} SELECT seq, concat('第', seq, '号事项'), seq * 1.25, date_format('2020-01-01' + INTERVAL (seq % 2000) DAY, '%Y-%m-%d'), '2026-01-01' + INTERVAL seq MINUTE FROM seq_1_to_${count}`,
  )

const fileRows = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    name: `第${i + 1}号事项`,
    amount: ((i + 1) * 1.25).toFixed(2),
    day: new Date(Date.UTC(2020, 0, 1 + (i % 2000))).toISOString().slice(0, 10),
    changed: new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString().slice(0, 19).replace('T', ' '),
  }))

export const writeCsvFile = (path: string, count: number) =>
  writeFileSync(path, ['id,name,amount,day,changed', ...fileRows(count).map((row) => Object.values(row).join(',')), ''].join('\n'))
export const writeJsonFile = (path: string, count: number) => writeFileSync(path, JSON.stringify(fileRows(count)))
