import { z } from 'zod'

/** Words that every domain uses. Dates are local dates of Asia/Shanghai, instants RFC 3339 in UTC. */
export const Id = z.uuid()
export const LocalDate = z.iso.date()
export const Instant = z.iso.datetime({ offset: true })
export const Uscc = z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/, { error: 'value.uscc' })
export const ShortText = z.string().trim().min(1).max(200)
export const LongText = z.string().trim().max(4000)

/** A count of records: may pass 2^53 only on paper (110 billion is 2^37), so a JSON number is exact. */
export const Count = z.int().min(0)

/** Seek paging: `next` of the last answer goes back as `cursor`. */
export const PageQuery = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
})
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })

/** An organisation as it is shown beside other things. */
export const OrgRef = z.object({ id: Id, name: z.string() }).meta({ id: 'OrgRef' })
export type OrgRef = z.infer<typeof OrgRef>

/** What the caller may do with this object now: computed by the same predicates that guard the act. */
export const Can = z.record(z.string(), z.boolean())

/** RFC 9457 problem details; `type` is `urn:datong:problem:<code>`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  /** Who acts next, when it is not the caller. */
  actor: z.string().nullable(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })),
})
export type Problem = z.infer<typeof Problem>
