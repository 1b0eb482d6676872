import { quoteText } from '../../store/index.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { type ConvertedColumn, rawText } from '../conversion/convert-column.ts'
import type { Definitions } from '../conversion/definitions.ts'

export interface Fault {
  /** 2i + 1: the text of column i is wrong; 2i + 2: its value is missing; 0: nothing. */
  fault: string
  item: string
  reason: string
  detail: string
}

/** What is wrong with a row on the long way, as SQL: its first fault. Null where nothing can be. */
export function faultSql(columns: readonly ColumnPlan[], converted: readonly ConvertedColumn[], definitions: Definitions): Fault | null {
  const faults = converted.flatMap(faultsOf)
  if (faults.length === 0) return null
  const fault = definitions.define('#fault', `multiIf(${[...faults, '0'].join(', ')})`)
  const reasons = converted.flatMap((column, i) => [
    `${fault} = ${2 * i + 1}`,
    column.reason,
    `${fault} = ${2 * i + 2}`,
    `'ingestion.missing_value'`,
  ])
  const at = `intDiv(${fault} + 1, 2)`
  return {
    fault,
    item: `[${columns.map(({ item }) => quoteText(item.code)).join(', ')}][${at}]`,
    reason: `multiIf(${reasons.join(', ')}, '')`,
    detail: `substringUTF8(ifNull([${columns.map((column) => `toNullable(${rawText(column)})`).join(', ')}][${at}], ''), 1, 200)`,
  }
}

const faultsOf = ({ isWrong, isMissing }: ConvertedColumn, i: number) => [
  ...(isWrong ? [isWrong, String(2 * i + 1)] : []),
  ...(isMissing ? [isMissing, String(2 * i + 2)] : []),
]
