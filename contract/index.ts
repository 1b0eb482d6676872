import { assessmentRoutes } from './assessment.ts'
import { catalogRoutes } from './catalog-routes.ts'
import { dutyRoutes } from './duty.ts'
import { ingestionAgentRoutes } from './ingestion/agents.ts'
import { ingestionRoutes } from './ingestion-routes.ts'
import { logicalRoutes } from './ingestion/logical.ts'
import { retentionRoutes } from './ingestion/retention.ts'
import { surveyRoutes } from './ingestion/survey.ts'
import { scheduleRoutes } from './schedule/schedule.ts'
import { securityRoutes } from './security.ts'
import { sharingRoutes } from './sharing-routes.ts'

/** Every route of the program, by room. */
export const rooms = {
  security: securityRoutes,
  duty: dutyRoutes,
  catalog: catalogRoutes,
  ingestion: {
    ...ingestionRoutes,
    ...logicalRoutes,
    ...scheduleRoutes,
    ...ingestionAgentRoutes,
    ...surveyRoutes,
    ...retentionRoutes,
  },
  sharing: sharingRoutes,
  assessment: assessmentRoutes,
} as const

/** Every route by its name, which is also its operation id. */
export const routes = { ...securityRoutes, ...dutyRoutes, ...catalogRoutes, ...rooms.ingestion, ...sharingRoutes, ...assessmentRoutes }
export type RouteName = keyof typeof routes
