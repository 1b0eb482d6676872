import type { Readable } from 'node:stream'
import type { Kysely, Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Language } from '#contract/messages/index.ts'
import type { Profile } from '#contract/profile.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Grant, GrantQuery, GrantRows } from '../kernel/grant.ts'
import type { EventRecord } from './events.ts'
import type { FileStore } from './files.ts'
import type { Lake } from './lake/lake.ts'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** The lake as a use case sees it: record content is not among its verbs; that comes by a Grant (security/read-lake.ts). */
export type LakeEngine = Omit<Lake, 'rows' | 'bytes'>

/** Made per request and per job; always the first argument. */
export interface Ctx {
  db: Db
  lake: LakeEngine
  /** The only way to content of the lake. The caller emits the data event. */
  read: (grant: Grant, query: GrantQuery) => Promise<GrantRows>
  /** One row by the grant's key, as texts in the order of its columns; null where there is none. Needs `grant.keyed`. */
  readByKey: (grant: Grant, key: string) => (string | null)[] | null
  /** The same as bytes of a ClickHouse format, for exports. */
  readBytes: (grant: Grant, query: GrantQuery, format: string) => Promise<Readable>
  files: FileStore
  actor: Actor
  profile: Profile
  /** The only clock: tests set it. */
  now: () => Date
  log: Logger
  requestId: string
  /** Where the caller called from, for the audit. */
  address: string | null
  purpose: string | null
  /** In which the caller reads: words that are not kept are made in it. */
  language: Language
  /** Events recorded under this ctx so far; http checks that a change left exactly one. */
  recorded: { count: number }
  /** Puts a job into the caller's transaction. */
  enqueue: <S extends z.ZodType>(ctx: TxCtx, job: { name: string; input: S }, input: z.input<S>) => Promise<void>
  /** Tells this process's readers of the event log that there is something new. */
  wakeFeed: () => void
}

/**
 * Inside a transaction there is no lake, no files and no network: on PGlite a transaction serialises the whole node, so
 * nothing slow may happen in one. The absence is in the type.
 */
export interface TxCtx extends Omit<Ctx, 'lake' | 'read' | 'readByKey' | 'readBytes' | 'files' | 'db'> {
  db: Tx
  pending: EventRecord[]
  afterCommit: (() => void)[]
}
