import { lakeTypeOf, renderSql } from '../../kernel/lake-types.ts'
import { quoteIdentifier, quoteText } from '../../store/index.ts'
import { cleanSql } from './clean-text.ts'
import type { ColumnPlan } from './column-plan.ts'
import { convertDate, convertDateTime } from './convert-date.ts'
import { type Conversion, convertDecimal, convertFloat, convertInteger, type Define } from './convert-number.ts'
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
  /** Code of what is wrong. */
  reason: string
}

/** The conversion of one column as SQL; its steps and the mapping's words go into `definitions`. */
export function convertColumn(column: ColumnPlan, definitions: Definitions): ConvertedColumn {
  const { arrival, item } = column
  const input = quoteIdentifier(column.input)
  const missing = (sql: string) => (item.isRequired && !(arrival.isNeverNull && sql === input) ? `isNull(${sql})` : null)
  if (arrival.as !== 'text') {
    const beyond = beyondLake(column)
    const value = beyond ? `if(${beyond}, NULL, ${input})` : nativeValue(column, input)
    return { clean: rawText(column), value, isWrong: beyond, isMissing: missing(input), reason: "'ingestion.date_out_of_range'" }
  }
  const text = cleanSql(column, input, definitions)
  const { value, isWrong, reason } = convertClean(column, text, definitions)
  const converted = definitions.define(`${column.input}.value`, value)
  return {
    clean: text,
    value: converted,
    isWrong: isWrong === undefined ? `(isNotNull(${text}) AND isNull(${converted}))` : isWrong,
    isMissing: missing(text),
    reason,
  }
}

const widestDecimal = lakeTypeOf({ dataType: 'N', length: null, scale: null })
const nativeValue = (column: ColumnPlan, input: string) => (column.type.kind === 'text' ? rawText(column) : input)

/** What arrived, as the text that the source has for it. */
export function rawText({ input, arrival, type }: Pick<ColumnPlan, 'input' | 'arrival' | 'type'>): string {
  const name = quoteIdentifier(input)
  if (arrival.as === 'text') return name
  if (arrival.as === 'value') return renderSql(type, name)
  return arrival.as === 'truth' ? `toString(CAST(${name} AS Nullable(Bool)))` : `toString(${name})`
}

const ends = { date: ['1900-01-01', '2299-12-31'], time: ['1900-01-01 00:00:00', '2299-12-31 23:59:59.999999'] } as const

/** True of a day or time that arrived as a value and cannot be written: its type counts further than that. Null where none can be. */
export function beyondLake({ arrival, type, input }: ColumnPlan): string | null {
  if (arrival.as !== 'value' || (type.kind !== 'date' && type.kind !== 'time')) return null
  const [first, last] = ends[type.kind].map((day) => `CAST(${quoteText(day)} AS ${type.value})`)
  return `ifNull(${quoteIdentifier(input)} NOT BETWEEN ${first} AND ${last}, 0)`
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
