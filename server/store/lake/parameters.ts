/** Values for `{name:Type}` placeholders. 64-bit integers are bigint (a string works outside arrays), never a number beyond 2^53. */
export type Value = string | number | bigint | boolean | null | readonly Value[]
export type Parameters = Record<string, Value>

/**
 * Every placeholder must have its value, and integers must be exact. Checked here because an embedded session keeps the values of earlier
 * statements: a forgotten parameter would silently take another request's value.
 */
export function checkParameters(sql: string, parameters: Parameters): void {
  for (const [, name] of sql.matchAll(/\{(\w+)\s*:/g)) {
    if (!Object.hasOwn(parameters, name!)) throw new TypeError(`the statement needs the parameter ${name}`)
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (!/^\w+$/.test(name)) throw new TypeError(`not a parameter name: ${name}`)
    checkExact(name, value)
  }
}

function checkExact(name: string, value: Value): void {
  if (Array.isArray(value)) for (const item of value) checkExact(name, item)
  else if (value === undefined) throw new TypeError(`the parameter ${name} is undefined`)
  else if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new TypeError(`the parameter ${name} has lost digits: give it as bigint`)
}

/** The text that the engine parses back into the value, as HTTP's `param_name` carries it (TSV escaping outside, SQL quoting in arrays). */
export function parameterText(value: Value, nested = false): string {
  if (value === null) return nested ? 'NULL' : '\\N'
  if (typeof value === 'boolean') return nested ? String(value) : value ? '1' : '0'
  if (typeof value === 'string') return nested ? quoteText(value) : value.replace(/[\\\t\n\r\0]/g, (c) => escapes[c]!)
  if (Array.isArray(value)) return `[${value.map((item) => parameterText(item, true)).join(',')}]`
  return String(value)
}

const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }

/** A string literal of ClickHouse SQL. */
export function quoteText(text: string): string {
  return `'${text.replace(/[\\'\t\n\r\0]/g, (c) => escapes[c]!)}'`
}
