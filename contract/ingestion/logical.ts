import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { Can, Count, Id, Instant, OrgRef, page, PageQuery } from '../values.ts'

/** 逻辑接入: an entry whose data stay at their source and are read there, call by call. */
export const LogicalInput = z.strictObject({
  entryId: Id,
  sourceId: Id,
  object: z.string().min(1).max(1000),
  mapping: z
    .array(z.strictObject({ item: z.string().max(63), column: z.string().max(300) }))
    .min(1)
    .max(2000),
  /** How long an answer may be given again without asking the source; 0: never. */
  cacheSeconds: z.int().min(0).max(86_400).default(0),
  /** While the source is away: whether the last answer to the same question may be given, with its age. */
  answerWhenAway: z.boolean().default(false),
})
export type LogicalInput = z.infer<typeof LogicalInput>

export const Logical = LogicalInput.extend({
  entryName: z.string(),
  sourceName: z.string(),
  org: OrgRef,
  boundAt: Instant,
  /** What became of the last reading on this node; null: nobody has read since it started. */
  state: z.object({ isAway: z.boolean(), at: Instant, reason: z.string() }).nullable(),
  can: Can,
})
  .strip()
  .meta({ id: 'Logical' })
export type Logical = z.infer<typeof Logical>

const path = '/api/v1/ingestion/logical'

export const logicalRoutes = defineRoutes({
  list_logical: {
    method: 'GET',
    path,
    needs: 'ingestion:read',
    summary: '逻辑接入',
    query: PageQuery.extend({ entryId: Id.optional() }),
    output: page(Logical),
  },
  bind_logical: {
    method: 'POST',
    path,
    needs: 'ingestion:write',
    summary: '登记逻辑接入',
    body: LogicalInput,
    output: Logical,
  },
  unbind_logical: {
    method: 'POST',
    path: `${path}/unbind`,
    needs: 'ingestion:write',
    summary: '解除逻辑接入',
    body: z.strictObject({ entryId: Id }),
    output: z.object({ unbound: Count }),
  },
})
