import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../postgres.ts'

export interface SshServer {
  port: number
  user: string
  /** The private key that opens it. */
  key: string
  /** `SHA256:…` of the server's own key. */
  fingerprint: string
  /** Ends connections that are open; new ones are served. */
  cut(): void
  stop(): Promise<void>
}

const program = '/usr/sbin/sshd'
const keygen = '/usr/bin/ssh-keygen'
/** Whether Debian's package openssh-server is installed. */
export const hasSshd = (): boolean => existsSync(program)

/** A throw-away sshd on loopback that does nothing but SFTP, for the user who runs the tests. */
export async function startSshd(): Promise<SshServer> {
  const dir = mkdtempSync(join(tmpdir(), 'datong-sshd-'))
  const make = (name: string) => execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, name)])
  make('host')
  make('client')
  const port = await freePort()
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  writeFileSync(
    join(dir, 'config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(dir, 'host')}`,
      `AuthorizedKeysFile ${join(dir, 'client.pub')}`,
      `PidFile ${join(dir, 'pid')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication yes',
      'PermitRootLogin prohibit-password',
      'Subsystem sftp internal-sftp',
      'ForceCommand internal-sftp',
    ].join('\n'),
  )
  const child = spawn(program, ['-D', '-e', '-f', join(dir, 'config')], { stdio: 'ignore', detached: true })
  await awaitPort(port)
  const fingerprint = execFileSync(keygen, ['-lf', join(dir, 'host.pub')], { encoding: 'utf8' }).split(' ')[1]!
  const sessions = () =>
    execFileSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' })
      .split('\n')
      .map(Number)
      .filter(Boolean)
  return {
    port,
    user: userInfo().username,
    key: readFileSync(join(dir, 'client'), 'utf8'),
    fingerprint,
    cut() {
      try {
        for (const pid of sessions()) process.kill(pid, 'SIGKILL')
      } catch {
        // No session is open.
      }
    },
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      process.kill(child.pid!, 'SIGKILL')
      await ended
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function awaitPort(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isOpen = await new Promise<boolean>((done) => {
      const socket = createConnection(port, '127.0.0.1', () => done(true))
      socket.on('error', () => done(false))
      socket.on('connect', () => socket.destroy())
    })
    if (isOpen) return
    await sleep(100)
  }
  throw new Error('sshd did not start')
}
