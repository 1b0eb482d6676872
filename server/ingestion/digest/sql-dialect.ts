import { quoteIdentifier, quoteText } from '../../store/index.ts'

/** The few expressions that a row's digest is made of, in the SQL of each side. */
export interface SqlDialect {
  name: (identifier: string) => string
  text: (literal: string) => string
  /** The first match, or all; patterns keep to what POSIX, PCRE, ICU and RE2 read alike. `\1` is the first group. */
  replace: (sql: string, pattern: string, by: string) => string
  matches: (sql: string, pattern: string) => string
  lower: (sql: string) => string
  /** Texts joined by a separator; none of them is null. */
  join: (parts: readonly string[], separator: string) => string
  /** Without spaces of any kind at both ends. */
  trim: (sql: string) => string
  /** Full-width digits and signs as ASCII. */
  narrow: (sql: string) => string
}

const full = '０１２３４５６７８９－＋．，／：'
const half = '0123456789-+.,/:'
const spaces = ' \t\r\n\u3000\u00a0'

const backslash = (by: string) => by
const dollar = (by: string) => by.replace(/\\(\d)/g, '$$$1')
const ansiText = (literal: string) => `'${literal.replaceAll("'", "''")}'`
/** Backslashes are escapes in MySQL's literals unless the server says otherwise, so every one of them goes in as hex. */
const mysqlText = (literal: string) => (/[\\']/.test(literal) ? `CONVERT(X'${Buffer.from(literal).toString('hex')}' USING utf8mb4)` : `'${literal}'`)

export const postgresqlDialect: SqlDialect = {
  name: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  // E'' and '' differ in what a backslash means; with standard_conforming_strings off '' would too.
  text: (literal) => (literal.includes('\\') ? `E'${literal.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : ansiText(literal)),
  replace: (sql, pattern, by) => `regexp_replace(${sql}, ${postgresqlDialect.text(pattern)}, ${postgresqlDialect.text(by)})`,
  matches: (sql, pattern) => `${sql} ~ ${postgresqlDialect.text(pattern)}`,
  lower: (sql) => `lower(${sql})`,
  join: (parts, separator) => `concat_ws(${postgresqlDialect.text(separator)}, ${parts.join(', ')})`,
  trim: (sql) => `btrim(${sql}, E'${spaces}')`,
  narrow: (sql) => `translate(${sql}, '${full}', '${half}')`,
}

const mysqlFamily = (group: (by: string) => string): SqlDialect => ({
  name: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
  text: mysqlText,
  // Both replace every match: a pattern that must match once is anchored.
  replace: (sql, pattern, by) => `REGEXP_REPLACE(${sql}, ${mysqlText(pattern)}, ${mysqlText(group(by))})`,
  matches: (sql, pattern) => `${sql} REGEXP ${mysqlText(pattern)}`,
  lower: (sql) => `LOWER(${sql})`,
  join: (parts, separator) => `CONCAT_WS(${mysqlText(separator)}, ${parts.join(', ')})`,
  // Only where there is a space at all: rewriting every text would cost more than the digest.
  trim: (sql) => {
    const [atStart, atEnd] = [mysqlText(`^[${spaces}]+`), mysqlText(`[${spaces}]+$`)]
    return `CASE WHEN ${sql} REGEXP ${mysqlText(`^[${spaces}]|[${spaces}]$`)} THEN REGEXP_REPLACE(REGEXP_REPLACE(${sql}, ${atStart}, ''), ${atEnd}, '') ELSE ${sql} END`
  },
  narrow: (sql) => [...full].reduce((text, wide, i) => `REPLACE(${text}, '${wide}', '${half[i]}')`, sql),
})
export const mysqlDialect = mysqlFamily(dollar)
export const mariadbDialect = mysqlFamily(backslash)

export const lakeDialect: SqlDialect = {
  name: quoteIdentifier,
  text: quoteText,
  replace: (sql, pattern, by) => `replaceRegexpOne(${sql}, ${quoteText(pattern)}, ${quoteText(by)})`,
  matches: (sql, pattern) => `match(${sql}, ${quoteText(pattern)})`,
  lower: (sql) => `lower(${sql})`,
  join: (parts, separator) => `concatWithSeparator(${quoteText(separator)}, ${parts.join(', ')})`,
  trim: (sql) => `replaceRegexpAll(${sql}, ${quoteText(`^[${spaces}]+|[${spaces}]+$`)}, '')`,
  narrow: (sql) => `translateUTF8(${sql}, '${full}', '${half}')`,
}
