import type { GrantCondition } from '../../kernel/grant.ts'
import type { LakeType } from '../../kernel/lake-types.ts'

/**
 * Whether a value satisfies a condition of a grant: the rule of conditionSql over the value's text, for rows that are found
 * by key. A value that is missing satisfies nothing but `is.null`.
 */
export function holdsCondition({ operator, value, type }: GrantCondition, text: string | null): boolean {
  if (operator === 'is') return (text === null) === (value === 'null')
  if (text === null) return false
  if (operator === 'in') return (value as string[]).some((each) => compare(type, text, each) === 0)
  if (operator === 'like') return matches(text, value as string)
  const order = compare(type, text, value as string)
  switch (operator) {
    case 'eq':
      return order === 0
    case 'neq':
      return order !== 0
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
  }
}

/** Both are texts of the type: the engine's, and one that isLakeValue accepted. */
function compare(type: LakeType, a: string, b: string): number {
  switch (type.kind) {
    case 'integer':
    case 'decimal':
      return sign(toScaled(a, type.scale), toScaled(b, type.scale))
    case 'float':
      return sign(Number(a), Number(b))
    case 'time':
      return sign(toMicros(a), toMicros(b))
    // The engine compares bytes; UTF-16 units would order some letters differently.
    case 'text':
      return Buffer.compare(Buffer.from(a), Buffer.from(b))
    case 'date':
    case 'truth':
      return sign(a, b)
  }
}

const sign = <T extends bigint | number | string>(a: T, b: T): number => Number(a > b) - Number(a < b)

function toScaled(text: string, scale: number): bigint {
  const [whole = '0', part = ''] = text.split('.')
  return BigInt(whole + part.slice(0, scale).padEnd(scale, '0'))
}

/** `2024-01-01T10:20:30.12` as text that sorts as the instant does. */
const toMicros = (text: string): string => {
  const [second = '', part = ''] = text.replace('T', ' ').split('.')
  return `${second}.${part.padEnd(6, '0')}`
}

/** `*` stands for any characters, everything else for itself. Takes no longer than text times pattern, whatever they are. */
function matches(text: string, pattern: string): boolean {
  let [at, seen, star, resume] = [0, 0, -1, 0]
  while (at < text.length) {
    if (pattern[seen] === '*') {
      star = seen++
      resume = at
    } else if (seen < pattern.length && pattern[seen] === text[at]) {
      seen++
      at++
    } else if (star >= 0) {
      seen = star + 1
      at = ++resume
    } else return false
  }
  while (pattern[seen] === '*') seen++
  return seen === pattern.length
}
