import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../testing/postgres.ts'

export interface CityProcess {
  url: string
  secondsToHealthy: number
  output(): string
  child: ChildProcess
  residentBytes(): number
  stop(): Promise<void>
}

/** Starts the program as its own process, as `npm start` does, and waits until /healthz answers. */
export async function startCityProcess(home: string, args: string[] = [], env: Record<string, string> = {}): Promise<CityProcess> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn(process.execPath, ['server/main.ts', 'serve', ...args], {
    env: { ...process.env, LOG_LEVEL: 'error', ...env, DATONG_HOME: home, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (data) => {
    output += data
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(`${url}/healthz`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`the city ended: ${output}`)
    await sleep(10)
  }
  return {
    url,
    child,
    secondsToHealthy: (performance.now() - started) / 1000,
    output: () => output,
    residentBytes: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done())
        child.kill('SIGTERM')
      }),
  }
}

/** Signs in over HTTP with a one-time password that the city printed, changes it, and calls on. */
export async function signIn(city: CityProcess, loginName: string): Promise<(path: string) => Promise<Response>> {
  const password = new RegExp(`^\\s+${loginName}\\s+(\\S+)`, 'm').exec(city.output())?.[1]
  if (!password) throw new Error(`the city printed no password of ${loginName}`)
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(city.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  const first = await post('/api/v1/security/sessions', { loginName, password })
  const cookieOf = (response: Response) => response.headers.getSetCookie()[0]!.split(';')[0]!
  const { csrfToken } = (await first.json()) as { csrfToken: string }
  const changed = await post(
    '/api/v1/security/sessions/current/password',
    { oldPassword: password, newPassword: `${password}-Bench1` },
    { cookie: cookieOf(first), 'x-csrf-token': csrfToken },
  )
  const cookie = changed.headers.getSetCookie().length > 0 ? cookieOf(changed) : cookieOf(first)
  return (path) => fetch(city.url + path, { headers: { cookie } })
}
