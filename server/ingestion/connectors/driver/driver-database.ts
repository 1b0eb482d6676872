import type { Arrival } from '../../conversion/column-plan.ts'
import type { LakeType } from '../../../kernel/lake-types.ts'
import type { SqlDialect } from '../../digest/source-digest.ts'
import type { Target } from '../../harm/open-relay.ts'
import type { CheckResult, SourceObjectInfo } from '../connector.ts'

/** A value as its driver gives it: the statements ask for texts, and only what has no text in SQL comes as something else. */
export type DriverValue = string | number | Buffer | null

/** A connection that does one statement at a time. */
export interface DriverSession {
  /** Rows as they come; who stops taking them ends the statement. `values`: its named parameters. */
  rows(sql: string, values?: Record<string, string>): AsyncIterable<DriverValue[]>
  /** Ends what runs, from outside. */
  cancel(): Promise<void>
  close(): Promise<void>
}

/** A column as the catalog of its database knows it, and how its value becomes a text. */
export interface DriverColumn {
  name: string
  /** As people of this database write it: `decimal(12,2)`. */
  type: string
  nullable: boolean
  isKey: boolean
  comment: string
  /** Outlives a renaming; null where the database keeps none. */
  identity: string | null
  /** Kind of the text that `text` gives; `isTyped`: the database wrote it from a value of a type of its own. */
  kind: Arrival['kind']
  isTyped: boolean
  /** Of a decimal whose text always has `scale` digits after the point: its digits. */
  size: number | null
  scale: number | null
  /** Characters of the longest text, where the type says so. */
  maxLength: number | null
  /** SQL of a value of the column as text; digits of a second that a time of the lake cannot hold are cut where a time is wanted. */
  text: (wanted: LakeType['kind'], value?: string) => string
  /** SQL of a quoted literal as a value of the column; absent where the column gives no order in time. */
  literal?: (quoted: string) => string
}

/** What differs from one database to the next. What is done with it stands in driver-source.ts. */
export interface DriverDatabase {
  dialect: SqlDialect
  /** For reading only, with a limit on each statement. The address has been checked, or is that of the line that spares the source. */
  connect(target: Target, seconds: number): Promise<DriverSession>
  check(session: DriverSession): Promise<CheckResult>
  objects(session: DriverSession): Promise<SourceObjectInfo[]>
  /** None where there is no such object. */
  columns(session: DriverSession, object: string): Promise<DriverColumn[]>
  /** Changes with the structure of the object. */
  stamp(session: DriverSession, object: string): Promise<string>
  /** Quoted, with its schema. */
  table(object: string): string
  firstRows(list: readonly string[], from: string, limit: number): string
  /** SQL of the MD5, in hex, over a row's texts (digest/source-digest.ts); null where the server has no way to it. */
  digest(session: DriverSession, texts: readonly string[]): Promise<string | null>
  /** From now on all that the session reads is of one moment. False where the database keeps no earlier states of its rows. */
  beginSnapshot(session: DriverSession): Promise<boolean>
  /** An error of the driver as one of ours. */
  asError(error: unknown): Error
}
