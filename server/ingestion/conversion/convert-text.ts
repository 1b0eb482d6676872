import { quoteText } from '../../store/index.ts'
import type { ColumnPlan } from './column-plan.ts'
import type { Conversion } from './convert-number.ts'

const numbered = new Set(['citizen_id', 'bank_account', 'social_security', 'phone', 'passport'])
const scientific = quoteText('^[0-9](\\.[0-9]+)?[eE]\\+?[0-9]{1,2}$')

/** A text in which digits count: Excel shows a long one as 3.50203E+17 and saves it so. */
const isNumbered = ({ item }: ColumnPlan) => numbered.has(item.sensitiveKind) || /号码?$|代码$|编码$/.test(item.name)

/** GB 11643-1999: the check character of an 18-digit citizen number. */
const checkCharacter = (text: string) =>
  `arrayElement(['1','0','X','9','8','7','6','5','4','3','2'], toUInt8(1 + arraySum((w, i) -> w * toUInt8OrZero(substring(${text}, i, 1)), [7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2], range(1, 18)) % 11))`
/** Excel keeps 15 digits and writes zeros for the rest: such a number that fails its check was rounded. */
const isRounded = (text: string) => `(match(${text}, '^[1-9][0-9]{14}000$') AND ${checkCharacter(text)} != substring(${text}, 18, 1))`

/** What can be wrong with the text of a column, as SQL of truths. */
export function textFaults(column: ColumnPlan, text: string): string[] {
  const { item, arrival } = column
  const limit = item.length
  return [
    ...(limit !== null && (arrival.maxLength === null || arrival.maxLength > limit) ? [`lengthUTF8(${text}) > ${limit}`] : []),
    ...(!arrival.isTyped && isNumbered(column) ? [`match(${text}, ${scientific})`] : []),
    ...(!arrival.isTyped && item.sensitiveKind === 'citizen_id' ? [isRounded(`assumeNotNull(${text})`)] : []),
  ]
}

export function convertText(text: string, column: ColumnPlan): Conversion {
  const faults = textFaults(column, text)
  const isLong = `lengthUTF8(${text}) > ${column.item.length ?? 2 ** 31}`
  return {
    value: text,
    isWrong: faults.length > 0 ? `ifNull(${faults.join(' OR ')}, 0)` : null,
    reason: `multiIf(${isLong}, 'ingestion.too_long', match(${text}, ${scientific}), 'ingestion.scientific_number', 'ingestion.rounded_number')`,
  }
}

const truths: [string, string[]][] = [
  ['true', ['true', 't', 'yes', 'y', '1', '是', '有', '真']],
  ['false', ['false', 'f', 'no', 'n', '0', '否', '无', '假']],
]
export const truthWords = Object.fromEntries(truths) as Record<'true' | 'false', string[]>

export function convertBoolean(text: string): Conversion {
  const words = truths.flatMap(([value, list]) => list.map((word) => [quoteText(word), value] as const))
  return {
    value: `transform(lowerUTF8(${text}), [${words.map(([word]) => word).join(', ')}], [${words.map(([, value]) => value).join(', ')}], CAST(NULL AS Nullable(Bool)))`,
    reason: "'ingestion.not_a_truth'",
  }
}
