import { z } from 'zod'
import { job, type Room } from '../jobs/index.ts'
import type { Access } from './load/load-full.ts'
import { runLoad } from './load/run-load.ts'
import { runLoadJob, silenceMs } from './load/run-load-job.ts'
import { resumeLoads, sweepLoads } from './load/sweep-loads.ts'
import { bindRoutes } from './routes.ts'

const hours = 3600

/** 汇聚: brings departments' data into the lake, and proves that it arrived. */
export function openIngestion({ sealer, reach }: Pick<Access, 'sealer' | 'reach'>): Room {
  const stopping = new AbortController()
  const access: Access = { sealer, reach, stopping: stopping.signal }
  let resuming: NodeJS.Timeout
  return {
    routes: bindRoutes(access),
    jobs: [
      job({
        ...runLoadJob,
        retryLimit: 10,
        expireSeconds: 24 * hours,
        // The lake writes two statements at once; a third load would only wait there.
        concurrency: 2,
        run: (ctx, { loadId }) => runLoad(ctx, access, loadId),
      }),
      job({
        name: 'ingestion.sweep_loads',
        input: z.object({}),
        retryLimit: 0,
        expireSeconds: 600,
        concurrency: 1,
        schedule: '* * * * *',
        run: sweepLoads,
      }),
    ],
    // Loads that were running when the program ended go on once it is certain that nobody else runs them.
    start: async (ctx) => {
      resuming = setTimeout(
        () => resumeLoads(ctx).catch((error) => ctx.log.error({ err: error }, 'loads could not be resumed')),
        silenceMs + 1000,
      )
      resuming.unref()
    },
    close: async () => {
      clearTimeout(resuming)
      stopping.abort()
    },
  }
}
