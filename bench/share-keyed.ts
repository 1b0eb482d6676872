// The shared API by key on 2 M rows against Fastify + pg over the same rows, A B A B, and beside a load of the lake.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { applyFor, approve, createKey, shareEntry } from '../testing/build-shared-data.ts'
import { openTestCity, type TestCity } from '../testing/city.ts'
import { startPostgres } from '../testing/postgres.ts'
import { bindResource } from '../server/catalog/index.ts'
import { emit, inTx } from '../server/store/index.ts'
import { type Bench, type BenchResult, median, round, spreadOf } from './bench.ts'
import type { Round, RoundResult } from './share/call-keys.ts'

const rows = 2_000_000
const calls = { ours: 24_000, theirs: 48_000 }
const goal = { ratio: 0.5, slowdown: 3 }

const items = [
  { code: 'id', name: '证件号', dataType: 'C', length: 18, isKey: true },
  { code: 'name', name: '姓名', dataType: 'C', length: 50, sensitiveKind: 'name', level: 'L2' },
  { code: 'district', name: '区', dataType: 'C', length: 20 },
  { code: 'phone', name: '联系电话', dataType: 'C', length: 20, sensitiveKind: 'phone', level: 'L2' },
  { code: 'amount', name: '金额', dataType: 'N', length: 12, scale: 2 },
  { code: 'updated_at', name: '更新时间', dataType: 'T' },
] as const

export const share: Bench = {
  name: 'share.keyed',
  figure: `shared API by key: ≥ ${goal.ratio} × Fastify + pg, p99 beside a load ≤ ${goal.slowdown} × p99 alone`,
  async run(rounds) {
    const { home, key, path } = await prepareCity()
    const postgres = await startPostgres()
    await fillPostgres(postgres.url)
    const ours = await start('serve-city.ts', { DATONG_HOME: home, UV_THREADPOOL_SIZE: '16' })
    const theirs = await start('serve-baseline.ts', { DATABASE_URL: postgres.url })
    const client = fork(new URL('./share/call-keys.ts', import.meta.url))
    await once(client, 'message')
    const callOurs = (count = calls.ours) => call(client, { url: ours.url, path, key, calls: count, rows })
    const callTheirs = (count = calls.theirs) => call(client, { url: theirs.url, path: '/person', key, calls: count, rows })
    await callOurs(6_000)
    await callTheirs(6_000)
    const measured: { ours: RoundResult; theirs: RoundResult; beside: RoundResult }[] = []
    for (let done = 0; done < rounds; done++) {
      const [alone, reference] = [await callOurs(), await callTheirs()]
      ours.child.send({ load: `postgresql('127.0.0.1:${postgres.port}', 'postgres', 'person', 'postgres', '')` })
      await sleep(1000)
      const beside = await callOurs()
      ours.child.send({ stop: true })
      await once(ours.child, 'message')
      measured.push({ ours: alone, theirs: reference, beside })
    }
    for (const { child } of [ours, theirs]) child.send({ close: true })
    client.kill()
    await Promise.all([once(ours.child, 'exit'), once(theirs.child, 'exit')])
    await postgres.stop()
    rmSync(home, { recursive: true, force: true })
    return present(measured)
  },
}

