import { z } from 'zod'
import { defineStates } from '../states.ts'
import { Can, Id, Instant } from '../values.ts'

/** What a load does where its source's structure is not the one that the plan was made for 结构变更策略. */
export const driftPolicies = {
  freeze: { zh: '暂停装载，待确认', en: 'Stop and ask' },
  evolve: { zh: '兼容的变更自动沿用', en: 'Go on with compatible changes' },
  quarantine: { zh: '照常装载，不合的行隔离', en: 'Load, and quarantine what no longer fits' },
} as const
export const DriftPolicy = z.enum(Object.keys(driftPolicies) as [keyof typeof driftPolicies])
export type DriftPolicy = z.infer<typeof DriftPolicy>

/** A column as its source declares it; no content. */
export const StructureColumn = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  isKey: z.boolean(),
  comment: z.string(),
  /** The database's own name for the column, which a renaming does not change; null where it keeps none. */
  identity: z.string().nullable(),
  /** What the values of an untyped column look like: evidence for a renaming, never compared by itself. */
  looksLike: z.string(),
})
export const SourceStructure = z
  .object({
    kind: z.enum(['table', 'file']),
    columns: z.array(StructureColumn),
    /** Changes with every change of the object, one that is taken back included; null where the source tells nothing of the kind. */
    stamp: z.string().nullable(),
  })
  .meta({ id: 'SourceStructure' })
export type SourceStructure = z.infer<typeof SourceStructure>
export type StructureColumn = z.infer<typeof StructureColumn>

export const changeKinds = {
  added: { zh: '新增字段', en: 'Column added' },
  dropped: { zh: '删除字段', en: 'Column dropped' },
  renamed: { zh: '字段改名', en: 'Column renamed' },
  retyped: { zh: '类型变更', en: 'Type changed' },
  nullable: { zh: '可空变更', en: 'Nullability changed' },
  key: { zh: '主键变更', en: 'Key changed' },
  reordered: { zh: '次序变更', en: 'Order changed' },
  comment: { zh: '注释变更', en: 'Comment changed' },
} as const
export const changeEffects = {
  none: { zh: '不影响装载', en: 'No effect on loads' },
  compatible: { zh: '兼容', en: 'Compatible' },
  breaking: { zh: '影响已对应的信息项', en: 'Touches mapped items' },
} as const
export const StructureChange = z
  .object({
    kind: z.enum(Object.keys(changeKinds) as [keyof typeof changeKinds]),
    /** Name before; of an added one its name now. */
    column: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
    effect: z.enum(Object.keys(changeEffects) as [keyof typeof changeEffects]),
    /** Of a renaming: the database says so, or it is likely by place, type, comment and content. */
    isCertain: z.boolean(),
    items: z.array(z.string()),
  })
  .meta({ id: 'StructureChange' })
export type StructureChange = z.infer<typeof StructureChange>

export const driftStates = defineStates({
  initial: 'open',
  states: {
    open: { zh: '待确认', en: 'To be decided', tone: 'warning' },
    accepted: { zh: '已接受', en: 'Accepted', tone: 'good' },
    refused: { zh: '不接受', en: 'Refused', tone: 'bad' },
    applied: { zh: '已自动沿用', en: 'Applied', tone: 'good' },
    gone: { zh: '来源已改回', en: 'Taken back', tone: 'neutral' },
  },
  steps: [
    { event: 'accept', from: ['open', 'refused'], to: 'accepted', side: 'provider', needs: 'ingestion:write' },
    { event: 'refuse', from: ['open'], to: 'refused', side: 'provider', needs: 'ingestion:write' },
    { event: 'apply', from: ['open'], to: 'applied', side: 'system', needs: 'system' },
    { event: 'disappear', from: ['open', 'refused'], to: 'gone', side: 'system', needs: 'system' },
  ],
})
export type DriftState = keyof typeof driftStates.states
export const DriftState = z.enum(Object.keys(driftStates.states) as [DriftState])

/** 结构变更 of the source of one plan: what it was made for, what was found, and what was decided. */
export const Drift = z
  .object({
    id: Id,
    planId: Id,
    entryId: Id,
    entryName: z.string(),
    /** The catalog's version under which it was found. */
    entryVersion: z.int(),
    /** The load that found it; null: a change stream. */
    loadId: Id.nullable(),
    object: z.string(),
    policy: DriftPolicy,
    state: DriftState,
    foundAt: Instant,
    changes: z.array(StructureChange),
    before: z.array(StructureColumn),
    after: z.array(StructureColumn),
    /** The draft with the new items that was proposed for it. */
    revisionId: Id.nullable(),
    decided: z.object({ by: z.string(), at: Instant, reason: z.string() }).nullable(),
    can: Can,
  })
  .meta({ id: 'Drift' })
export type Drift = z.infer<typeof Drift>
