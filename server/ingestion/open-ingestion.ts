import { z } from 'zod'
import { job, type Room } from '../jobs/index.ts'
import type { Access } from './load/load-full.ts'
import { runLoad } from './load/run-load.ts'
import { runLoadJob } from './load/run-load-job.ts'
import { sweepLoads } from './load/sweep-loads.ts'
import { bindRoutes } from './routes.ts'

const hours = 3600

/** 汇聚: brings departments' data into the lake, and proves that it arrived. */
export const openIngestion = (access: Access): Room => ({
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
})
