// How the engine is told to read a file: strictly, every value as the text that stands in it, nothing trimmed, skipped or guessed.
import { quoteIdentifier } from '../../store/index.ts'
import type { DescribedColumn, FileReading } from './file-description.ts'
import type { FileDialect } from './text/file-dialect.ts'

export interface EngineInput {
  /** What the engine reads. */
  path: string
  format: 'CSV' | 'JSONEachRow' | 'Parquet' | 'Avro' | 'ORC'
  /** ClickHouse settings of the reading statement. */
  settings: Record<string, string | number>
}

/** A SELECT that gives the described columns under their names; `parameters` are its values. */
export interface EngineSelect {
  sql: string
  parameters: { file_path: string; file_structure: string }
  settings: Record<string, string | number>
}

/** `skipRecords`: records (as the engine counts them) above the data. */
export function toCsvInput(
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

/** Values are String: in CSV there is no difference between an empty value and none. */
export const selectCsv = (input: EngineInput, columns: readonly Pick<DescribedColumn, 'name'>[]): EngineSelect => ({
  sql: `SELECT ${columns.map(({ name }) => quoteIdentifier(name)).join(', ')} FROM file({file_path:String}, 'CSV', {file_structure:String})`,
  parameters: { file_path: input.path, file_structure: columns.map(({ name }) => `${quoteIdentifier(name)} String`).join(', ') },
  settings: input.settings,
})

/**
 * Values are Nullable(String), nested ones by their path. The structure is spelled out because the engine's JSON functions return
 * nothing at all for a record that holds an integer beyond 64 bits (measured, 26.7), and its schema inference fails on it.
 */
export function selectJson(path: string, reading: FileReading & { format: 'json' }, columns: readonly DescribedColumn[]): EngineSelect {
  const record = 'record'
  const fields = toTuple(columns.map((column) => column.path ?? [column.name]))
  const structure =
    reading.recordsAt === null ? fields.slice('Tuple('.length, -1) : `${quoteIdentifier(reading.recordsAt)} Array(${fields})`
  const file = "file({file_path:String}, 'JSONEachRow', {file_structure:String})"
  const source = reading.recordsAt === null ? file : `(SELECT arrayJoin(${quoteIdentifier(reading.recordsAt)}) AS ${record} FROM ${file})`
  const expression = (keys: string[]) => {
    const [first = '', ...rest] = keys
    const start = reading.recordsAt === null ? quoteIdentifier(first) : `tupleElement(${record}, ${quoteText(first)})`
    return rest.reduce((inner, key) => `tupleElement(${inner}, ${quoteText(key)})`, start)
  }
  return {
    sql: `SELECT ${columns.map((column) => `${expression(column.path ?? [column.name])} AS ${quoteIdentifier(column.name)}`).join(', ')} FROM ${source}`,
    parameters: { file_path: path, file_structure: structure },
    settings: {
      input_format_json_read_numbers_as_strings: 1,
      input_format_json_read_bools_as_strings: 1,
      input_format_json_read_objects_as_strings: 1,
      input_format_json_read_arrays_as_strings: 1,
      input_format_json_defaults_for_missing_elements_in_named_tuple: 1,
      input_format_null_as_default: 1,
      // The description names every key of the first two levels; which of them are read is the mapping's choice.
      input_format_json_ignore_unknown_keys_in_named_tuple: 1,
      input_format_skip_unknown_fields: 1,
    },
  }
}

/** The column in its described type: of a time that says by which clocks it is shown (zone-times.ts). */
export const typedColumn = ({ name, engineType = '' }: Pick<DescribedColumn, 'name' | 'engineType'>): string =>
  engineType.includes('DateTime') ? `CAST(${quoteIdentifier(name)} AS ${engineType})` : quoteIdentifier(name)

/** Columns keep the types of the file. */
export const selectTyped = (
  path: string,
  format: 'Parquet' | 'Avro' | 'ORC',
  columns: readonly Pick<DescribedColumn, 'name' | 'engineType'>[],
): EngineSelect => ({
  sql: `SELECT ${columns.map((column) => `${typedColumn(column)} AS ${quoteIdentifier(column.name)}`).join(', ')} FROM file({file_path:String}, '${format}')`,
  parameters: { file_path: path, file_structure: '' },
  settings: {},
})

/** Paths → `Tuple(a Nullable(String), b Tuple(c Nullable(String)))`. */
function toTuple(paths: string[][]): string {
  const byKey = Map.groupBy(paths, ([first]) => first!)
  const fields = [...byKey].map(([key, own]) => {
    const deeper = own.map((path) => path.slice(1)).filter((path) => path.length > 0)
    return `${quoteIdentifier(key)} ${deeper.length > 0 ? toTuple(deeper) : 'Nullable(String)'}`
  })
  return `Tuple(${fields.join(', ')})`
}

/** A string literal of ClickHouse SQL. */
const quoteText = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
