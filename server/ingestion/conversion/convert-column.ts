import { lakeTypeOf, renderSql } from '../../kernel/lake-types.ts'
import { quoteIdentifier } from '../../store/index.ts'
import { cleanSql } from './clean-text.ts'
import type { ColumnPlan } from './column-plan.ts'
import { convertDate, convertDateTime } from './convert-date.ts'
import { type Conversion, convertDecimal, convertFloat, convertInteger, type Define } from './convert-number.ts'
import { convertBoolean, convertText } from './convert-text.ts'
import type { Definitions } from './definitions.ts'

export interface ConvertedColumn {
  /** SQL over the input column: the value for the lake, null where it is missing or cannot be converted. */
  value: string
  /** True where a text is there but is no value of the item; null where that cannot happen. */
  isWrong: string | null
  /** True where the item needs a value and has none; null where that cannot happen. */
  isMissing: string | null
}

export type Convert = typeof convertColumn

/** The conversion of one column as SQL; its steps and the mapping's words go into `definitions`. */
export function convertColumn(column: ColumnPlan, definitions: Definitions): ConvertedColumn {
  const { arrival, item } = column
  const input = quoteIdentifier(column.input)
  const missing = (sql: string) => (item.isRequired && !(arrival.isNeverNull && sql === input) ? `isNull(${sql})` : null)
  if (arrival.as !== 'text') return { value: nativeValue(column, input), isWrong: null, isMissing: missing(input) }
  const text = cleanSql(column, input, definitions)
  const { value, canFail } = convertClean(column, text, definitions)
  const converted = definitions.define(`${column.input}.value`, value)
  return {
    value: converted,
    isWrong: canFail === false ? null : `(isNotNull(${text}) AND isNull(${converted}))`,
    isMissing: missing(text),
  }
}

/** What is wrong with the text of a column, over the rows whose text is: the mapping's words are none of them, and need no parameter. */
export function faultReason(column: ColumnPlan, definitions: Definitions): string {
  if (column.arrival.as !== 'text') return "''"
  const text = cleanSql({ ...column, missing: [] }, quoteIdentifier(column.input), definitions)
  return convertClean(column, text, definitions).reason
}

const widestDecimal = lakeTypeOf({ dataType: 'N', length: null, scale: null })
const nativeValue = ({ type }: ColumnPlan, input: string) => (type.kind === 'text' ? `toString(${input})` : input)

function convertClean(column: ColumnPlan, text: string, definitions: Definitions): Conversion & { canFail?: boolean } {
  const { conversion, type, format } = column
  const define: Define = (step, sql) => definitions.define(`${column.input}.${step}`, sql)
  const asText = (converted: Conversion, kind: Parameters<typeof renderSql>[0]['kind']): Conversion =>
    type.kind === 'text' ? { ...converted, value: renderSql({ ...type, kind }, converted.value) } : converted
  switch (conversion) {
    case 'text':
      return convertText(text, column)
    case 'integer':
      return type.kind === 'decimal' ? convertDecimal(text, type, define) : asText(convertInteger(text, type, define), 'integer')
    case 'decimal':
      return type.kind === 'text' ? asText(convertDecimal(text, widestDecimal, define), 'decimal') : convertDecimal(text, type, define)
    case 'float':
      return asText(convertFloat(text, column.arrival.isTyped, define), 'float')
    case 'date':
      return asText(convertDate(text, format, define), 'date')
    case 'datetime':
      return asText(convertDateTime(text, format, define), 'time')
    case 'boolean':
      return asText(convertBoolean(text), 'truth')
  }
}
