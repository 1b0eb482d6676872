import { z } from 'zod'
import { job, type Room } from '../jobs/index.ts'
import { sweepDeliveries } from './agent/sweep-deliveries.ts'
import { bindAgentRoutes } from './agent/agent-routes.ts'
import type { Access } from './load/load-full.ts'
import { runLoad } from './load/run-load.ts'
import { runLoadJob, silenceMs } from './load/run-load-job.ts'
import { resumeLoads, sweepLoads } from './load/sweep-loads.ts'
import type { AgentProgram } from './agent/upgrade/agent-program.ts'
import { boundRetentionRoutes } from './retention/bind-retention.ts'
import { coolTables } from './retention/cool-tables.ts'
import { destroyData } from './retention/destroy-data.ts'
import { destroyDataJob } from './retention/destroy-data-job.ts'
import { bindRoutes } from './routes.ts'
import { bindLogicalRoutes } from './logical/bind-logical-routes.ts'
import type { LogicalStates } from './logical/open-origins.ts'
import { advanceTurns } from './schedule/advance-turns.ts'
import { boundScheduleRoutes } from './schedule/bind-schedule.ts'
import { boundSurveyRoutes } from './survey/bind-survey.ts'
import { planAccepted } from './survey/plan-accepted.ts'
import { runSurvey } from './survey/run-survey.ts'
import { runSurveyJob } from './survey/run-survey-job.ts'
import type { Budgets } from './schedule/start-turns.ts'
import { type Supervisor, superviseStreams } from './stream/supervise-streams.ts'

const hours = 3600

/** 汇聚: brings departments' data into the lake, and proves that it arrived. */
export function openIngestion({
  sealer,
  reach,
  streamLimitBytes,
  budgets,
  origins,
  program,
}: Omit<Access, 'stopping'> & { budgets: Budgets; origins: LogicalStates; program: AgentProgram | null }): Room {
  const stopping = new AbortController()
  const access: Access = { sealer, reach, streamLimitBytes, stopping: stopping.signal }
  let resuming: NodeJS.Timeout
  let streams: Supervisor | undefined
  return {
    routes: [
      ...bindRoutes(access),
      ...bindLogicalRoutes(access, origins),
      ...boundScheduleRoutes,
      ...bindAgentRoutes({ program, sealer }),
      ...boundSurveyRoutes,
      ...boundRetentionRoutes,
    ],
    jobs: [
      job({
        ...runLoadJob,
        retryLimit: 10,
        expireSeconds: 24 * hours,
        // More than the lake writes at once: a source that hangs must not keep the others from theirs.
        concurrency: budgets.node,
        run: async (ctx, { loadId }) => {
          await runLoad(ctx, access, loadId)
          await advanceTurns(ctx, budgets)
        },
      }),
      job({
        name: 'ingestion.advance_turns',
        input: z.object({}),
        retryLimit: 0,
        expireSeconds: 600,
        concurrency: 1,
        schedule: '* * * * *',
        run: (ctx) => advanceTurns(ctx, budgets),
      }),
      job({
        ...runSurveyJob,
        retryLimit: 10,
        expireSeconds: 24 * hours,
        concurrency: 1,
        run: (ctx, { surveyId }) => runSurvey(ctx, access, surveyId),
      }),
      job({
        name: 'ingestion.plan_accepted',
        input: z.object({}),
        retryLimit: 0,
        expireSeconds: 600,
        concurrency: 1,
        schedule: '* * * * *',
        run: planAccepted,
      }),
      job({
        ...destroyDataJob,
        retryLimit: 50,
        expireSeconds: 6 * hours,
        concurrency: 1,
        run: (ctx, { destructionId }) => destroyData(ctx, destructionId),
      }),
      job({
        name: 'ingestion.cool_tables',
        input: z.object({}),
        retryLimit: 0,
        expireSeconds: 6 * hours,
        concurrency: 1,
        schedule: '30 3 * * *',
        run: coolTables,
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
      job({
        name: 'ingestion.sweep_deliveries',
        input: z.object({}),
        retryLimit: 0,
        expireSeconds: 600,
        concurrency: 1,
        schedule: '*/5 * * * *',
        run: sweepDeliveries,
      }),
    ],
    // Loads that were running when the program ended go on once it is certain that nobody else runs them.
    start: async (ctx) => {
      resuming = setTimeout(
        () => resumeLoads(ctx).catch((error) => ctx.log.error({ err: error }, 'loads could not be resumed')),
        silenceMs + 1000,
      )
      resuming.unref()
      streams = superviseStreams(ctx, access)
    },
    close: async () => {
      clearTimeout(resuming)
      stopping.abort()
      await streams?.close()
    },
  }
}
