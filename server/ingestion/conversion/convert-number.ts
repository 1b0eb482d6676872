import type { LakeType } from '../../kernel/lake-types.ts'
import { quoteText } from '../../store/index.ts'

/**
 * Texts as numbers, exactly. The engine's parser of Int64 is exact; the others are lenient (measured, 26.7: '1.2.3' is 1.23, '-' is 0,
 * '12.345' as Decimal(…, 2) is 12.34, an Int128 overflows silently), so their result counts only when a pattern says that the text is
 * in shape and in range.
 */

export interface Conversion {
  /** The value, null where the text is none. */
  value: string
  /** Code of what is wrong with a text that is wrong. */
  reason: string
  /** Where it is not that the value is null: whether the text is wrong; null where it cannot be. */
  isWrong?: string | null
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

/**
 * The result of the direct way where it holds, else that of a longer way, which the engine goes only for the rows that need it.
 * Written so that blocks in which every row is plain cost nothing more.
 */
export const preferred = (text: string, isPlain: string, direct: string, otherwise: string): string =>
  `if(isNull(${text}) OR ifNull(${isPlain}, 0), ${direct}, ${otherwise})`

/** Tries the text as it is and, only where that fails, the tidied one. */
function parseTidied(text: string, tidy: string, shape: string, parse: (text: string) => string, define: Define): string {
  const direct = define('direct', parse(text))
  return preferred(text, isShaped(text, shape), direct, `if(${isShaped(tidy, shape)}, ${parse(tidy)}, NULL)`)
}

export function convertInteger(text: string, type: LakeType, define: Define): Conversion {
  const tidy = tidyNumber(text, define)
  const exact = () => {
    const direct = define('direct', `toInt64OrNull(${text})`)
    return preferred(text, `isNotNull(${direct})`, direct, `toInt64OrNull(${tidy})`)
  }
  const isWide = type.kind === 'integer' && type.size > 64
  return {
    value: isWide ? parseTidied(text, tidy, '^-?[0-9]{1,38}$', (sql) => `toInt128OrNull(${sql})`, define) : exact(),
    reason: `multiIf(${isShaped(tidy, '^-?[0-9]+$')}, 'ingestion.out_of_range', ${isShaped(tidy, '^-?[0-9]+\\.[0-9]+$')}, 'ingestion.not_whole', 'ingestion.not_a_number')`,
  }
}

/** Width of the engine's type for so many digits. */
export const decimalBits = ({ size }: Pick<LakeType, 'size'>): number => (size <= 9 ? 32 : size <= 18 ? 64 : size <= 38 ? 128 : 256)

const integerDigits = ({ size, scale }: Pick<LakeType, 'size' | 'scale'>) => Math.max(size - scale, 0)

/** Texts that the type holds exactly. A number below one is written with a leading zero even where the type has no digit before the point. */
export function decimalShape(type: Pick<LakeType, 'size' | 'scale'>): string {
  const digits = integerDigits(type)
  return `^-?${digits === 0 ? '0' : `[0-9]{1,${digits}}`}${type.scale > 0 ? `(\\.[0-9]{1,${type.scale}})?` : ''}$`
}

export function convertDecimal(text: string, type: LakeType, define: Define): Conversion {
  const shape = decimalShape(type)
  const { scale } = type
  const digits = integerDigits(type)
  const bits = decimalBits(type)
  const tidy = tidyNumber(text, define)
  return {
    value: parseTidied(text, tidy, shape, (sql) => `toDecimal${bits}OrNull(${sql}, ${scale})`, define),
    reason: `multiIf(NOT ${isShaped(tidy, '^-?[0-9]+(\\.[0-9]+)?$')}, 'ingestion.not_a_number', ${isShaped(tidy, `^-?[0-9]{${digits + 1},}`)}, 'ingestion.out_of_range', 'ingestion.too_many_decimals')`,
  }
}

/** From a text two digits of exponent: more would be an infinity somewhere, and a source that is asked to read it fails. */
export function convertFloat(text: string, isTyped: boolean, define: Define): Conversion {
  const shape = isTyped ? '^-?[0-9].*$' : '^-?[0-9]{1,200}(\\.[0-9]{1,100})?([eE][-+]?[0-9]{1,2})?$'
  const tidy = tidyNumber(text, define)
  const parsed = define(
    'float',
    parseTidied(text, tidy, shape, (sql) => `toFloat64OrNull(${sql})`, define),
  )
  return {
    value: `if(isFinite(${parsed}), ${parsed}, NULL)`,
    reason: `if(${isShaped(tidy, shape)}, 'ingestion.out_of_range', 'ingestion.not_a_number')`,
  }
}
