// Runs the tests and prints `N passed, M failed`. `--unit`: rules and words only, in one process. STORE=pg starts
// PostgreSQL first; with LAKE=clickhouse every test city starts a
// server of its own, with LAKE=cluster two that hold a shard each. Other arguments name files or folders.
import { globSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { startPostgres } from '../testing/postgres.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { unit: { type: 'boolean', default: false } } })
const unitFolders = ['contract', 'server/kernel', 'server/http', 'tools', 'cli']
const allFolders = ['contract', 'server', 'portal', 'cli', 'tools', 'testing', 'demo', 'bench']

function filesOf(places: string[]): string[] {
  return places
    .flatMap((place) =>
      place.endsWith('.ts')
        ? [place]
        : globSync(`${place}/**/*.test.{ts,tsx}`, { exclude: (name) => name === 'node_modules' || name === 'dist' }),
    )
    .sort()
}

const stops: (() => Promise<void>)[] = []
if (process.env.STORE === 'pg') {
  const server = await startPostgres()
  process.env.TEST_DATABASE_URL = server.url
  stops.push(server.stop)
}
const files = filesOf(positionals.length > 0 ? positionals : values.unit ? unitFolders : allFolders)
let passed = 0
let failed = 0
const counts = (data: { details: { type?: string } }) => data.details.type !== 'suite'
const stream = run({ files, concurrency: 2, isolation: values.unit ? 'none' : 'process', timeout: 30 * 60_000 })
stream.on('test:pass', (data) => {
  if (counts(data) && !data.skip) passed++
})
stream.on('test:fail', (data) => {
  if (counts(data)) failed++
})
stream.compose(spec()).pipe(process.stdout)
stream.on('end', async () => {
  for (const stop of stops) await stop()
  setImmediate(() => {
    console.log(`${passed} passed, ${failed} failed`)
    process.exit(failed > 0 || passed === 0 ? 1 : 0)
  })
})
