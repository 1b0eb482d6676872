import type { GrantColumn } from '../../kernel/grant.ts'

type Typed = string | number | boolean | null

const asText = (text: string | null): Typed => text

/** A JSON number only where every reader gets the same number back; a longer one stays the text that it is. */
const asNumber = (text: string | null): Typed => {
  if (text === null) return null
  const number = Number(text)
  return String(number) === text && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : text
}

const asTruth = (text: string | null): Typed => (text === null ? null : text === 'true')

/** How a column's texts become JSON values. Masked values are text, whatever they hide. */
export function toTypedValue({ mask, type }: GrantColumn): (text: string | null) => Typed {
  if (mask) return asText
  if (type.kind === 'truth') return asTruth
  return type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'float' ? asNumber : asText
}
