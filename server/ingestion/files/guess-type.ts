// Guesses a column's data type of the 2017 guide (C 字符 N 数值 D 日期 T 日期时间 L 逻辑 M 备注 I 整型 F 浮点 B 双精度) from sample values.
// Codes and identifiers are text, also when they are all digits: nothing may ever add two of them.

export type GuideType = 'C' | 'N' | 'Y' | 'D' | 'T' | 'L' | 'M' | 'G' | 'B' | 'I' | 'F'

export interface GuessedColumn {
  guessedType: GuideType
  /** Longest sample value, in characters. */
  maxLength: number
  /** Empty values and missing marks in the sample. */
  nulls: number
  /** Texts that stand for "no value" in this column, like `-;` or `----`. */
  missingMarks: string[]
  /** Up to five different values. */
  sampleValues: string[]
}

const MEMO_FROM_CHARACTERS = 500
const MISSING = /^(?:[-—–\\/*.;#]{1,6}|null|nil|none|n\/?a|nan|\\n|无|未知|不详|空|暂无|#N\/A)$/i
const IDENTIFIER_NAME =
  /(?:编[码号]|代码|号码|证号|序列号|邮编|区号|电话|手机|(?:^|[_.\s])(?:id|code|no|number|phone|zip|adcode|postcode)$)|(?:[a-z](?:Id|ID|Code|No)$)|^(?:id|code|no)$/i
const INTEGER = /^[+-]?\d{1,18}$/
const DECIMAL = /^[+-]?(?:\d{1,30}\.\d{1,30}|\d{1,30})$/
const FLOAT = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const DATE =
  /^(?:\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|\d{4}年\d{1,2}月\d{1,2}日|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$/
const DATE_TIME = /^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}秒?(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/
const LOGICAL = /^(?:true|false|t|f|yes|no|y|n|是|否)$/i

export function guessColumn(name: string, values: readonly (string | null)[]): GuessedColumn {
  const filled = values.filter((value): value is string => value !== null && value.trim() !== '')
  const marks = new Set(filled.filter((value) => MISSING.test(value.trim())))
  const real = filled.filter((value) => !marks.has(value))
  const guessedType = guessType(name, real)
  // A mark is a mark only beside typed values; in a text column "无" is a text.
  const missingMarks = guessedType === 'C' || guessedType === 'M' ? [] : [...marks]
  return {
    guessedType,
    maxLength: filled.reduce((longest, value) => Math.max(longest, value.length), 0),
    nulls: values.length - (missingMarks.length > 0 ? real.length : filled.length),
    missingMarks,
    sampleValues: [...new Set(missingMarks.length > 0 ? real : filled)].slice(0, 5),
  }
}

function guessType(name: string, values: string[]): GuideType {
  const all = (pattern: RegExp) => values.length > 0 && values.every((value) => pattern.test(value.trim()))
  if (all(LOGICAL)) return 'L'
  if (all(DATE_TIME)) return 'T'
  if (all(DATE)) return 'D'
  if (all(FLOAT)) {
    const hasLeadingZero = values.some((value) => /^0\d/.test(value.trim()))
    if (IDENTIFIER_NAME.test(name) || hasLeadingZero) return 'C'
    if (all(INTEGER)) return values.some((value) => value.trim().length >= 11) ? 'C' : 'I'
    return all(DECIMAL) ? 'N' : 'F'
  }
  return values.some((value) => value.length > MEMO_FROM_CHARACTERS) ? 'M' : 'C'
}

/** Does a text look like data, so that it cannot be a column's name? */
export const looksLikeData = (text: string) => [FLOAT, DATE, DATE_TIME].some((pattern) => pattern.test(text.trim()))
