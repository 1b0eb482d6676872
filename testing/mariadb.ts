import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import { freePort, type TestServer } from './postgres.ts'

const server = '/usr/sbin/mariadbd'
const install = '/usr/bin/mariadb-install-db'

/** Whether Debian's package mariadb-server is installed. */
export const hasMariadb = (): boolean => existsSync(server) && existsSync(install)

/**
 * A throw-away MariaDB of Debian's package in a temporary folder, owned by the user `mysql`, on loopback. Its accounts
 * `root` and, named in `url`, `datong` have every right and no password; `datong` may only connect by TCP.
 */
export async function startMariadb(settings: Record<string, string> = {}): Promise<TestServer> {
  if (!hasMariadb()) throw new Error('Debian package mariadb-server is not installed')
  const dir = mkdtempSync(join(tmpdir(), 'datong-mariadb-'))
  chmodSync(dir, 0o777)
  const data = join(dir, 'data')
  const port = await freePort()
  const asMysql = process.getuid?.() === 0 ? ['setpriv', '--reuid=mysql', '--regid=mysql', '--clear-groups'] : []
  const run = (program: string, ...args: string[]) => [...asMysql, program, ...args] as [string, ...string[]]
  const [installer, ...installing] = run(
    install,
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  )
  execFileSync(installer, installing, { stdio: 'ignore', cwd: '/' })
  const options = {
    datadir: data,
    socket: join(dir, 'socket'),
    pid_file: join(dir, 'pid'),
    bind_address: '127.0.0.1',
    port: String(port),
    character_set_server: 'utf8mb4',
    innodb_flush_log_at_trx_commit: '0',
    innodb_buffer_pool_size: '64M',
    ...settings,
  }
  const [program, ...args] = run(
    server,
    '--no-defaults',
    '--skip-name-resolve',
    ...Object.entries(options).map(([name, value]) => `--${name.replaceAll('_', '-')}=${value}`),
  )
  const child = spawn(program, args, { stdio: 'ignore', cwd: '/', detached: true })
  await ready(join(dir, 'socket'))
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((done) => child.once('exit', done))
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(child.pid!, signal)
      await ended
    }
    rmSync(dir, { recursive: true, force: true })
  }
  return { url: `mysql://datong@127.0.0.1:${port}/mysql`, port, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

async function ready(socketPath: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      const client = await mysql.createConnection({ socketPath, user: 'root' })
      await client.query("CREATE USER IF NOT EXISTS datong@'127.0.0.1'")
      await client.query("GRANT ALL ON *.* TO datong@'127.0.0.1' WITH GRANT OPTION")
      await client.end()
      return
    } catch {
      await sleep(100)
    }
  }
  throw new Error('MariaDB did not start')
}
