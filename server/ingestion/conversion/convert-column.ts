import { lakeTypeOf, renderSql } from '../../kernel/lake-types.ts'
import { quoteIdentifier } from '../../store/index.ts'
import { cleanSql } from './clean-text.ts'
import type { ColumnPlan } from './column-plan.ts'
import { convertDate, convertDateTime } from './convert-date.ts'
import { type Conversion, convertDecimal, convertFloat, convertInteger, decimalBits, type Define } from './convert-number.ts'
import { convertBoolean, convertText } from './convert-text.ts'
import type { Definitions } from './definitions.ts'

export interface ConvertedColumn {
  /** SQL of the text without what means nothing, null where there is no value. */
  clean: string
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
  if (arrival.as !== 'text') return { clean: rawText(column), value: nativeValue(column, input), isWrong: null, isMissing: missing(input) }
  const text = cleanSql(column, input, definitions)
  const { value, isWrong } = convertTyped(column, text) ?? convertClean(column, text, definitions)
  const converted = definitions.define(`${column.input}.value`, value)
  return {
    clean: text,
    value: converted,
    isWrong: isWrong === undefined ? `(isNotNull(${text}) AND isNull(${converted}))` : isWrong,
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
const nativeValue = (column: ColumnPlan, input: string) => (column.type.kind === 'text' ? rawText(column) : input)

/** What arrived, as the text that the source has for it. */
export function rawText({ input, arrival }: Pick<ColumnPlan, 'input' | 'arrival'>): string {
  const name = quoteIdentifier(input)
  if (arrival.as === 'text') return name
  return arrival.as === 'truth' ? `toString(CAST(${name} AS Nullable(Bool)))` : `toString(${name})`
}

/**
 * Texts that the source wrote from its own dates and decimals: the shape is certain, only the range is not (`infinity`, `NaN`,
 * years that the engine has not, a MySQL date without month). Undefined where the general way is needed.
 */
function convertTyped({ arrival, type, missing }: ColumnPlan, text: string): Conversion | undefined {
  if (!arrival.isTyped || arrival.kind !== type.kind || missing.length > 0) return undefined
  const isDay = `${text} >= '1900-01-01' AND ${text} < '2300' AND position(assumeNotNull(${text}), '-00') = 0`
  if (type.kind === 'date') return { value: `if(length(${text}) = 10 AND ${isDay}, toDate32OrNull(${text}), NULL)`, reason: '' }
  if (type.kind === 'time')
    return { value: `if(length(${text}) BETWEEN 19 AND 26 AND ${isDay}, toDateTime64OrNull(${text}, 6, 'UTC'), NULL)`, reason: '' }
  if (type.kind === 'decimal' && arrival.fits) return { value: `toDecimal${decimalBits(type)}OrNull(${text}, ${type.scale})`, reason: '' }
  return undefined
}

function convertClean(column: ColumnPlan, text: string, definitions: Definitions): Conversion {
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
