import { fromKysely, fromPglite, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { AppError } from '../kernel/errors.ts'
import type { Ctx } from '../store/index.ts'
import type { ControlPlane } from '../store/index.ts'

/**
 * A job is data: its input is parsed like any other edge, and its handler is idempotent, since a job whose worker died
 * runs again. `name` is `room.verb_noun`.
 */
export interface Job<S extends z.ZodType = z.ZodType> {
  name: string
  input: S
  retryLimit: number
  /** A job that runs longer without a sign of life is given to another worker. */
  expireSeconds: number
  concurrency: number
  /** Cron in Asia/Shanghai, with an empty input. */
  schedule?: string
  run(ctx: Ctx, input: z.output<S>): Promise<void>
}

export const job = <S extends z.ZodType>(definition: Job<S>): Job<S> => definition

export interface Queue {
  /** Joins the caller's transaction: the job exists exactly when the change does. */
  enqueue: Ctx['enqueue']
  close(): Promise<void>
}

// A worker that dies is noticed after this and the next look at the silent ones.
const heartbeat = { heartbeatSeconds: 10 }
const lookout = { superviseIntervalSeconds: 10, monitorIntervalSeconds: 10 }
/** A new job is announced, one that is tried again is not: it is found by asking, by default only twice a minute. */
const asking = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 5 }

/** Starts the queue on the control plane's own engine and its workers. `toCtx` makes each job its ctx. */
export async function openQueue(plane: ControlPlane, jobs: Job[], toCtx: (job: string, id: string) => Ctx, log: Logger): Promise<Queue> {
  const boss =
    'pglite' in plane.driver
      ? new PgBoss({ db: fromPglite(plane.driver.pglite as never), backend: 'pglite', useListenNotify: true, ...lookout })
      : new PgBoss({ connectionString: plane.driver.url, useListenNotify: true, max: 4, ...lookout })
  boss.on('error', (error) => log.error({ err: error }, 'the job queue reported an error'))
  await boss.start()
  for (const definition of jobs) await startJob(boss, definition, toCtx, log)
  return {
    async enqueue(ctx, definition, input) {
      await boss.send(definition.name, definition.input.parse(input) as object, { db: fromKysely(ctx.db as never) })
    },
    close: () => boss.stop({ graceful: true, timeout: 5000 }),
  }
}

async function startJob(boss: PgBoss, definition: Job, toCtx: (job: string, id: string) => Ctx, log: Logger): Promise<void> {
  const options = {
    notify: true,
    retryLimit: definition.retryLimit,
    retryDelay: 2,
    retryBackoff: true,
    expireInSeconds: definition.expireSeconds,
    ...heartbeat,
  }
  if (await boss.getQueue(definition.name)) await boss.updateQueue(definition.name, options)
  else await boss.createQueue(definition.name, options)
  // `send` inside a transaction must find the queue in pg-boss's cache: on PGlite a look-up on the root connection would wait for itself.
  await boss.findJobs(definition.name, { key: '-' })
  for (let count = 0; count < definition.concurrency; count++) {
    const worker = await boss.work(definition.name, { heartbeatRefreshSeconds: 3, ...asking }, async ([found]) => {
      if (!found) return
      try {
        await runJob(definition, toCtx(definition.name, found.id), found.data ?? {}, log)
      } finally {
        // There may be a next one: without this a worker rests until its next time to ask, after each job.
        boss.notifyWorker(worker)
      }
    })
  }
  if (definition.schedule) await boss.schedule(definition.name, definition.schedule, {}, { tz: 'Asia/Shanghai' })
}

/** What can never succeed is parked at once: the input, a right or the object is at fault. Anything else is tried again. */
async function runJob(definition: Job, ctx: Ctx, data: unknown, log: Logger): Promise<void> {
  try {
    await definition.run(ctx, definition.input.parse(data))
  } catch (error) {
    log.error({ err: error, job: definition.name }, 'a job failed')
    if (error instanceof AppError && error.kind !== 'unavailable' && error.kind !== 'limited') return
    throw error
  }
}
