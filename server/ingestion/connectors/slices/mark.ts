import { quoteIdentifier } from '../../../store/index.ts'
import type { ColumnPlan } from '../../conversion/column-plan.ts'
import { markColumn } from '../connector.ts'

/** Of a number, so many bits are added up: the sum of a slice's rows, 2^28 at most, is within 64 bits. */
export const markBits = 2 ** 32 - 1

/** What a row adds to the checksum of its slice, in the source's SQL. */
export interface Mark {
  sql: string
  /** The key of whose value it is made, where that is an integer. */
  integerKey: string | null
}

/** The same in the lake's SQL: of the key as it arrived, or what the row brings along. `isShipped`: the source has to send it. */
export function arrivedMark({ integerKey }: Mark, columns: readonly ColumnPlan[]): { sql: string; isShipped: boolean } {
  const key = columns.find(({ source, arrival }) => source === integerKey && arrival.as === 'integer')
  return key
    ? { sql: `bitAnd(${quoteIdentifier(key.input)}, ${markBits})`, isShipped: false }
    : { sql: quoteIdentifier(markColumn), isShipped: true }
}
