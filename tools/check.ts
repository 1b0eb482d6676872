// `npm run check`: everything that can be said of the code without a browser, under a minute. Independent checks run
// side by side; each prints only when it fails.
import { spawn } from 'node:child_process'

const checks: [string, string[]][] = [
  ['types', ['tsc', '-p', '.']],
  ['portal types', ['tsc', '-p', 'portal']],
  ['lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['unused', ['knip', '--no-progress']],
  ['shape', ['node', 'tools/check-shape.ts']],
  ['boundaries', ['node', 'tools/check-boundaries.ts']],
  ['portal text', ['node', 'tools/check-portal-text.ts']],
  ['schema', ['node', 'tools/dump-schema.ts', '--check']],
  ['openapi', ['node', 'tools/dump-openapi.ts', '--check']],
  ['unit tests', ['node', 'tools/test.ts', '--unit']],
]

function run([name, [command, ...args]]: [string, string[]]): Promise<boolean> {
  const started = performance.now()
  return new Promise((done) => {
    const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.stderr.on('data', (data) => {
      output += data
    })
    child.on('close', (status) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      console.log(`${status === 0 ? '✓' : '✗'} ${name} ${seconds} s`)
      if (status !== 0) console.log(output.slice(-8000))
      done(status === 0)
    })
  })
}

// Two at a time: the machine that this is measured on has two cores.
const queue = [...checks]
const results: boolean[] = []
const worker = async () => {
  for (let next = queue.shift(); next; next = queue.shift()) results.push(await run(next))
}
await Promise.all([worker(), worker()])
process.exit(results.every(Boolean) ? 0 : 1)
