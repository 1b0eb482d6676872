import { z } from 'zod'
import { DriftPolicy } from './ingestion/drift.ts'
import { SourceCare, SourceSettings } from './source-settings.ts'
import { defineStates } from './states.ts'
import { Can, Count, Id, Instant, OrgRef, ShortText } from './values.ts'

export { SourceSettings }

export const Source = z
  .object({
    id: Id,
    org: OrgRef,
    name: z.string(),
    settings: SourceSettings,
    hasSecret: z.boolean(),
    systemId: Id.nullable(),
    check: z
      .object({
        at: Instant,
        ok: z.boolean(),
        code: z.string().nullable(),
        detail: z.string(),
        serverVersion: z.string().nullable(),
        readOnly: z.boolean().nullable(),
      })
      .nullable(),
    care: SourceCare,
    /** Nothing reads from it until somebody releases it. */
    stopped: z.object({ at: Instant, by: z.string(), reason: z.string() }).nullable(),
    version: z.int(),
    can: Can,
  })
  .meta({ id: 'Source' })
export type Source = z.infer<typeof Source>
export const SourceInput = z.strictObject({
  name: ShortText,
  settings: SourceSettings,
  /** A password, a key, or a private key in PEM. */
  secret: z.string().max(8000).optional(),
  systemId: Id.nullable().default(null),
  care: SourceCare.prefault({}),
})

/** A table or a file of a source. */
export const SourceObject = z
  .object({
    name: z.string(),
    kind: z.enum(['table', 'view', 'file', 'topic']),
    comment: z.string(),
    estimatedRows: Count.nullable(),
    sizeBytes: Count.nullable(),
    modifiedAt: Instant.nullable(),
  })
  .meta({ id: 'SourceObject' })

/** How a text file is read; detected, shown, and the steward's to override. */
export const FileDialect = z
  .strictObject({
    format: z.enum(['csv', 'xlsx', 'json', 'jsonl', 'geojson', 'xml', 'sql', 'parquet', 'avro', 'orc']),
    encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'gb18030']).default('utf-8'),
    delimiter: z.enum([',', ';', '\t', '|']).default(','),
    quote: z.enum(['"', "'", '']).default('"'),
    /** Lines before the header (a banner); lines that begin with `comment` are left out. */
    skipLines: z.int().min(0).max(1000).default(0),
    comment: z.string().max(2).default(''),
    hasHeader: z.boolean().default(true),
    /** Of a workbook; of a dump, its table. */
    sheet: z.string().max(200).default(''),
    /** JSON: path to the array of records. XML: names from the root down to the element that is a record, with slashes. */
    recordPath: z.string().max(200).default(''),
  })
  .meta({ id: 'FileDialect' })
export type FileDialect = z.infer<typeof FileDialect>

export const SourceColumn = z
  .object({
    name: z.string(),
    type: z.string(),
    nullable: z.boolean(),
    isKey: z.boolean(),
    comment: z.string(),
    samples: z.array(z.string()),
  })
  .meta({ id: 'SourceColumn' })
export const ObjectDescription = z
  .object({
    object: z.string(),
    columns: z.array(SourceColumn),
    dialect: FileDialect.nullable(),
    /** Sheets of a workbook, tables of a dump: what else of the file could be read. */
    sheets: z.array(z.string()).default([]),
    reasons: z.array(z.string()),
    estimatedRows: Count.nullable(),
  })
  .meta({ id: 'ObjectDescription' })
export type ObjectDescription = z.infer<typeof ObjectDescription>

export const conversions = ['auto', 'text', 'integer', 'decimal', 'float', 'date', 'datetime', 'boolean'] as const
/** One item of the entry from one column of the source. `missing` lists texts that mean "no value" in this source (`-;`, `NULL`). */
export const MappingColumn = z
  .strictObject({
    item: z.string().max(63),
    column: z.string().max(300),
    conversion: z.enum(conversions).default('auto'),
    format: z.string().max(40).default(''),
    missing: z.array(z.string().max(40)).max(10).default([]),
    trim: z.boolean().default(true),
  })
  .meta({ id: 'MappingColumn' })
export type MappingColumn = z.infer<typeof MappingColumn>

/** How a load meets what is already there 汇聚方式. */
export const LoadMode = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('full') }),
    /** Rows whose `column` is not older than the newest one seen less `windowSeconds` (late arrivals); by the entry's key items. */
    z.strictObject({
      kind: z.literal('incremental'),
      column: z.string().min(1).max(300),
      windowSeconds: z
        .int()
        .min(0)
        .max(31 * 86400)
        .default(0),
    }),
    /** The whole object is read, only the differences are applied: inserts, changes, deletions by the key. `keepHistory`: valid from / valid to. */
    z.strictObject({ kind: z.literal('compare'), keepHistory: z.boolean().default(false) }),
    /** Each new file of a watched folder, once; `object` is a glob. */
    z.strictObject({ kind: z.literal('append') }),
    /** Change stream: PostgreSQL logical replication, MySQL/MariaDB binlog. */
    z.strictObject({ kind: z.literal('stream') }),
  ])
  .meta({ id: 'LoadMode' })
export type LoadMode = z.infer<typeof LoadMode>

