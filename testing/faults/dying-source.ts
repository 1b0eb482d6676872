import { existsSync, readFileSync } from 'node:fs'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { startMariadb } from '../mariadb.ts'
import { startPostgres, type TestServer } from '../postgres.ts'

/** A server with one big table `firm`, whose connections and processes a test may end. */
export interface DyingSource {
  port: number
  /** What a source of the catalog says of it, but for host and port. */
  settings: object
  /** The whole table at once; `version` is the number of its rows, the same in each. */
  fill(rows: number): Promise<void>
  /** Ends every connection of others, as an administrator does. */
  endConnections(): Promise<void>
  /** kill -9 of the processes that serve the connections, where there are such. */
  killBackends(): Promise<void>
  /** Stops every process of the server as it stands, with its connections open; the answer lets them go on. */
  freeze(): Promise<() => void>
  /** kill -9 of the whole server; its data are gone. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Takes any password. */
export async function startDyingPostgres(): Promise<DyingSource> {
  const server = await startPostgres()
  const runNow = async (...texts: string[]): Promise<Record<string, unknown>[]> => {
    const admin = new pg.Client({ connectionString: server.url, application_name: 'admin' })
    admin.on('error', () => {})
    await admin.connect()
    try {
      let rows: Record<string, unknown>[] = []
      for (const text of texts) rows = (await admin.query(text)).rows
      return rows
    } finally {
      await admin.end().catch(() => {})
    }
  }
  // One after the other: who has not said his name yet, while he connects, would be ended by another administrator.
  let last: Promise<unknown> = Promise.resolve()
  const run = (...texts: string[]) => {
    const answer = last.then(() => runNow(...texts))
    last = answer.catch(() => {})
    return answer
  }
  const others = "from pg_stat_activity where backend_type = 'client backend' and application_name <> 'admin'"
  const killBackends = async () => {
    // The server ends every other connection itself when one of its processes was killed, that of a second killer too.
    const pids = await run(`select pid ${others}`).catch(() => [])
    for (const { pid } of pids) killProcess(Number(pid))
  }
  return {
    port: server.port,
    settings: { kind: 'postgresql', database: 'postgres', user: 'postgres' },
    fill: async (rows) => {
      await run(
        'drop table if exists firm',
        `create table firm as select i as id, '厦门市第'||i||'号企业有限责任公司' as name, ${rows} as version from generate_series(1, ${rows}) i`,
        'alter table firm add primary key (id)',
        'analyze firm',
      )
    },
    endConnections: async () => void (await run(`select pg_terminate_backend(pid) ${others}`)),
    killBackends,
    freeze: async () => {
      const all = await run("select pid from pg_stat_activity where backend_type = 'client backend'")
      return freezeProcesses([parentOf(Number(all[0]!.pid)), ...all.map(({ pid }) => Number(pid))])
    },
    // Backends have process groups of their own: they would live on without their server.
    kill: async () => {
      const pids = await run(`select pid ${others}`)
      await server.kill()
      for (const { pid } of pids) killProcess(Number(pid))
    },
    stop: server.stop,
  }
}

export async function startDyingMariadb(secret: string): Promise<DyingSource> {
  const server: TestServer = await startMariadb()
  const run = async (...texts: string[]): Promise<Record<string, unknown>[]> => {
    const admin = await mysql.createConnection({ uri: server.url, charset: 'utf8mb4' })
    try {
      let rows: unknown = []
      for (const text of texts) [rows] = await admin.query(text)
      return rows as Record<string, unknown>[]
    } finally {
      admin.destroy()
    }
  }
  const endConnections = async () => {
    const found = await run("select id from information_schema.processlist where user = 'reader'")
    for (const { id } of found) await run(`kill ${Number(id)}`).catch(() => {})
  }
  const password = mysql.escape(secret)
  await run(
    'create database city character set utf8mb4',
    `create user reader@'127.0.0.1' identified by ${password}`,
    "grant select on city.* to reader@'127.0.0.1'",
  )
  return {
    port: server.port,
    settings: { kind: 'mysql', database: 'city', user: 'reader' },
    fill: async (rows) => {
      await run(
        'drop table if exists city.firm',
        `create table city.firm (id int primary key, name varchar(80) not null, version int not null) engine=InnoDB
         as select seq as id, concat('厦门市第', seq, '号企业有限责任公司') as name, ${rows} as version from seq_1_to_${rows}`,
        'analyze table city.firm',
      )
    },
    endConnections,
    // One process serves all.
    killBackends: endConnections,
    freeze: async () => {
      const [found] = await run('select @@pid_file as path')
      return freezeProcesses([Number(readFileSync(String(found!.path), 'utf8'))])
    },
    kill: server.kill,
    stop: server.stop,
  }
}

const parentOf = (pid: number) => Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])

/** Those that have ended by now are none of them. */
function freezeProcesses(pids: readonly number[]): () => void {
  const alive = pids.filter((pid) => existsSync(`/proc/${pid}`))
  for (const pid of alive) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of alive) if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGCONT')
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
