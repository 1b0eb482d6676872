import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { z } from 'zod'
import { createDatabase } from '#testing/city.ts'
import { pgTemplate } from '#testing/pg-template.ts'
import { AppError, conflict } from '../kernel/errors.ts'
import { systemActor } from '../kernel/actor.ts'
import { type ControlPlane, type Ctx, inTx, openDb, sql } from '../store/index.ts'
import { job, openQueue, type Queue } from './jobs.ts'

/** Numbers of the runs of each job, and when they began. */
const runs = new Map<string, number[]>()
const began = (name: string): number => {
  runs.set(name, [...(runs.get(name) ?? []), performance.now()])
  return runs.get(name)!.length
}
const jobOf = (name: string, run: (time: number) => void) =>
  job({ name, input: z.object({}), retryLimit: 3, expireSeconds: 60, concurrency: 1, run: async () => run(began(name)) })

const jobs = {
  passing: jobOf('test.fail_once', (time) => {
    if (time === 1) throw new AppError('unavailable', 'ingestion.source_unreachable')
  }),
  hopeless: jobOf('test.fail_for_good', () => {
    throw conflict('value.stale')
  }),
  orphan: jobOf('test.lose_worker', () => {}),
  plain: jobOf('test.work', () => {}),
  short: jobOf('test.work_off', () => {}),
  deep: jobOf('test.work_off_much', () => {}),
  beside: jobOf('test.work_beside', () => {}),
}

const home = mkdtempSync(join(tmpdir(), 'datong-jobs-'))
let plane: ControlPlane
let database: Awaited<ReturnType<typeof createDatabase>> | undefined
let queue: Queue
let ctx: Ctx
before(async () => {
  database = process.env.STORE === 'pg' ? await createDatabase() : undefined
  plane = await openDb({ home, databaseUrl: database?.url, isVolatile: true, ...(!database && { template: await pgTemplate() }) })
  const log = pino({ level: 'silent' })
  const base = { db: plane.db, log, recorded: { count: 0 }, wakeFeed: () => {}, actor: systemActor('test'), now: () => new Date() }
  ctx = { ...base, enqueue: (ctx, job, input) => queue.enqueue(ctx, job, input) } as Ctx
  queue = await openQueue(plane, Object.values(jobs), () => ctx, log)
})
after(async () => {
  await queue.close()
  await plane.close()
  await database?.drop()
  rmSync(home, { recursive: true, force: true })
})

const enqueue = (job: (typeof jobs)[keyof typeof jobs]) => inTx(ctx, (ctx) => ctx.enqueue(ctx, job, {}))
async function runsOf({ name }: { name: string }, times: number, seconds: number): Promise<number[]> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50))
    if ((runs.get(name)?.length ?? 0) >= times) return runs.get(name)!
  throw new Error(`${name} ran ${runs.get(name)?.length ?? 0} times within ${seconds} s, not ${times}`)
}

test('a job exists exactly when the change of its transaction does', async () => {
  await assert.rejects(
    inTx(ctx, async (ctx) => {
      await ctx.enqueue(ctx, jobs.plain, {})
      throw new Error('the change failed')
    }),
    /the change failed/,
  )
  await enqueue(jobs.plain)
  await runsOf(jobs.plain, 1, 20)
  await sleep(500)
  assert.equal(runs.get(jobs.plain.name)!.length, 1)
})

test('a job that failed because something was away runs again long before the half minute of the queue, and one that cannot succeed does not', async () => {
  await enqueue(jobs.hopeless)
  await enqueue(jobs.passing)
  const [first, second] = await runsOf(jobs.passing, 2, 60)
  assert.ok(second! - first! < 25_000, `it ran again after ${Math.round(second! - first!)} ms`)
  assert.equal(runs.get(jobs.hopeless.name)!.length, 1)
})

test('jobs that wait in line follow each other without a rest between', async () => {
  for (let count = 0; count < 12; count++) await enqueue(jobs.short)
  const times = await runsOf(jobs.short, 12, 60)
  assert.ok(times.at(-1)! - times[0]! < 40_000, `the last of 12 ran ${Math.round(times.at(-1)! - times[0]!)} ms after the first`)
})

test('a job whose worker has vanished runs again before the minute of the queue', async () => {
  // What a worker leaves that was killed just after it took the job: active, and no sign of life.
  await inTx(ctx, async (ctx) => {
    await ctx.enqueue(ctx, jobs.orphan, {})
    await sql`update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now() where name = ${jobs.orphan.name}`.execute(
      ctx.db,
    )
  })
  await runsOf(jobs.orphan, 1, 50)
})

test('a hundred thousand jobs that wait are worked off one by one, and hold up neither other jobs nor whoever adds one', async () => {
  const waiting = async () => {
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from pgboss.job where name = ${jobs.deep.name} and state = 'created'`.execute(plane.db)
    return rows[0]!.n
  }
  await inTx(ctx, async (ctx) => {
    await ctx.enqueue(ctx, jobs.deep, {})
    await sql`insert into pgboss.job (name, data, retry_limit, expire_seconds, policy)
      select j.name, j.data, j.retry_limit, j.expire_seconds, j.policy from pgboss.job j, generate_series(2, 100000) where j.name = ${jobs.deep.name}`.execute(
      ctx.db,
    )
  })
  for (let count = 0; count < 20; count++) await enqueue(jobs.beside)
  await runsOf(jobs.beside, 20, 60)
  await runsOf(jobs.deep, 50, 60)
  // They go on while they are counted.
  const ran = () => runs.get(jobs.deep.name)!.length
  const before = ran()
  const left = await waiting()
  assert.ok(left > 90_000, `${left} wait`)
  assert.ok(100_000 - left >= before && 100_000 - left <= ran() + 1, `each runs once: ${before}, ${100_000 - left}, ${ran()}`)
  // What is left would keep the end of this file waiting.
  await sql`delete from pgboss.job where name = ${jobs.deep.name}`.execute(plane.db)
})
