import type { WantedColumn } from '../connectors/connector.ts'
import type { Arrival } from '../conversion/column-plan.ts'

/**
 * A source's log of changes. Positions are numbers that grow along the log: PostgreSQL's LSN; of a binlog the number of the file
 * times 2^32, and the place in it.
 */
export interface ChangeLog {
  /**
   * Looks whether the object can be followed, before anything is set up.
   * @throws conflict `ingestion.stream_…`, saying what the department has to do
   */
  inspect(wanted: readonly WantedColumn[]): Promise<LogObject>
  /** Makes the source keep its log from now on. The position is one that every change which the copy lacks comes after. */
  hold(name: string): Promise<{ origin: LogOrigin; position: number }>
  /** Lets go of it; nothing happens where it is gone already. */
  release(name: string): Promise<void>
  /** @throws conflict where the log is not the one that the stream came from, or does not reach back to `from` */
  follow(name: string, origin: LogOrigin, from: LogPlace, object: LogObject, sink: ChangeSink): Promise<Following>
  /** What the source keeps and where it stands; `position`: what the stream still needs. Its connection stays open until `close`. */
  measure(name: string, position: number): Promise<LogHealth>
  /**
   * Of a log that tells only which rows changed, and whose values are read again: waits until whoever reads the source sees every
   * change up to this version.
   */
  visible?(version: number): Promise<void>
  close(): Promise<void>
  describe(position: number): string
}

/** Identity of a log: positions mean something only in the log that they were read from. */
export type LogOrigin = Record<string, string | number>

export interface LogPlace {
  /** Changes up to here are in the lake. */
  position: number
  /** The furthest that the source may have been told. */
  told: number
}

export interface LogObject {
  /** Columns that find a row again. */
  keys: string[]
  /** How the wanted columns arrive. */
  arrivals: Arrival[]
  /** The source's own type of each mapped or key column, as its log names it. */
  types: Record<string, string>
}

export interface LogHealth {
  /** End of the source's log now. */
  position: number
  /** Null where the source keeps nothing on our account. */
  retainedBytes: number | null
  /** What the source itself keeps at most. */
  sourceLimit: string | null
  /** The source no longer has all that the stream still needs. */
  isLost: boolean
  /** What the stream still needs is the next that the source will throw away. */
  isEnding: boolean
}

export interface Following {
  /** Everything up to here is synced in the lake: the source may forget it. */
  confirm(position: number): Promise<void>
  /** Rejects when the line breaks or the object is no longer what it was. */
  done: Promise<void>
  stop(): Promise<void>
}

/** A row's texts as the copy would have them: keys, and values in the order of the wanted columns. */
export type Texts = readonly (string | null)[]

/**
 * Takes changes in the order of the log. A promise means: send no more before it has settled. Versions grow; a log that tells only
 * which rows changed gives no values.
 */
export interface ChangeSink {
  insert(keys: Texts, values: Texts, version: number): Taken
  /** `before` where the key may have been another. */
  update(before: Texts | null, keys: Texts, values: Texts, version: number): Taken
  remove(keys: Texts, version: number): Taken
  /** The source emptied the table. */
  empty(version: number): void
  /** A transaction is whole; everything before `position` has come. */
  commit(position: number): Taken
  /** Nothing that concerns the object lies before `position`. */
  idle(position: number): void
}
export type Taken = Promise<void> | undefined
