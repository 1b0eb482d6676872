// Executes docs/TOUR.md against a fresh city and compares what it prints. In a ```console block a line that begins with
// `$ ` is a command and `> ` goes on with it; the lines below it are what it must print, where `…` stands for anything.
// Commands share one shell, so variables last. `--update` writes the real output back, for review in the diff.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../testing/postgres.ts'

interface Step {
  line: number
  command: string
  expected: string[]
}

export function readSteps(text: string): Step[] {
  const steps: Step[] = []
  let isInside = false
  for (const [index, line] of text.split('\n').entries()) {
    const last = steps.at(-1)
    if (line.startsWith('```')) isInside = line === '```console'
    else if (isInside && line.startsWith('$ ')) steps.push({ line: index + 1, command: line.slice(2), expected: [] })
    else if (isInside && line.startsWith('> ') && last?.expected.length === 0) last.command += `\n${line.slice(2)}`
    else if (isInside) last?.expected.push(line)
  }
  return steps
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
export const agrees = (expected: readonly string[], actual: readonly string[]): boolean =>
  new RegExp(
    `^${expected.map((line) => (line.trim() === '…' ? '(?:.*\n)*?.*' : literal(line.trimEnd()).replaceAll('…', '.*'))).join('\n')}$`,
  ).test(actual.map((line) => line.trimEnd()).join('\n'))

async function openShell(env: Record<string, string>) {
  const shell = spawn('bash', ['--noprofile', '--norc'], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] })
  let output = ''
  shell.stdout.on('data', (data) => {
    output += data
  })
  return {
    async run(command: string): Promise<string[]> {
      const mark = `end-${Math.random()}`
      output = ''
      shell.stdin.write(`{ ${command}\n} 2>&1\necho; echo ${mark}\n`)
      for (let waited = 0; !output.includes(mark); waited += 20) {
        if (waited > 120_000) throw new Error(`no end after 120 s: ${command}`)
        await sleep(20)
      }
      return output
        .slice(0, output.indexOf(mark))
        .replace(/\n{1,2}$/, '')
        .split('\n')
        .filter((line, at, all) => at < all.length - 1 || line !== '')
    },
    close: () => shell.kill(),
  }
}

/** Starts a city as `npm start` does and gives its address and the passwords that it printed. */
async function startCity(home: string) {
  const port = await freePort()
  const child = spawn(process.execPath, ['server/main.ts', 'serve'], {
    env: { ...process.env, DATONG_HOME: home, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (data) => {
    output += data
  })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the city ended: ${output}`)
    if (output.includes(`${url}/`)) break
    await sleep(200)
  }
  return {
    url,
    passwords: output,
    stop: () =>
      new Promise((done) => {
        child.once('exit', done)
        child.kill('SIGTERM')
      }),
  }
}

async function main(): Promise<number> {
  const path = new URL('../docs/TOUR.md', import.meta.url)
  const text = readFileSync(path, 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'datong-tour-'))
  const city = await startCity(join(folder, 'home'))
  writeFileSync(join(folder, 'passwords.txt'), city.passwords)
  const bin = new URL('../cli/', import.meta.url).pathname
  const shell = await openShell({
    DATONG_URL: city.url,
    DATONG_SESSION: join(folder, 'session.json'),
    TOUR: folder,
    DOCS: new URL('../docs/', import.meta.url).pathname,
    BIN: bin,
  })
  await shell.run(`cd "$TOUR"; datong() { node "$BIN/main.ts" "$@"; }`)
  let failures = 0
  const found: [Step, string[]][] = []
  for (const step of readSteps(text)) {
    const actual = await shell.run(step.command)
    if (process.stdout.isTTY) process.stdout.write('.')
    found.push([step, actual])
    if (agrees(step.expected, actual)) continue
    failures++
    console.error(
      `docs/TOUR.md:${step.line}\n$ ${step.command}\n--- expected\n${step.expected.join('\n')}\n--- printed\n${actual.join('\n')}\n`,
    )
  }
  if (process.argv.includes('--update')) writeFileSync(path, update(text, found))
  shell.close()
  await city.stop()
  rmSync(folder, { recursive: true, force: true })
  console.log(`${found.length - failures} of ${found.length} steps of docs/TOUR.md print what they say`)
  return failures > 0 || found.length === 0 ? 1 : 0
}

/** The document with the real output below every command whose expectation no longer holds. */
function update(text: string, found: [Step, string[]][]): string {
  const lines = text.split('\n')
  for (const [step, actual] of [...found].reverse()) {
    if (!agrees(step.expected, actual)) lines.splice(step.line - 1 + step.command.split('\n').length, step.expected.length, ...actual)
  }
  return lines.join('\n')
}

if (process.argv[1]?.endsWith('tour.ts')) process.exit(await main())
