import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface TestServer {
  url: string
  port: number
  stop(): Promise<void>
  kill(): Promise<void>
}

export interface PostgresServer extends TestServer {
  /** kill -9 of every process; the answer starts the server again on what it has on its disk. */
  crash(): Promise<() => Promise<void>>
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (!address || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Folder of Debian's PostgreSQL programs, the newest version; undefined when the package is missing. */
export function postgresBin(): string | undefined {
  const root = '/usr/lib/postgresql'
  const version = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a))[0] : undefined
  return version && join(root, version, 'bin')
}

/** A throw-away PostgreSQL of Debian's package in a temporary folder, owned by the user `postgres`, on loopback. */
export async function startPostgres(settings: Record<string, string> = {}): Promise<PostgresServer> {
  const bin = postgresBin()
  if (!bin) throw new Error('Debian package postgresql is not installed')
  const dir = mkdtempSync(join(tmpdir(), 'datong-pg-'))
  chmodSync(dir, 0o777)
  const data = join(dir, 'data')
  const port = await freePort()
  const asPostgres = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : []
  const initdb = [
    ...asPostgres,
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  execFileSync(initdb[0]!, initdb.slice(1), { stdio: 'ignore', cwd: '/' })
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: dir,
    fsync: 'off',
    max_connections: '200',
    ...settings,
  }
  const command = [
    ...asPostgres,
    join(bin, 'postgres'),
    '-D',
    data,
    ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const start = async () => {
    const child = spawn(command[0]!, command.slice(1), { stdio: 'ignore', cwd: '/', detached: true })
    await ready(join(bin, 'pg_isready'), port)
    return child
  }
  let child = await start()
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((done) => child.once('exit', done))
    if (child.exitCode === null && child.signalCode === null) {
      // Each backend leads a group of its own, and would go on for a while without its server.
      const backends = signal === 'SIGKILL' ? readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ') : []
      process.kill(child.pid!, signal)
      for (const pid of backends.filter(Boolean)) endAtOnce(Number(pid))
      await ended
    }
  }
  const leave = async (signal: NodeJS.Signals) => {
    await end(signal)
    rmSync(dir, { recursive: true, force: true })
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    stop: () => leave('SIGINT'),
    kill: () => leave('SIGKILL'),
    crash: async () => {
      await end('SIGKILL')
      return async () => {
        child = await start()
      }
    },
  }
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

async function ready(program: string, port: number): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    try {
      execFileSync(program, ['-h', '127.0.0.1', '-p', String(port), '-q'], { stdio: 'ignore' })
      return
    } catch {
      await sleep(100)
    }
  }
  throw new Error('PostgreSQL did not start')
}
