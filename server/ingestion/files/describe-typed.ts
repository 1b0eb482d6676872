// Describes a file that brings its own schema: Parquet, Avro, ORC. The engine reads it as it is.
import { AppError } from '../../kernel/errors.ts'
import { typedColumn } from './engine-input.ts'
import { type FileDescription, type Measure, PREVIEW_ROWS } from './file-description.ts'
import { type GuideType, guessColumn } from './guess-type.ts'
import { zoneTimes } from './zone-times.ts'

const TYPES: [RegExp, GuideType][] = [
  [/^(?:U?Int\d+)$/, 'I'],
  [/^Decimal/, 'N'],
  [/^Float32$/, 'F'],
  [/^Float64$/, 'B'],
  [/^Bool$/, 'L'],
  [/^Date(?:32)?$/, 'D'],
  [/^DateTime/, 'T'],
  [/^(?:Fixed)?String/, 'C'],
]

export const typedFormats = { parquet: 'Parquet', avro: 'Avro', orc: 'ORC' } as const
export type TypedFormat = keyof typeof typedFormats

/** @throws `file.typed_damaged` */
export async function describeTyped(path: string, format: TypedFormat, measure: Measure): Promise<FileDescription> {
  const engineFormat = typedFormats[format]
  const counting =
    format === 'parquet'
      ? "SELECT num_rows AS n FROM file({path:String}, 'ParquetMetadata')"
      : `SELECT count() AS n FROM file({path:String}, '${engineFormat}')`
  try {
    const found = await measure<{ name: string; type: string }>(`DESCRIBE TABLE file({path:String}, '${engineFormat}')`, { path })
    const schema = await zoneTimes(path, format, found, measure)
    const [counted] = await measure<{ n: string }>(counting, { path })
    const texts = schema
      .map(({ name, type }, i) => `CAST(${typedColumn({ name, engineType: type })} AS Nullable(String)) AS c${i}`)
      .join(', ')
    const sample = await measure<Record<string, string | null>>(
      `SELECT ${texts} FROM file({path:String}, '${engineFormat}') LIMIT {limit:UInt32}`,
      { path, limit: PREVIEW_ROWS },
    )
    const rows = sample.map((row) => schema.map((_, i) => row[`c${i}`] ?? null))
    return {
      reading: { format },
      columns: schema.map(({ name, type }, column) => {
        const bare = type.replace(/^(?:LowCardinality|Nullable)\((.*)\)$/, '$1')
        const guessedType = TYPES.find(([pattern]) => pattern.test(bare))?.[1] ?? 'G'
        return {
          name,
          engineType: type,
          ...guessColumn(
            name,
            rows.map((row) => row[column] ?? null),
          ),
          guessedType,
          missingMarks: [],
        }
      }),
      previewRows: rows,
      estimatedRows: Number(counted?.n),
      isRowCountExact: true,
      confidence: 1,
      reasons: [{ code: 'file.reason.own_schema', params: { format: engineFormat } }],
      defects: [],
    }
  } catch (cause) {
    throw new AppError('invalid', 'file.typed_damaged', { cause, params: { format: engineFormat } })
  }
}