/** 汇聚任务: how one entry is filled from one source object. */
export const PlanInput = z.strictObject({
  entryId: Id,
  sourceId: Id,
  object: z.string().min(1).max(1000),
  dialect: FileDialect.nullable().default(null),
  mapping: z.array(MappingColumn).min(1).max(2000),
  /** `count`: read = sent = written + quarantined. `content`: every row's digest too, computed at the source. */
  verify: z.enum(['count', 'content']).default('count'),
  /** More quarantined rows than this share stop the load (0–1). */
  quarantineLimit: z.number().min(0).max(1).default(0.05),
  /** More quarantined rows than these stop the load, whatever their share; null: the share alone decides. */
  quarantineRowLimit: Count.nullable().default(null),
  driftPolicy: DriftPolicy.default('freeze'),
  mode: LoadMode.default({ kind: 'full' }),
  /** By comparison: a larger share of the keys gone from the source stops the load, as its source is taken for half empty (0–1). */
  deletionLimit: z.number().min(0).max(1).default(0.2),
})
export type PlanInput = z.infer<typeof PlanInput>

export const loadStates = defineStates({
  initial: 'queued',
  states: {
    queued: { zh: '排队中', en: 'Queued', tone: 'neutral' },
    running: { zh: '装载中', en: 'Running', tone: 'progress' },
    reconciling: { zh: '对账中', en: 'Reconciling', tone: 'progress' },
    succeeded: { zh: '成功', en: 'Succeeded', tone: 'good' },
    failed: { zh: '失败', en: 'Failed', tone: 'bad' },
    cancelled: { zh: '已取消', en: 'Cancelled', tone: 'warning' },
  },
  steps: [
    { event: 'start', from: ['queued'], to: 'running', side: 'system', needs: 'system' },
    { event: 'reconcile', from: ['running'], to: 'reconciling', side: 'system', needs: 'system' },
    { event: 'succeed', from: ['reconciling'], to: 'succeeded', side: 'system', needs: 'system' },
    { event: 'fail', from: ['queued', 'running', 'reconciling'], to: 'failed', side: 'system', needs: 'system' },
    { event: 'cancel', from: ['queued', 'running', 'reconciling'], to: 'cancelled', side: 'provider', needs: 'ingestion:write' },
    { event: 'resume', from: ['running', 'reconciling'], to: 'queued', side: 'system', needs: 'system' },
  ],
})
export type LoadState = keyof typeof loadStates.states
export const LoadState = z.enum(Object.keys(loadStates.states) as [LoadState])

export const Load = z
  .object({
    id: Id,
    planId: Id,
    entryId: Id,
    entryName: z.string(),
    org: OrgRef,
    kind: z.enum(['full', 'replay', 'incremental', 'compare', 'append']),
    state: LoadState,
    /** The five numbers 五数: read at the source, sent to the engine, written, quarantined, contents agree (null: not asked). */
    read: Count.nullable(),
    sent: Count.nullable(),
    written: Count.nullable(),
    quarantined: Count.nullable(),
    agrees: z.boolean().nullable(),
    /** What became of the keys; null where a load replaces everything. */
    inserted: Count.nullable(),
    changed: Count.nullable(),
    deleted: Count.nullable(),
    unchanged: Count.nullable(),
    /** Incremental: rows of the whole object at the source; deletions there are not seen by this mode. */
    sourceRows: Count.nullable(),
    watermark: z.string().nullable(),
    /** 0–1 where the source's size is known. */
    progress: z.number().nullable(),
    startedBy: z.string(),
    queuedAt: Instant,
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    /** While it runs: when it will have ended, as far as can be told from its pace. */
    estimatedEnd: Instant.nullable(),
    /** While it is queued: why it does not run yet, and when it will; `until` null: when its source is released. */
    waiting: z.object({ code: z.string(), detail: z.string(), until: Instant.nullable() }).nullable(),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    reasons: z.array(z.object({ column: z.string(), reason: z.string(), detail: z.string(), count: Count })),
    /** Keys of rows whose content differs, at most 100. */
    differing: z.array(z.string()),
    can: Can,
  })
  .meta({ id: 'Load' })
export type Load = z.infer<typeof Load>

export const Plan = PlanInput.extend({
  id: Id,
  org: OrgRef,
  entryName: z.string(),
  sourceName: z.string(),
  version: z.int(),
  lastLoad: Load.nullable(),
  openQuarantine: Count,
  can: Can,
})
  .strip()
  .meta({ id: 'Plan' })
export type Plan = z.infer<typeof Plan>

/** A file that an append plan has met. */
export const LoadedFile = z
  .object({
    path: z.string(),
    sizeBytes: Count,
    modifiedAt: Instant,
    /**
     * `copy`: its content is loaded under another name; `changed`: it is no longer what was loaded; `waiting`: still being written;
     * `lost`: messages of a topic that its broker threw away before they were collected.
     */
    state: z.enum(['loaded', 'copy', 'changed', 'broken', 'waiting', 'lost']),
    detail: z.string().nullable(),
    loadId: Id,
    read: Count.nullable(),
    written: Count.nullable(),
    quarantined: Count.nullable(),
  })
  .meta({ id: 'LoadedFile' })
export type LoadedFile = z.infer<typeof LoadedFile>

/** An entry's rows as they were at an instant, of those that its history knows. */
export const HistoryPage = z
  .object({
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string().nullable())),
    next: z.string().nullable(),
    /** The first and the last change that the history knows. */
    since: Instant,
    lastChange: Instant,
  })
  .meta({ id: 'HistoryPage' })
export type HistoryPage = z.infer<typeof HistoryPage>

export const QuarantinedRow = z
  .object({
    id: z.string(),
    loadId: Id,
    row: Count,
    column: z.string(),
    reason: z.string(),
    detail: z.string(),
    values: z.record(z.string(), z.string().nullable()),
    state: z.enum(['open', 'corrected', 'replayed', 'discarded']),
  })
  .meta({ id: 'QuarantinedRow' })
