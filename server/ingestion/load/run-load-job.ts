import { z } from 'zod'
import { Id } from '#contract/values.ts'

/** The queue's name for a load and what it carries; open-ingestion.ts gives it its worker. */
export const runLoadJob = { name: 'ingestion.run_load', input: z.strictObject({ loadId: Id }) }
