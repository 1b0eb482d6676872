import { quoteIdentifier, quoteText } from '../../store/index.ts'
import { anyOuterByte, asciiSpace, wideSpace } from './clean-text.ts'
import type { ColumnPlan } from './column-plan.ts'
import { dayFormatOf } from './convert-date.ts'
import { decimalBits, decimalShape } from './convert-number.ts'
import { beyondLake, rawText } from './convert-column.ts'
import { textFaults, truthWords } from './convert-text.ts'
import type { Definitions } from './definitions.ts'

/**
 * The short way of a column, for the nearly all rows that need no more: the value as the engine's parser gives it, and whether
 * that can be relied on. A row that is not plain in every column goes the long way (convert-column.ts), which is exact for any text
 * and costs several times as much.
 */
export interface PlainColumn {
  value: string
  /** SQL of a truth; null where every row is plain. */
  isPlain: string | null
}

export function plainColumn(column: ColumnPlan, definitions: Definitions): PlainColumn {
  const { arrival, item, type, conversion, input, missing } = column
  const text = quoteIdentifier(input)
  if (arrival.as !== 'text') {
    const value = type.kind === 'text' ? rawText(column) : text
    const beyond = beyondLake(column)
    const good = [...(beyond ? [`NOT ${beyond}`] : []), ...(item.isRequired && !arrival.isNeverNull ? [`isNotNull(${text})`] : [])]
    return { value, isPlain: good.length > 0 ? good.join(' AND ') : null }
  }
  if (conversion === 'text') return plainText(column, text, definitions)
  if (type.kind === 'text') return { value: text, isPlain: 'false' }
  const parsed = parse(column, text)
  if (!parsed) return { value: 'NULL', isPlain: 'false' }
  const value = definitions.define(`${input}.plain`, parsed.value)
  // No value is plain too, where there need not be one; an empty text is one then, as it is no number and no date.
  const isAbsent = arrival.isTyped ? `isNull(${text})` : `ifNull(${text} = '', 1)`
  // A word that means no value may read like one: 9999-12-31.
  const isWord = missing.length > 0 ? [`NOT ${isMissingWord(column, text, definitions)}`] : []
  const isGood = `ifNull(${[parsed.isGood(value), ...isWord].join(' AND ')}, 0)`
  return { value, isPlain: item.isRequired ? isGood : `(${isGood} OR ${isAbsent})` }
}

interface Parsed {
  value: string
  isGood: (value: string) => string
}

const notNull = (value: string) => `isNotNull(${value})`

function parse(column: ColumnPlan, text: string): Parsed | null {
  const { arrival, type, missing } = column
  const isOwn = arrival.isTyped && arrival.kind === type.kind && missing.length === 0
  switch (column.conversion) {
    case 'integer':
      if (type.kind === 'decimal') return parseDecimal(column, text)
      return type.size > 64
        ? { value: `toInt128OrNull(${text})`, isGood: () => `match(${text}, '^-?[0-9]{1,38}$')` }
        : { value: `toInt64OrNull(${text})`, isGood: notNull }
    case 'decimal':
      return isOwn && arrival.fits
        ? { value: `toDecimal${decimalBits(type)}OrNull(${text}, ${type.scale})`, isGood: notNull }
        : parseDecimal(column, text)
    case 'float':
      return { value: `toFloat64OrNull(${text})`, isGood: () => `match(${text}, '^-?[0-9]{1,15}([.][0-9]{1,15})?$')` }
    case 'date':
      return parseDate(column, text, isOwn)
    case 'datetime':
      return parseTime(column, text, isOwn)
    case 'boolean': {
      const words = Object.entries(truthWords).flatMap(([truth, list]) => list.map((word) => [quoteText(word), truth] as const))
      const [from, to] = [words.map(([word]) => word), words.map(([, truth]) => truth)].map((list) => `[${list.join(', ')}]`)
      return { value: `transform(${text}, ${from}, ${to}, CAST(NULL AS Nullable(Bool)))`, isGood: notNull }
    }
    case 'text':
      return null
  }
}

const parseDecimal = ({ type }: ColumnPlan, text: string): Parsed => ({
  value: `toDecimal${decimalBits(type)}OrNull(${text}, ${type.scale})`,
  isGood: () => `match(${text}, ${quoteText(decimalShape(type))})`,
})

/**
 * Texts that the source wrote from its own dates have a certain shape, and only the range is to be looked at: `infinity`, years
 * that the engine has not, a MySQL date without month. Any other text counts when it is written back as it was read.
 */
const isOwnDay = (text: string) => `${text} >= '1900-01-01' AND ${text} < '2300' AND position(assumeNotNull(${text}), '-00') = 0`
const isDirect = (format: string) => format === '' || dayFormatOf(format) === 'yyyy-MM-dd'

function parseDate({ format }: ColumnPlan, text: string, isOwn: boolean): Parsed | null {
  if (!isDirect(format)) return null
  return {
    value: `toDate32OrNull(${text})`,
    isGood: (value) => (isOwn ? `length(${text}) = 10 AND ${isOwnDay(text)}` : `toString(${value}) = ${text}`),
  }
}

function parseTime({ format }: ColumnPlan, text: string, isOwn: boolean): Parsed | null {
  if (!isDirect(format)) return null
  const isSame = (value: string) => (isOwn ? isOwnDay(text) : `startsWith(toString(${value}), ${text})`)
  return { value: `toDateTime64OrNull(${text}, 6, 'UTC')`, isGood: (value) => `length(${text}) BETWEEN 19 AND 26 AND ${isSame(value)}` }
}

function isMissingWord({ missing, input }: ColumnPlan, text: string, { parameters }: Definitions): string {
  const name = `missing${input.slice(1)}`
  parameters[name] = [...missing]
  return `has({${name}:Array(String)}, ${text})`
}

function plainText(column: ColumnPlan, text: string, definitions: Definitions): PlainColumn {
  const { arrival, item, trim, missing } = column
  const value = arrival.isEmptyMissing ? `nullIf(${text}, '')` : text
  // A text that is missing has no fault, whatever stands in its place: without nulls the engine is faster.
  const present = `assumeNotNull(${text})`
  const faults = textFaults(column, present)
  if (trim && !arrival.isTyped) faults.push(hasOuterSpace(present))
  if (missing.length > 0) faults.push(isMissingWord(column, present, definitions))
  const good = faults.length > 0 ? [`NOT (isNotNull(${text}) AND (${faults.join(' OR ')}))`] : []
  if (item.isRequired && arrival.isEmptyMissing) good.push(`ifNull(${text} != '', 0)`)
  else if (item.isRequired && !arrival.isNeverNull) good.push(`isNotNull(${text})`)
  return { value, isPlain: good.length > 0 ? good.join(' AND ') : null }
}

/**
 * The engine's `trim` works on bytes: what is certain it says of ASCII only. Of the bytes of all spaces it says in one go which few
 * texts are to be looked at.
 */
function hasOuterSpace(text: string): string {
  const changes = (spaces: string) => `length(trim(BOTH ${spaces} FROM ${text})) != length(${text})`
  const wide = wideSpace.flatMap((space) => [`startsWith(${text}, ${quoteText(space)})`, `endsWith(${text}, ${quoteText(space)})`])
  return `${changes(anyOuterByte)} AND (${[changes(asciiSpace), ...wide].join(' OR ')})`
}
