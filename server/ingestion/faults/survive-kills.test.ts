import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createDatabase } from '#testing/city.ts'
import { startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import { breakCity, noBreaks, type Tally, tallyText } from '#testing/faults/every-mode/break-city.ts'
import { openDepartments } from '#testing/faults/every-mode/sources.ts'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'

// F01. One city loads in every mode at once, in several plans and a stream, and is killed again and again.

/** The stores are the program's own, which die with it, or servers that outlive it and finish what it had begun. */
const isEmbedded = process.env.STORE !== 'pg' && process.env.LAKE !== 'clickhouse'
/** CI kills the embedded city fifty times, and the one on servers ten times: there each kill proves less. */
const kills = Number(process.env.KILLS ?? (process.env.CI !== 'true' ? 3 : isEmbedded ? 50 : 10))
/** A city's state is checked whole in every life, and grows: many kills are those of several cities. */
const killsOfCity = Math.min(50, Math.ceil(kills / 2))
const isMissing = !postgresBin() && process.env.CI !== 'true'

/** A kill takes nothing from the disk, so that a disk in memory proves as much; the syncs of a restart take seconds on another. */
function fastFolder(): string {
  if (!existsSync('/dev/shm')) return tmpdir()
  const { bavail, bsize } = statfsSync('/dev/shm')
  return bavail * bsize > 2 ** 31 ? '/dev/shm' : tmpdir()
}

/** The stores of the city that is killed: by the environment of its process. */
async function openStores(): Promise<{ env: NodeJS.ProcessEnv; close: () => Promise<void> }> {
  const database = process.env.STORE === 'pg' ? await createDatabase() : undefined
  const lake = process.env.LAKE === 'clickhouse' ? await startClickHouse() : undefined
  return {
    env: { ...process.env, ...(database && { DATABASE_URL: database.url }), ...(lake && { CLICKHOUSE_URL: lake.urls.join(',') }) },
    close: async () => {
      await database?.drop()
      await lake?.stop()
    },
  }
}

async function killCity(server: TestServer, seed: number, number: number, times: number, tally: Tally): Promise<void> {
  const root = mkdtempSync(join(fastFolder(), 'datong-kills-'))
  const departments = await openDepartments(server, `city_${number}`, join(root, 'departments'))
  const { env, close } = await openStores()
  try {
    const compiled = { NODE_COMPILE_CACHE: join(root, 'compiled') }
    await breakCity({ home: join(root, 'home'), departments, env: { ...env, ...compiled }, seed, times, tally })
  } finally {
    await close()
    rmSync(root, { recursive: true, force: true })
  }
}

test(`cities that are killed ${kills} times while they load in every mode lose and double nothing`, {
  skip: isMissing && "Debian's package postgresql is not installed",
}, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}: SEED=${seed} kills at the same moments`)
  const tally = noBreaks()
  const begun = performance.now()
  const server = await startPostgres({ wal_level: 'logical', max_replication_slots: '100' })
  try {
    const numbers = Array.from({ length: Math.ceil(kills / killsOfCity) }, (_, number) => number)
    const killOn = async () => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        await killCity(server, seed + number, number, Math.min(killsOfCity, kills - number * killsOfCity), tally)
        t.diagnostic(`kills: ${tallyText(tally, begun)}`)
      }
    }
    // Each waits half of its time.
    for (const ended of await Promise.allSettled([killOn(), killOn()])) if (ended.status === 'rejected') throw ended.reason
  } finally {
    await server.stop()
  }
  const met = Object.values(tally.interrupted).reduce((sum, one) => sum + one, 0)
  assert.ok(met >= Math.floor(kills / 10), `only ${met} loads were met at work by ${kills} kills`)
})
