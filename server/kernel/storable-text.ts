import type { FieldProblem } from './errors.ts'

/** PostgreSQL stores no U+0000 and no half of a surrogate pair, in text or in JSON: such a text is refused, not changed. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** Every text inside a value, keys included, that the store cannot hold. */
export function findUnstorable(value: unknown, pointer: string): FieldProblem[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ pointer, code: 'value.unstorable' }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) =>
    isStorable(key) ? findUnstorable(child, `${pointer}/${key}`) : [{ pointer, code: 'value.unstorable' }],
  )
}
