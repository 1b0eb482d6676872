import type { ColumnPlan } from '../conversion/column-plan.ts'
import { truthWords } from '../conversion/convert-text.ts'
import { lakeDialect, type SqlDialect } from './sql-dialect.ts'

/**
 * What a source's text must read like once it is in the lake, by rewriting the text: on purpose another way than the
 * conversions go, which parse it. A conversion that changes a value therefore changes the digest of its row.
 *
 * A row's digest is the first 64 bits of the MD5 of its columns' canonical texts. It is computed at the source, travels with
 * the row, and is compared with the digest of what was stored. MD5 because every source has it built in; it guards against
 * mistakes, not against somebody who writes the source.
 */

/** U+001F between the columns, U+001E where there is no value: neither stands in the data of a table. */
export const columnSeparator = '\u001f'
export const absent = '\u001e'

type Rewrite = readonly [pattern: string, by: string]

const numberRewrites: Rewrite[] = [
  ['^[+]', ''],
  ['^(-?)0+([0-9])', '\\1\\2'],
  ['^(-?)[.]([0-9])', '\\10.\\2'],
  ['^(-?[0-9]+[.][0-9]*[1-9])0+$', '\\1'],
  ['^(-?[0-9]+)[.]0*$', '\\1'],
  ['^-0$', '0'],
]
const day = '^([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?'
const dayRewrites: Rewrite[] = [
  [`${day}([ T]*[0-9:.]*)$`, '\\1-0\\2-0\\3\\4'],
  ['^([0-9]{4}-)0?([0-9]{2}-)0?([0-9]{2}[ T0-9:.]*)$', '\\1\\2\\3'],
]
const dateRewrites: Rewrite[] = [...dayRewrites, ['^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T][0:.]+$', '\\1']]
const timeRewrites: Rewrite[] = [
  ['([0-9]{1,2})[时点]([0-9]{1,2})分?', '\\1:\\2'],
  ['(:[0-9]{1,2})([0-9]{1,2})秒$', '\\1:\\2'],
  ['^([0-9]{8})([0-9]{2})([0-9]{2})([0-9]{2})$', '\\1 \\2:\\3:\\4'],
  ...dayRewrites,
  ['^([-0-9]{10})$', '\\1 00:00:00'],
  ['^([-0-9]{10})[ T]*([0-9]{1,2}:[0-9]{1,2})$', '\\1 \\2:00'],
  ['^([-0-9]{10})[ T]*([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})([.][0-9]*)?$', '\\1 0\\2:0\\3:0\\4\\5'],
  ['^([-0-9]{10}) 0?([0-9]{2}):0?([0-9]{2}):0?([0-9]{2})([.][0-9]*)?$', '\\1 \\2:\\3:\\4\\5'],
  ['([.][0-9]*[1-9])0+$', '\\1'],
  ['[.]0*$', ''],
]

/** The text of a source column, clean but as the source wrote it, as the lake will render the value made of it. */
export function canonicalText(dialect: SqlDialect, column: ColumnPlan, text: string): string {
  const rewritten = (rewrites: readonly Rewrite[], from: string) =>
    rewrites.reduce((sql, [pattern, by]) => dialect.replace(sql, pattern, by), from)
  // What the source wrote from a typed value has neither full-width digits nor thousands separators.
  const narrow = column.arrival.isTyped ? text : dialect.narrow(text)
  switch (column.conversion) {
    case 'text':
      return text
    case 'integer':
    case 'decimal':
      return rewritten(numberRewrites, column.arrival.isTyped ? text : withoutThousands(dialect, narrow))
    case 'date':
      return rewritten(dateRewrites, narrow)
    case 'datetime':
      return rewritten(timeRewrites, narrow)
    case 'boolean': {
      const cases = Object.entries(truthWords).map(
        ([value, words]) => `WHEN ${dialect.lower(text)} IN (${words.map(dialect.text).join(', ')}) THEN ${dialect.text(value)}`,
      )
      return `CASE ${cases.join(' ')} ELSE ${text} END`
    }
    case 'float':
      // Typed floats are rendered by each side from the number itself, see the connectors. A written one is rewritten like a
      // decimal: more digits than a float keeps, or an exponent, are a difference that the steward is shown.
      return column.arrival.isTyped ? text : rewritten(numberRewrites, withoutThousands(dialect, narrow))
  }
}

const withoutThousands = (dialect: SqlDialect, text: string) =>
  `CASE WHEN ${dialect.matches(text, '^[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?$')} THEN replace(${text}, ',', '') ELSE ${text} END`

/** Trimmed and without the mapping's words for "no value", in the source's own SQL. */
export function cleanText(dialect: SqlDialect, column: ColumnPlan, text: string): string {
  const { arrival, conversion, missing } = column
  const trimmed = column.trim && !arrival.isTyped ? dialect.trim(text) : text
  const words = [...missing, ...(arrival.isEmptyMissing || (conversion !== 'text' && !arrival.isTyped) ? [''] : [])]
  return words.length === 0 ? trimmed : `CASE WHEN ${trimmed} IN (${words.map(dialect.text).join(', ')}) THEN NULL ELSE ${trimmed} END`
}

export const rowText = (dialect: SqlDialect, columns: readonly string[]) =>
  dialect.join(
    columns.map((sql) => `coalesce(${sql}, ${dialect.text(absent)})`),
    columnSeparator,
  )

/** The digest of a row in the lake's own SQL. */
export const rowDigest = (texts: readonly string[]) => `reinterpretAsUInt64(substring(MD5(assumeNotNull(${rowText(lakeDialect, texts)})), 1, 8))`