function present(measured: { ours: RoundResult; theirs: RoundResult; beside: RoundResult }[]): BenchResult[] {
  const ratios = measured.map(({ ours, theirs }) => ours.perSecond / theirs.perSecond)
  const slowdowns = measured.map(({ ours, beside }) => beside.p99Ms / ours.p99Ms)
  const errors = measured.reduce((sum, { ours, beside, theirs }) => sum + ours.errors + beside.errors + theirs.errors, 0)
  const of = (side: 'ours' | 'theirs' | 'beside', figure: 'perSecond' | 'p50Ms' | 'p99Ms') =>
    round(median(measured.map((one) => one[side][figure])))
  const detail = {
    errors,
    ours: { perSecond: of('ours', 'perSecond'), p50Ms: of('ours', 'p50Ms'), p99Ms: of('ours', 'p99Ms') },
    theirs: { perSecond: of('theirs', 'perSecond'), p50Ms: of('theirs', 'p50Ms'), p99Ms: of('theirs', 'p99Ms') },
    besideLoad: { perSecond: of('beside', 'perSecond'), p50Ms: of('beside', 'p50Ms'), p99Ms: of('beside', 'p99Ms') },
  }
  const [ratio, slowdown] = [median(ratios), median(slowdowns)]
  return [
    {
      name: 'share.keyed',
      value: round(ratio),
      unit: '× requests/s of Fastify + pg',
      goal: `≥ ${goal.ratio}`,
      pass: ratio >= goal.ratio && errors === 0,
      rounds: measured.length,
      spread: spreadOf(ratios),
      detail,
    },
    {
      name: 'share.keyed.beside_load',
      value: round(slowdown),
      unit: '× p99 without a load',
      goal: `≤ ${goal.slowdown}`,
      pass: slowdown <= goal.slowdown && errors === 0,
      rounds: measured.length,
      spread: spreadOf(slowdowns),
    },
  ]
}

/** A city with one grant over 2 M rows and a key, made by the routes that people use, closed again. */
export async function prepareCity() {
  const city = await openTestCity()
  const day = new Date().toISOString().slice(0, 10)
  const { entryId, officer } = await shareEntry(city, '厦门市民政局', { name: '人员信息', items: [...items], level: 'L2' })
  await fillLake(city, entryId)
  const consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  const content = { items: items.map(({ code }) => code), from: day, to: '2099-12-31', callsPerDay: 100_000_000 }
  const grant = await approve(officer, await applyFor(consumer, entryId, content))
  const key = await createKey(consumer.steward)
  while (!existsSync(join(city.home, 'keyed', 'person-id.sqlite'))) await sleep(200)
  await city.app.close()
  return { home: city.home, key, path: grant.endpoint }
}

// The same rows on both sides.
async function fillLake(city: TestCity, entryId: string): Promise<void> {
  await city.app.lake.define(
    `CREATE TABLE person (_row UInt64, id Nullable(String), name Nullable(String), district Nullable(String), phone Nullable(String),
     amount Nullable(Decimal(12, 2)), updated_at Nullable(DateTime64(6, 'UTC'))) ENGINE = MergeTree ORDER BY _row`,
  )
  await city.app.lake.command(
    `INSERT INTO person SELECT number + 1, concat('35', leftPad(toString(number), 16, '0')), concat('张', toString(number)), '思明区',
     concat('138', leftPad(toString(number), 8, '0')), number / 7, toDateTime64('2026-01-01 00:00:00', 6, 'UTC') + number FROM numbers({rows:UInt64})`,
    { rows },
  )
  await inTx(city.app.system('ingestion.finish_load'), async (ctx) => {
    await bindResource(ctx, { entryId, kind: 'table', table: 'person', rows, loadedAt: ctx.now() })
    emit(ctx, { action: 'ingestion.load_succeeded', object: { type: 'load', id: entryId }, detail: { entryId } })
  })
}

export async function fillPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `create table person as select '35' || lpad(n::text, 16, '0') as id, '张' || n as name, '思明区'::text as district,
     '138' || lpad(n::text, 8, '0') as phone, (n / 7.0)::numeric(12, 2) as amount, timestamp '2026-01-01' + n * interval '1 second' as updated_at
     from generate_series(0, ${rows - 1}) n`,
  )
  await client.query('alter table person add primary key (id)')
  await client.query('vacuum analyze person')
  await client.end()
}

export async function start(file: string, env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(new URL(`./share/${file}`, import.meta.url), { env: { ...process.env, ...env } })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { child, url: `http://127.0.0.1:${port}` }
}

export async function call(client: ChildProcess, asked: Round): Promise<RoundResult> {
  client.send(asked)
  const [result] = (await once(client, 'message')) as [RoundResult]
  return result
}
