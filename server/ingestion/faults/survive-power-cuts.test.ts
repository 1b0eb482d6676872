import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { breakCity, noBreaks, tallyText } from '#testing/faults/every-mode/break-city.ts'
import { openDepartments } from '#testing/faults/every-mode/sources.ts'
import { live } from '#testing/faults/live.ts'
import { openPowerCutDisk } from '#testing/faults/power-cut-disk.ts'
import { postgresBin, startPostgres } from '#testing/postgres.ts'
import { openLake } from '../../store/index.ts'

// F02. kill -9 proves nothing of durability: what a dead process has written the kernel still writes to the disk.

// Always the embedded engines: ten times in CI, and few in its second run, on servers, where nothing would be different. CUTS=50 for fifty.
const isServers = process.env.STORE === 'pg'
const cuts = Number(process.env.CUTS ?? (process.env.CI === 'true' && !isServers ? 10 : 3))
const { DATABASE_URL: _, CLICKHOUSE_URL: __, ...env } = process.env

/** CI has no such excuse. */
function leaveOut(t: TestContext, why: string): void {
  assert.notEqual(process.env.CI, 'true', why)
  t.skip(`no power can be cut here: ${why}`)
}

test('the disk forgets at a power cut what was not synced, and keeps what was', async (t) => {
  const disk = await openPowerCutDisk()
  if (typeof disk === 'string') return leaveOut(t, disk)
  try {
    mkdirSync(disk.home)
    const [synced, written] = [join(disk.home, 'synced'), join(disk.home, 'written')]
    writeFileSync(synced, 'kept', { flush: true })
    writeFileSync(written, 'lost')
    disk.cut()
    await disk.restore()
    assert.equal(readFileSync(synced, 'utf8'), 'kept')
    assert.notEqual(existsSync(written) && readFileSync(written, 'utf8'), 'lost')
  } finally {
    await disk.close()
  }
})

test('a version made of clones, deletions and insertions is whole when the power fails as soon as it is there', async (t) => {
  const disk = await openPowerCutDisk()
  if (typeof disk === 'string') return leaveOut(t, disk)
  const program = fileURLToPath(import.meta.resolve('#testing/lake/change-until-cut.ts'))
  try {
    const life = await live<{ fact: 'changed' }>([program, disk.home], env, { after: 'changed', time: 1, ms: 0 }, (process) => {
      disk.cut()
      process.kill('SIGKILL')
    })
    assert.equal(life.signal, 'SIGKILL', life.errors)
    await disk.restore()
    const lake = await openLake({ dir: disk.home })
    for (const table of ['second', 'third']) {
      const [found] = await lake.measure(`SELECT count() AS rows, uniqExact(id) AS ids, sum(version) AS versions FROM ${table}`)
      assert.deepEqual(found, { rows: '1000', ids: '1000', versions: '1100' }, table)
    }
    await lake.close()
  } finally {
    await disk.close()
  }
})

test(`a city whose power fails ${cuts} times while it loads in every mode loses and doubles nothing`, async (t) => {
  const disk = await openPowerCutDisk()
  if (typeof disk === 'string') return leaveOut(t, disk)
  if (!postgresBin()) return leaveOut(t, "Debian's package postgresql is not installed")
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}: SEED=${seed} cuts at the same moments`)
  const tally = noBreaks()
  const begun = performance.now()
  const server = await startPostgres({ wal_level: 'logical' })
  const folder = mkdtempSync(join(tmpdir(), 'datong-departments-'))
  const strike = (city: ChildProcess) => {
    disk.cut()
    city.kill('SIGKILL')
  }
  try {
    const departments = await openDepartments(server, 'city', folder)
    await breakCity({ home: disk.home, departments, env, seed, times: cuts, tally, strike, mend: disk.restore })
    t.diagnostic(`power cuts: ${tallyText(tally, begun)}`)
  } finally {
    await server.stop()
    await disk.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
