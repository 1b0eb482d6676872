import type { LakeType } from '../../../kernel/lake-types.ts'
import type { Arrival } from '../../conversion/column-plan.ts'
import type { Target } from '../../harm/open-relay.ts'
import type { CheckResult, SourceObjectInfo } from '../connector.ts'

/** A value as its driver gives it: the statements ask for texts, and only what has no text in SQL comes as something else. */
export type DriverValue = string | number | Buffer | null

/** A connection that does one statement at a time. */
export interface DriverSession<Statement = string> {
  /** Rows as they come; who stops taking them ends the statement. `values`: its named parameters. */
  rows(statement: Statement, values?: Record<string, string>): AsyncIterable<DriverValue[]>
  /** From now on all that is read of the object is of one moment. False where the database keeps no earlier states of its rows. */
  beginSnapshot(object: string): Promise<boolean>
  /** Ends what runs, from outside. */
  cancel(): Promise<void>
  close(): Promise<void>
}

/** A column as the catalog of its database knows it. */
export interface DriverColumn {
  name: string
  /** As people of this database write it: `decimal(12,2)`. */
  type: string
  nullable: boolean
  isKey: boolean
  comment: string
  /** Outlives a renaming; null where the database keeps none. */
  identity: string | null
  /** Kind of the text that a value becomes; `isTyped`: the database wrote it from a value of a type of its own. */
  kind: Arrival['kind']
  isTyped: boolean
  /** Of a decimal whose text always has `scale` digits after the point: its digits. */
  size: number | null
  scale: number | null
  /** Characters of the longest text, where the type says so. */
  maxLength: number | null
}

/** Rows whose `column` is `from` or newer, or has no value. */
export interface DriverSince<Column> {
  column: Column
  from: string
}

/** What a load asks for: `columns`, each as a text from which a value of its kind is made. */
export interface Asked<Column> {
  columns: readonly Column[]
  kinds: readonly LakeType['kind'][]
  since: DriverSince<Column> | undefined
  withDigest: boolean
}

/** What is asked of one object, in the language of its database. */
export interface DriverStatements<Column, Statement> {
  /** As it is entered in the book of what was run at the source. */
  written(statement: Statement): string
  firstRows(object: string, columns: readonly Column[], limit: number): Statement
  /** One row: how many there are; no row where there are none. @throws conflict `ingestion.watermark_type` */
  count(object: string, since?: DriverSince<Column>): Statement
  /** `hasDigest`: each row ends with the MD5, in hex, over its texts (digest/source-digest.ts). */
  rows(session: DriverSession<Statement>, object: string, asked: Asked<Column>): Promise<{ statement: Statement; hasDigest: boolean }>
  /** One row: how many rows the whole object has, 1 where its newest value is `value` or newer, and that value. */
  newest(object: string, column: Column, value: string): Statement
}

/** What differs from one database to the next. What is done with it stands in driver-source.ts. */
export interface DriverDatabase<Column extends DriverColumn, Statement> {
  statements: DriverStatements<Column, Statement>
  /** For reading only, with a limit on each statement. The address has been checked, or is that of the line that spares the source. */
  connect(target: Target, seconds: number): Promise<DriverSession<Statement>>
  check(session: DriverSession<Statement>): Promise<CheckResult>
  /** All, or at least the one that is named. */
  objects(session: DriverSession<Statement>, object?: string): Promise<SourceObjectInfo[]>
  /** None where there is no such object. `wanted` are looked for by name where a catalog does not know every column. */
  columns(session: DriverSession<Statement>, object: string, wanted?: readonly string[]): Promise<Column[]>
  /** What the object declares, where that is not what `columns` tells; null where there is no such object. */
  declared?(session: DriverSession<Statement>, object: string): Promise<Column[] | null>
  /** Changes with the structure of the object. */
  stamp(session: DriverSession<Statement>, object: string): Promise<string>
  /** An error of the driver as one of ours. */
  asError(error: unknown): Error
}
