import { conflict } from '../../../kernel/errors.ts'
import type { MysqlColumn } from '../../connectors/mysql-catalog.ts'
import type { Texts } from '../change-log.ts'

/** A row of the log: values of every column by name; null also where the log leaves a column out. */
export type LogRow = Record<string, unknown>

const unicode = new Set(['utf8', 'utf8mb3', 'utf8mb4', 'ascii'])

/**
 * The key of a row as the copy has it. A shortened log (`binlog_row_image = MINIMAL`) leaves an unchanged key out of the row as it
 * is now: then it is that of the row before.
 * @throws conflict `ingestion.stream_value_missing`; `ingestion.stream_key_text` where a text cannot be told for certain
 */
export function keyTexts(columns: readonly MysqlColumn[]): (row: LogRow, before?: LogRow) => Texts {
  return (row, before) =>
    columns.map(({ name, charset }) => {
      const value = row[name] ?? before?.[name]
      if (value === null || value === undefined) throw conflict('ingestion.stream_value_missing', { column: name })
      if (charset === null) return String(value)
      // Two programs that turn an old character set into Unicode may differ in a rare character.
      const isCertain = typeof value === 'string' && (unicode.has(charset) ? !value.includes('\ufffd') : /^[\0-\x7f]*$/.test(value))
      if (!isCertain) throw conflict('ingestion.stream_key_text', { column: name })
      return value
    })
}
