import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Action = Record<string, unknown>

/** A commit of a Delta table's log (Delta's protocol, Actions): what ClickHouse does not write itself. */
export function writeCommit(folder: string, actions: readonly Action[]): void {
  const log = join(folder, '_delta_log')
  mkdirSync(log, { recursive: true })
  const next = readdirSync(log).filter((name) => name.endsWith('.json')).length
  writeFileSync(join(log, `${String(next).padStart(20, '0')}.json`), actions.map((action) => `${JSON.stringify(action)}\n`).join(''))
}

/** The first commit, of a table without a row. */
export function createDelta(
  folder: string,
  fields: readonly [name: string, type: string][],
  features: readonly ('deletionVectors' | 'timestampNtz')[] = [],
): void {
  writeCommit(folder, [
    {
      protocol:
        features.length > 0
          ? { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: features, writerFeatures: features }
          : { minReaderVersion: 1, minWriterVersion: 2 },
    },
    {
      metaData: {
        id: '2a0b6d7e-1111-4c1e-9d4e-3a4f5b6c7d8e',
        format: { provider: 'parquet', options: {} },
        schemaString: JSON.stringify({
          type: 'struct',
          fields: fields.map(([name, type]) => ({ name, type, nullable: true, metadata: {} })),
        }),
        partitionColumns: [],
        configuration: features.includes('deletionVectors') ? { 'delta.enableDeletionVectors': 'true' } : {},
        createdTime: 1_790_000_000_000,
      },
    },
  ])
}

/** The files that commits have added, in their order. */
export function addedFiles(folder: string): (Action & { path: string })[] {
  const log = join(folder, '_delta_log')
  const lines = readdirSync(log)
    .sort()
    .flatMap((name) => readFileSync(join(log, name), 'utf8').trim().split('\n'))
  return lines.flatMap((line) => (JSON.parse(line) as { add?: Action & { path: string } }).add ?? [])
}

const checkpointColumns = `protocol Nullable(Tuple(minReaderVersion Int32, minWriterVersion Int32, readerFeatures Array(String), writerFeatures Array(String))),
  metaData Nullable(Tuple(id String, format Tuple(provider String, options Map(String, String)), schemaString String, partitionColumns Array(String), configuration Map(String, String), createdTime Nullable(Int64))),
  add Nullable(Tuple(path String, partitionValues Map(String, String), size Int64, modificationTime Int64, dataChange Bool, stats Nullable(String)))`

/** The statement of ClickHouse that writes all that was committed as one checkpoint (Delta's protocol, Checkpoint Schema); commits then may go. */
export function checkpointStatement(folder: string): string {
  const log = join(folder, '_delta_log')
  const commits = readdirSync(log).filter((name) => name.endsWith('.json'))
  const actions = commits
    .flatMap((name) => readFileSync(join(log, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Action)
  const kept = actions.filter(({ protocol, metaData, add }) => protocol ?? metaData ?? add)
  const rows = kept.map((action) => JSON.stringify(action).replaceAll('\\', '\\\\').replaceAll("'", "\\'"))
  const target = join(log, `${String(commits.length - 1).padStart(20, '0')}.checkpoint.parquet`)
  return `INSERT INTO FUNCTION file('${target}', Parquet, '${checkpointColumns}')
    SELECT * FROM format(JSONEachRow, '${checkpointColumns}', '${rows.join('\\n')}')
    SETTINGS allow_experimental_nullable_tuple_type = 1, input_format_skip_unknown_fields = 1`
}

const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

/** Rows that are deleted, by their places below 65,536, as a deletion vector in the log itself (Deletion Vector Format; Z85). */
export function deletionVector(rows: readonly number[]): Action {
  const bytes = Buffer.alloc(32 + 2 * rows.length)
  bytes.writeUInt32LE(1_681_511_377, 0)
  bytes.writeBigUInt64LE(1n, 4)
  // One bitmap with one container: https://github.com/RoaringBitmap/RoaringFormatSpec
  bytes.writeUInt32LE(12_346, 16)
  bytes.writeUInt32LE(1, 20)
  bytes.writeUInt16LE(rows.length - 1, 26)
  bytes.writeUInt32LE(16, 28)
  for (const [i, row] of rows.entries()) bytes.writeUInt16LE(row, 32 + 2 * i)
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  const text = Array.from({ length: padded.length / 4 }, (_, i) => {
    const word = padded.readUInt32BE(4 * i)
    return [4, 3, 2, 1, 0].map((power) => digits[Math.floor(word / 85 ** power) % 85]).join('')
  })
  return { storageType: 'i', pathOrInlineDv: text.join(''), sizeInBytes: bytes.length, cardinality: rows.length }
}
