import { z } from 'zod'
import { Id } from '#contract/values.ts'

export const destroyDataJob = { name: 'ingestion.destroy_data', input: z.strictObject({ destructionId: Id }) }
