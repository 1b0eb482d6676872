/** A database, table or column name as ClickHouse reads it back exactly, whatever it contains. */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new TypeError('an identifier must not be empty or hold a NUL')
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``
}
