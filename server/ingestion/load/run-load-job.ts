import { z } from 'zod'
import { Id } from '#contract/values.ts'

/** The queue's name for a load and what it carries; open-ingestion.ts gives it its worker. */
export const runLoadJob = { name: 'ingestion.run_load', input: z.strictObject({ loadId: Id }) }

/** A worker that gave no sign for this long is taken for dead; it gives one every two seconds. */
export const silenceMs = 8000
