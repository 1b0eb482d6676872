/** Why a message is no row. */
export type BrokenReason = 'message_null' | 'message_not_json' | 'message_not_object' | 'message_key_twice' | 'message_bytes'

/** Its place in the topic, beside its own fields. */
export const placeColumns = { partition: '_partition', offset: '_offset', timestamp: '_timestamp', key: '_key' } as const
const places: ReadonlySet<string> = new Set(Object.values(placeColumns))

const deepest = 6

export type Fields = { fields: Map<string, Field>; broken?: undefined } | { broken: BrokenReason }

export interface Field {
  /** Null where there is none: JSON's null, and a field that is missing. */
  text: string | null
  /** An object, whose own fields follow under its name and a dot. */
  isObject: boolean
}

/**
 * The fields of a message by name, those of objects within it as `line.code`. Texts are as the message has them: numbers digit by digit, texts
 * without their quotes, objects and lists as JSON, in which line ends between the values become blanks.
 */
export function fieldsOf(text: string): Fields {
  try {
    JSON.parse(text)
  } catch {
    return { broken: 'message_not_json' }
  }
  const start = skipBlanks(text, 0)
  if (text[start] !== '{') return { broken: 'message_not_object' }
  const fields = new Map<string, Field>()
  // A name that the message itself has is its own; one that is made of names within it comes second.
  const inner: [name: string, value: string][] = []
  const isSound = eachMember(text, start, (key, value) => {
    const name = places.has(key) ? `value.${key}` : key
    const isObject = value.startsWith('{')
    fields.set(name, { text: textOf(value), isObject })
    if (isObject) inner.push([name, value])
  })
  if (!isSound || !inner.every(([name, value]) => addInner(fields, name, value, 1))) return { broken: 'message_key_twice' }
  // Half a character of two: no text.
  if ([...fields.values()].some(({ text }) => text !== null && !text.isWellFormed())) return { broken: 'message_bytes' }
  return { fields }
}

/** @returns whether no object has a key twice: which of its values counts, nobody can say */
function addInner(fields: Map<string, Field>, outer: string, object: string, depth: number): boolean {
  if (depth >= deepest) return true
  const inner: [string, string][] = []
  const isSound = eachMember(object, 0, (key, value) => {
    const name = `${outer}.${key}`
    const isObject = value.startsWith('{')
    if (!fields.has(name)) fields.set(name, { text: textOf(value), isObject })
    if (isObject) inner.push([name, value])
  })
  return isSound && inner.every(([name, value]) => addInner(fields, name, value, depth + 1))
}

function textOf(value: string): string | null {
  if (value === 'null') return null
  if (value.startsWith('"')) return JSON.parse(value) as string
  // In valid JSON a line end stands only between values.
  return /^[{[]/.test(value) ? value.replace(/[\r\n]/g, ' ') : value
}

/** Over the members of the object that begins at `start` in a text that is known to be JSON. @returns whether each key is there once */
function eachMember(text: string, start: number, take: (key: string, value: string) => void): boolean {
  const keys = new Set<string>()
  let isSound = true
  for (let at = skipBlanks(text, start + 1); text[at] !== '}'; ) {
    const keyEnd = endOfString(text, at)
    const key = JSON.parse(text.slice(at, keyEnd)) as string
    if (keys.has(key)) isSound = false
    keys.add(key)
    const from = skipBlanks(text, skipBlanks(text, keyEnd) + 1)
    const to = endOfValue(text, from)
    take(key, text.slice(from, to))
    at = skipBlanks(text, to)
    if (text[at] === ',') at = skipBlanks(text, at + 1)
  }
  return isSound
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return at
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function endOfValue(text: string, start: number): number {
  const first = text[start]
  if (first === '"') return endOfString(text, start)
  let at = start
  if (first !== '{' && first !== '[') {
    while (at < text.length && !/[\s,}\]]/.test(text[at]!)) at++
    return at
  }
  for (let depth = 0; ; ) {
    const character = text[at]
    if (character === '"') {
      at = endOfString(text, at)
      continue
    }
    if (character === '{' || character === '[') depth++
    if (character === '}' || character === ']') depth--
    at++
    if (depth === 0) return at
  }
}
