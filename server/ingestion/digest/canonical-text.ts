import { renderSql } from '../../kernel/lake-types.ts'
import { quoteText } from '../../store/index.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { truthWords } from '../conversion/convert-text.ts'

/**
 * What a source's text must read like once it is in the lake, by rewriting the text: on purpose another way than the
 * conversions go, which parse it. A conversion that changes a value therefore changes the digest of its row.
 */

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

/**
 * Typed values whose text is canonical as it stands. A decimal of the item's own scale is compared with all its zeros, so that
 * the source need not cut them off.
 */
export function isCanonical({ arrival, missing, type, conversion }: ColumnPlan): boolean {
  if (arrival.as !== 'text') return true
  if (!arrival.isTyped || missing.length > 0) return false
  return (
    conversion === 'text' ||
    (arrival.kind === type.kind && (type.kind !== 'decimal' || arrival.scale === type.scale) && type.kind !== 'float')
  )
}

/** A stored value as its source wrote it, or as `canonicalText` has it. */
export function storedText(column: ColumnPlan, name: string): string {
  const { type, arrival } = column
  return type.kind === 'decimal' && arrival.as === 'text' && isCanonical(column)
    ? `toDecimalString(${name}, ${type.scale})`
    : renderSql(type, name)
}

/** `clean`: SQL of the text without what means nothing; `raw`: as it arrived. */
export function canonicalText(column: ColumnPlan, clean: string): string {
  if (isCanonical(column)) return clean
  const rewritten = (rewrites: readonly Rewrite[], from: string) =>
    rewrites.reduce((sql, [pattern, by]) => `replaceRegexpOne(${sql}, ${quoteText(pattern)}, ${quoteText(by)})`, from)
  // What the source wrote from a typed value has neither full-width digits nor thousands separators.
  const narrow = column.arrival.isTyped ? clean : `translateUTF8(${clean}, '０１２３４５６７８９－＋．，／：', '0123456789-+.,/:')`
  switch (column.conversion) {
    case 'text':
      return clean
    case 'integer':
    case 'decimal': {
      const isGrouped = `match(${narrow}, '^[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?$')`
      return rewritten(numberRewrites, column.arrival.isTyped ? clean : `if(${isGrouped}, replaceAll(${narrow}, ',', ''), ${narrow})`)
    }
    case 'date':
      return rewritten(dateRewrites, narrow)
    case 'datetime':
      // A text that names its zone is moved to Beijing's: there the engine's other parser is the second opinion.
      return `if(match(${narrow}, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AND match(${narrow}, ':'), ${zonedText(narrow)}, ${rewritten(timeRewrites, narrow)})`
    case 'boolean': {
      const cases = Object.entries(truthWords).map(
        ([value, words]) => `lowerUTF8(ifNull(${clean}, '')) IN (${words.map(quoteText).join(', ')}), ${quoteText(value)}`,
      )
      return `multiIf(${cases.join(', ')}, ${clean})`
    }
    case 'float':
      // The same number has many spellings; the engine's shortest one stands for it.
      return `if(isFinite(toFloat64OrNull(${narrow})), toString(toFloat64OrNull(${narrow})), ${clean})`
  }
}

const zonedText = (text: string) =>
  `replaceRegexpOne(toString(addHours(parseDateTime64BestEffortOrNull(${text}, 6, 'UTC'), 8)), '\\\\.?0+$', '')`
