import type { LakeType } from '../../kernel/lake-types.ts'
import { quoteText } from '../../store/index.ts'

/**
 * Texts as numbers, exactly. The engine's parsers are lenient (measured, 26.7: '1.2.3' is 1.23, '-' is 0, '12.345' as
 * Decimal(…, 2) is 12.34, an Int128 overflows silently), so a text is parsed only when a pattern says that it is in shape and in range.
 */

export interface Conversion {
  /** The value, null where the text is none. */
  value: string
  /** Code of what is wrong with a text whose value is null. */
  reason: string
}

/** Names a step of the statement and refers to it. */
export type Define = (step: string, sql: string) => string

const isShaped = (text: string, shape: string) => `match(${text}, ${quoteText(shape)})`

/** A number as people type it, as digits: full-width characters, thousands separators, plus signs, needless zeros. */
function tidyNumber(text: string, define: Define): string {
  const narrow = define('narrow', `translateUTF8(${text}, '０１２３４５６７８９－＋．，', '0123456789-+.,')`)
  const grouped = isShaped(narrow, '^[-+]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]+)?$')
  const replacements = [
    ['^\\+', ''],
    ['^(-?)0+([0-9])', '\\1\\2'],
    ['^(-?)\\.([0-9])', '\\10.\\2'],
    ['^(-?[0-9]+\\.[0-9]*[1-9])0+$', '\\1'],
    ['^(-?[0-9]+)\\.0*$', '\\1'],
  ]
  const plain = define('plain', `if(${grouped}, replaceAll(${narrow}, ',', ''), ${narrow})`)
  return define(
    'tidy',
    replacements.reduce((sql, [pattern, by]) => `replaceRegexpOne(${sql}, ${quoteText(pattern!)}, ${quoteText(by!)})`, plain),
  )
}

/** Tries the text as it is and, only where that fails, the tidied one. */
const parseTidied = (text: string, tidy: string, shape: string, parse: (text: string) => string, type: string) =>
  `multiIf(isNull(${text}), NULL, ${isShaped(text, shape)}, ${parse(text)}, ${isShaped(tidy, shape)}, ${parse(tidy)}, CAST(NULL AS Nullable(${type})))`

export function convertInteger(text: string, type: LakeType, define: Define): Conversion {
  const target = type.kind === 'integer' && type.size > 64 ? 'Int128' : 'Int64'
  // 18 digits always fit; 19 may, and the engine's 64-bit parser notices when they do not. Its 128-bit parser would not.
  const shape = target === 'Int128' ? '^-?[0-9]{1,38}$' : '^-?[0-9]{1,19}$'
  const tidy = tidyNumber(text, define)
  return {
    value: parseTidied(text, tidy, shape, (sql) => `to${target}OrNull(${sql})`, target),
    reason: `multiIf(${isShaped(tidy, '^-?[0-9]+$')}, 'ingestion.out_of_range', ${isShaped(tidy, '^-?[0-9]+\\.[0-9]+$')}, 'ingestion.not_whole', 'ingestion.not_a_number')`,
  }
}

export function convertDecimal(text: string, { size, scale, value }: LakeType, define: Define): Conversion {
  const digits = Math.max(size - scale, 0)
  // A number below one is written with a leading zero even where the type has no digit before the point.
  const shape = `^-?${digits === 0 ? '0' : `[0-9]{1,${digits}}`}${scale > 0 ? `(\\.[0-9]{1,${scale}})?` : ''}$`
  const bits = size <= 9 ? 32 : size <= 18 ? 64 : size <= 38 ? 128 : 256
  const tidy = tidyNumber(text, define)
  return {
    value: parseTidied(text, tidy, shape, (sql) => `toDecimal${bits}OrNull(${sql}, ${scale})`, value),
    reason: `multiIf(NOT ${isShaped(tidy, '^-?[0-9]+(\\.[0-9]+)?$')}, 'ingestion.not_a_number', ${isShaped(tidy, `^-?[0-9]{${digits + 1},}`)}, 'ingestion.out_of_range', 'ingestion.too_many_decimals')`,
  }
}

/** From a text two digits of exponent: more would be an infinity somewhere, and a source that is asked to read it fails. */
export function convertFloat(text: string, isTyped: boolean, define: Define): Conversion {
  const shape = isTyped ? '^-?[0-9].*$' : '^-?[0-9]{1,200}(\\.[0-9]{1,100})?([eE][-+]?[0-9]{1,2})?$'
  const tidy = tidyNumber(text, define)
  const parsed = define('float', parseTidied(text, tidy, shape, (sql) => `toFloat64OrNull(${sql})`, 'Float64'))
  return {
    value: `if(isFinite(${parsed}), ${parsed}, NULL)`,
    reason: `if(${isShaped(tidy, shape)}, 'ingestion.out_of_range', 'ingestion.not_a_number')`,
  }
}
