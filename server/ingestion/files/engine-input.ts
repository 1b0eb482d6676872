// How the engine is told to read a prepared text file: strictly, and without changing one character.
import type { FileDialect } from './file-dialect.ts'

export interface EngineInput {
  /** What the engine reads. */
  path: string
  format: 'CSV'
  /** ClickHouse settings of the reading query. */
  settings: Record<string, string | number>
}

/** `skipRecords`: records (as the engine counts them) above the data. */
export function toEngineInput(
  path: string,
  dialect: Pick<FileDialect, 'delimiter' | 'quote' | 'columnCount'>,
  skipRecords: number,
): EngineInput {
  return {
    path,
    format: 'CSV',
    settings: {
      format_csv_delimiter: dialect.delimiter,
      format_csv_allow_double_quotes: dialect.quote === '"' ? 1 : 0,
      format_csv_allow_single_quotes: dialect.quote === "'" ? 1 : 0,
      // The default trims blanks off unquoted text: that would be a silent change.
      input_format_csv_trim_whitespaces: 0,
      ...(dialect.delimiter === '\t' && { input_format_csv_allow_whitespace_or_tab_as_delimiter: 1 }),
      input_format_csv_detect_header: 0,
      input_format_csv_skip_first_lines: skipRecords,
      // In a file of one column an empty line is an empty value.
      input_format_csv_skip_trailing_empty_lines: dialect.columnCount > 1 ? 1 : 0,
      // A record that passed the scanner is read or fails the load; it is never skipped.
      input_format_allow_errors_num: 0,
      input_format_csv_allow_variable_number_of_columns: 0,
    },
  }
}
