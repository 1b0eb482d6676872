/** `mysql`: a backslash in a string is an escape; in PostgreSQL only in E'…'. */
export type DumpKind = 'mysql' | 'postgresql'

export const isQuote = (sign: string | undefined) => sign === "'" || sign === '"' || sign === '`'

/** Behind the quoted text that begins at `at`; -1 where it has no end yet. A quote that is doubled stands for itself. */
export function endOfQuoted(text: string, at: number, hasEscapes: boolean): number {
  const quote = text[at]
  for (let i = at + 1; i < text.length; i++) {
    if (hasEscapes && text[i] === '\\') i++
    else if (text[i] === quote) {
      if (i + 1 === text.length) return -1
      if (text[i + 1] !== quote) return i + 1
      i++
    }
  }
  return -1
}

/** Whether the string that begins at `at` has escapes. */
export const hasEscapes = (kind: DumpKind, text: string, at: number): boolean =>
  kind === 'mysql' ? text[at] !== '`' : text[at] === "'" && /(^|[^\w"])e$/i.test(text.slice(Math.max(0, at - 2), at))

const mysqlEscapes: Record<string, string> = { '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\u001a' }
const postgresqlEscapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** What a quoted string says. `\%` and `\_` stay as they are in MySQL, where they are for patterns. */
export function unquote(quoted: string, kind: DumpKind, escapes: boolean): string {
  const inner = quoted.slice(1, -1).replaceAll("''", "'")
  if (!escapes) return inner
  const words = kind === 'mysql' ? mysqlEscapes : postgresqlEscapes
  return inner.replace(/\\([\s\S])/g, (whole, sign: string) => words[sign] ?? (kind === 'mysql' && /[%_]/.test(sign) ? whole : sign))
}

/** A field of COPY: `\N` is none; octal and hex escapes are not written by pg_dump. */
export const copyText = (field: string): string | null =>
  field === '\\N' ? null : field.replace(/\\([\s\S])/g, (_, sign: string) => postgresqlEscapes[sign] ?? sign)

const identifier = /`(?:[^`]|``)+`|"(?:[^"]|"")+"|[^\s"'`().,;]+/g

/** Names of a list or of a path: `"a b", c` → `a b`, `c`. */
export const namesIn = (text: string): string[] =>
  [...text.matchAll(identifier)].map(([name]) => {
    const [quote] = name
    return quote === '`' || quote === '"' ? name.slice(1, -1).replaceAll(quote + quote, quote) : name
  })

const notColumns = /^(PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FULLTEXT|SPATIAL|FOREIGN|CHECK|EXCLUDE|LIKE|PERIOD)$/i

/**
 * The columns in what stands between the brackets of a CREATE TABLE, each with its comment. Generated ones count: MariaDB writes their
 * values too, MySQL names the others.
 */
export function columnsIn(definitions: string, kind: DumpKind): Map<string, string> {
  const columns = splitList(definitions, kind).flatMap((definition): [string, string][] => {
    const first = /^\s*(`|")?/.exec(definition)!
    const [name] = namesIn(definition)
    return name === undefined || (!first[1] && notColumns.test(name)) ? [] : [[name, stringBehind(/\sCOMMENT\s+$/i, definition, kind)]]
  })
  return new Map(columns)
}

/** What the string says that follows `word` directly; empty where there is none. */
export function stringBehind(word: RegExp, text: string, kind: DumpKind): string {
  for (let at = 0; at < text.length; at++) {
    if (!isQuote(text[at])) continue
    const escapes = hasEscapes(kind, text, at)
    const end = endOfQuoted(`${text} `, at, escapes)
    if (end < 0) return ''
    if (text[at] === "'" && word.test(text.slice(0, at))) return unquote(text.slice(at, end), kind, escapes)
    at = end - 1
  }
  return ''
}

/** Splits at the commas that stand in no brackets and in no quotes. */
export function splitList(list: string, kind: DumpKind): string[] {
  const parts: string[] = []
  // A quote at the very end has its end in sight too.
  const whole = `${list} `
  let [from, depth] = [0, 0]
  for (let i = 0; i < list.length; i++) {
    const sign = list[i]!
    if (sign === "'" || sign === '"' || sign === '`') {
      const end = endOfQuoted(whole, i, hasEscapes(kind, list, i))
      i = end < 0 ? list.length : end - 1
    } else if (sign === '(') depth++
    else if (sign === ')') depth--
    else if (sign === ',' && depth === 0) {
      parts.push(list.slice(from, i))
      from = i + 1
    }
  }
  return [...parts, list.slice(from)]
}

/** One value of a row; undefined where it is an expression, which only its database can work out. Bytes are hex, as databases send theirs. */
export function valueText(value: string, kind: DumpKind): string | null | undefined {
  const text = value.trim()
  const word = text.toUpperCase()
  if (word === 'NULL') return null
  if (word === 'TRUE' || word === 'FALSE') return word.toLowerCase()
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return text
  const hex = /^(?:_binary\s*)?(?:0x([0-9a-f]+)|x'([0-9a-f]*)')$/i.exec(text)
  if (hex) return (hex[1] ?? hex[2]!).toLowerCase()
  const bits = /^b'([01]+)'$/i.exec(text)
  if (bits) return String(BigInt(`0b${bits[1]}`))
  const start = /^(?:(_binary)\s*|_utf8(?:mb[34])?\s*|n|e)?'/i.exec(text)
  if (!start) return undefined
  const at = start[0].length - 1
  const escapes = hasEscapes(kind, text, at)
  const end = endOfQuoted(`${text} `, at, escapes)
  if (end < 0 || !/^(::[\w\s".]+(\(\d+\))?)?$/.test(text.slice(end))) return undefined
  const said = unquote(text.slice(at, end), kind, escapes)
  return start[1] ? Buffer.from(said).toString('hex') : said
}
