import { quoteText } from '../../store/index.ts'

/**
 * A row's digest is the first 64 bits of the MD5 of its columns' texts. The source computes it over the texts that it sends, it
 * travels with the row, and is compared with what was stored. MD5 because every source has it built in; it guards against
 * mistakes, not against somebody who writes the source.
 */

/** U+001F between the columns, U+001E where there is no value: neither stands in the data of a table. */
const separator = '\u001f'
const absent = '\u001e'

/** The few words of a source's SQL that a load needs. */
export interface SqlDialect {
  name: (identifier: string) => string
  text: (literal: string) => string
}

export const postgresqlDialect: SqlDialect = {
  name: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  // E'' and '' differ in what a backslash means; with standard_conforming_strings off '' would too.
  text: (literal) =>
    literal.includes('\\') ? `E'${literal.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : `'${literal.replaceAll("'", "''")}'`,
}
export const mysqlDialect: SqlDialect = {
  name: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
  // A backslash is an escape or not, as the server's sql_mode says: then the text goes in as hex.
  text: (literal) => (/[\\']/.test(literal) ? `CONVERT(X'${Buffer.from(literal).toString('hex')}' USING utf8mb4)` : `'${literal}'`),
}
export const sqlserverDialect: SqlDialect = {
  name: (identifier) => `[${identifier.replaceAll(']', ']]')}]`,
  text: (literal) => `N'${literal.replaceAll("'", "''")}'`,
}
export const oracleDialect: SqlDialect = {
  // A name of Oracle holds neither a double quote nor a NUL; there is no way to write one.
  name: (identifier) => `"${identifier.replaceAll('"', '')}"`,
  text: (literal) => `'${literal.replaceAll("'", "''")}'`,
}

/** MD5 in hex of a row, in the source's SQL. */
export const sourceDigest = ({ text }: SqlDialect, columns: readonly string[]): string =>
  `md5(concat_ws(${text(separator)}, ${columns.map((column) => `coalesce(${column}, ${text(absent)})`).join(', ')}))`

/** The first 64 bits of an MD5 that a source wrote in hex, in the lake's SQL. */
export const fromHex = (column: string): string => `reinterpretAsUInt64(unhex(substring(${column}, 1, 16)))`

/** The same digest in the lake's SQL. */
export const lakeDigest = (columns: readonly string[]): string => `reinterpretAsUInt64(substring(${lakeMd5(columns)}, 1, 8))`

/** What a source would have written in hex, of one that writes none. */
export const lakeDigestHex = (columns: readonly string[]): string => `lower(hex(${lakeMd5(columns)}))`

function lakeMd5(columns: readonly string[]): string {
  const texts = columns.map((column) => `ifNull(${column}, ${quoteText(absent)})`)
  return `MD5(${texts.length === 1 ? texts[0] : `concatWithSeparator(${quoteText(separator)}, ${texts.join(', ')})`})`
}

/** Whether two texts differ, where either may be missing. */
export const differs = (one: string, other: string): string =>
  `ifNull(${one}, ${quoteText(absent)}) != ifNull(${other}, ${quoteText(absent)})`
