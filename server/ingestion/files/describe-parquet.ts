// Describes a Parquet file: its own schema says the types, the engine reads it as it is.
import { AppError } from '../../kernel/errors.ts'
import { quoteIdentifier } from '../../store/index.ts'
import { type FileDescription, type Measure, PREVIEW_ROWS } from './file-description.ts'
import { type GuideType, guessColumn } from './guess-type.ts'

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

/** @throws `file.parquet_damaged` */
export async function describeParquet(path: string, measure: Measure): Promise<FileDescription> {
  try {
    const schema = await measure<{ name: string; type: string }>("DESCRIBE TABLE file({path:String}, 'Parquet')", { path })
    const [counted] = await measure<{ n: string }>("SELECT num_rows AS n FROM file({path:String}, 'ParquetMetadata')", { path })
    const texts = schema.map(({ name }, i) => `CAST(${quoteIdentifier(name)} AS Nullable(String)) AS c${i}`).join(', ')
    const sample = await measure<Record<string, string | null>>(
      `SELECT ${texts} FROM file({path:String}, 'Parquet') LIMIT {limit:UInt32}`,
      { path, limit: PREVIEW_ROWS },
    )
    const rows = sample.map((row) => schema.map((_, i) => row[`c${i}`] ?? null))
    return {
      reading: { format: 'parquet' },
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
      reasons: [{ code: 'file.reason.parquet_schema' }],
      defects: [],
    }
  } catch (cause) {
    throw new AppError('invalid', 'file.parquet_damaged', { cause })
  }
}
