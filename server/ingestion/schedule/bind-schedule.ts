import { scheduleRoutes } from '#contract/schedule/schedule.ts'
import { bind } from '../../http/index.ts'
import { backfillTurns } from './backfill-turns.ts'
import { cancelTurn } from './cancel-turn.ts'
import { countTurns, listTurns } from './list-turns.ts'
import { exportMorningReport } from './morning/export-morning-report.ts'
import { getMorningReport } from './morning/get-morning-report.ts'
import { getSchedule } from './present-schedule.ts'
import { pauseSchedule, resumeSchedule, setSchedule } from './set-schedule.ts'

export const boundScheduleRoutes = bind(scheduleRoutes, {
  get_schedule: (ctx, { params }) => getSchedule(ctx, params.planId),
  set_schedule: (ctx, { params, body }) => setSchedule(ctx, params.planId, body),
  pause_schedule: (ctx, { params }) => pauseSchedule(ctx, params.planId),
  resume_schedule: (ctx, { params }) => resumeSchedule(ctx, params.planId),
  backfill_turns: (ctx, { params, body }) => backfillTurns(ctx, params.planId, body),
  list_turns: (ctx, { query }) => listTurns(ctx, query),
  count_turns: (ctx, { query }) => countTurns(ctx, query),
  cancel_turn: (ctx, { params }) => cancelTurn(ctx, params.turnId),
  get_morning_report: (ctx, { query }) => getMorningReport(ctx, query),
  export_morning_report: (ctx, { query }) => exportMorningReport(ctx, query),
})
