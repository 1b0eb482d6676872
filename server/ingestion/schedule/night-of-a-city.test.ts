import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nextSteps } from '#contract/schedule/causes.ts'
import { type TestCity, openTestCity } from '#testing/city.ts'
import { hasMariadb } from '#testing/mariadb.ts'
import { buildNight } from '#testing/night/build-night.ts'
import { faults } from '#testing/night/faults.ts'
import { runTurns } from '#testing/night/run-turns.ts'
import { type NightSources, startSources } from '#testing/night/sources.ts'
import { postgresBin } from '#testing/postgres.ts'

// A city's size: NIGHT_SOURCES=425 node tools/test.ts server/ingestion/schedule/night-of-a-city.test.ts
const size = Math.max(faults.length, Number(process.env.NIGHT_SOURCES ?? 30))
const missing = !postgresBin() ? 'postgresql' : !hasMariadb() ? 'mariadb-server' : undefined
if (missing && process.env.CI === 'true') throw new Error(`Debian package ${missing} is not installed`)

let city: TestCity
let sources: NightSources
before(async () => {
  if (missing) return
  sources = await startSources()
  city = await openTestCity({ now: '2026-03-09T18:00:00+08:00', fileRoots: [sources.folder] })
})
after(async () => {
  await city?.close()
  await sources?.stop()
})

const options = missing ? { skip: `Debian package ${missing} is not installed` } : {}
const night = '2026-03-10'
const minuteMs = 60_000

test(
  `a night of ${size} sources ends by itself: the sound ones are loaded whole, and the morning page names every other one`,
  options,
  async () => {
    const began = Date.now()
    const plans = await buildNight(city, sources, size)
    const built = Date.now()
    // The clock goes on by five minutes whenever nothing runs.
    const end = Date.parse('2026-03-10T09:00:00+08:00')
    for (let now = Date.parse('2026-03-10T01:00:00+08:00'); now <= end; now += 5 * minuteMs) {
      city.setNow(new Date(now).toISOString())
      await runTurns(city, { node: 4, source: 3 }, 1800)
    }
    const ended = Date.now()
    city.setNow('2026-03-10T09:00:00+08:00')

    const { db } = city.app.plane
    const turns = await db.selectFrom('ingestion.turn').selectAll().where('night', '=', night).execute()
    assert.equal(turns.length, plans.length)
    assert.ok(turns.every(({ ended_at }) => ended_at !== null))
    const sound = plans.filter(({ fault }) => fault === null)
    const resources = await db.selectFrom('catalog.resource').select(['entry_id', 'lake_table']).execute()
    for (const { planId, entryId, rows } of sound) {
      const turn = turns.find(({ plan_id }) => plan_id === planId)!
      assert.equal(turn.state, 'succeeded', `${turn.error_code} ${turn.error_detail}`)
      const table = resources.find(({ entry_id }) => entry_id === entryId)!.lake_table
      const [found] = await city.app.lake.measure<{ n: string; total: string }>(`SELECT count() AS n, sum(id) AS total FROM lake.${table}`)
      assert.deepEqual([Number(found!.n), Number(found!.total)], [rows, (rows * (rows + 1)) / 2])
    }

    const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
    const report = await bureau.call('get_morning_report', { query: { night } })
    const broken = plans.filter(({ fault }) => fault !== null)
    const named = new Map(report.problems.map((problem) => [problem.turn.planId, problem]))
    assert.deepEqual(
      broken.map(({ planId, fault }) => [fault!.name, named.get(planId)?.cause, named.get(planId)?.owner.org.name]),
      broken.map(({ fault, organisation }) => [fault!.name, fault!.cause, organisation]),
    )
    for (const { owner, detail, step } of report.problems)
      assert.ok(owner.person !== '' && detail !== '' && step.key in nextSteps && step.link.startsWith('/ingestion/'))
    assert.deepEqual(
      [report.counts.due, report.counts.succeeded, report.counts.failed, report.open],
      [plans.length, sound.length, broken.length, broken.length],
    )
    assert.equal(
      report.byOrg.reduce((sum, { open }) => sum + open, 0),
      broken.length,
    )
    const steward = await city.as(broken[0]!.organisation, 'steward')
    const own = await steward.call('get_morning_report', { query: { night } })
    assert.deepEqual(
      own.problems.map(({ turn }) => turn.planId).sort(),
      broken
        .filter(({ organisation }) => organisation === broken[0]!.organisation)
        .map(({ planId }) => planId)
        .sort(),
    )
    const rows = sound.reduce((sum, plan) => sum + plan.rows, 0)
    const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(0)} s`
    console.log(
      `night of ${size} sources: ${sound.length} loaded (${rows} rows), ${broken.length} broken in ${faults.length} ways, all named; built in ${seconds(began, built)}, the night took ${seconds(built, ended)}`,
    )
  },
)
