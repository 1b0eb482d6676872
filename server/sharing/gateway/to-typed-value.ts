import type { GrantColumn } from '../../kernel/grant.ts'

export type Typed = string | number | boolean | null

/** A value of the lake as JSON, by its column. A masked value is text, whatever it hides. */
export function toTypedValue({ mask, type }: GrantColumn, text: string | null): Typed {
  if (text === null || mask) return text
  if (type.kind === 'truth') return text === 'true'
  return type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'float' ? toNumber(text) : text
}

/** A JSON number only where every reader gets the same number back; any other stays the text that it is. */
function toNumber(text: string): number | string {
  const number = Number(text)
  return String(number) === text && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : text
}
