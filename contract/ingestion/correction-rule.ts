import { z } from 'zod'
import { Count } from '../values.ts'

/** One correction for many rows: in this item, for rows with this reason, one text becomes another. */
export const CorrectionRule = z
  .strictObject({
    reason: z.string().min(1).max(80),
    item: z.string().min(1).max(63),
    find: z.string().min(1).max(500),
    replace: z.string().max(500),
    /** `whole`: the value is exactly this text; `part`: wherever it stands in the value. */
    match: z.enum(['whole', 'part']),
  })
  .meta({ id: 'CorrectionRule' })
export type CorrectionRule = z.infer<typeof CorrectionRule>

/** How many rows a rule reaches, how many of them would be loaded then, and a few before and after. */
export const RuleEffect = z
  .object({
    matched: Count,
    heals: Count,
    /** More rows match than one rule corrects at a time: apply it again. */
    isCut: z.boolean(),
    samples: z.array(z.object({ row: Count, before: z.string(), after: z.string() })),
  })
  .meta({ id: 'RuleEffect' })
export type RuleEffect = z.infer<typeof RuleEffect>
