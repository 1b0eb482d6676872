import { z } from 'zod'
import { conflict } from '../../../kernel/errors.ts'
import { type LakeEngine, quoteIdentifier } from '../../../store/index.ts'
import { ask, describeColumns } from '../engine/engine-table.ts'
import { deltaVersion } from './recognise-tables.ts'
import { readPart, type TablePlace, type TableVersion } from './choose-version.ts'
import type { ServedTable } from './serve-version.ts'

const beijing = 'Asia/Shanghai'
const time = /DateTime64\((\d)(?:, '([^']*)')?\)/g

/**
 * The table with its times as clocks show them: a time without a zone as it stands, an instant as Beijing's. The engine would write both by
 * the zone of the machine that it runs on.
 */
export async function zoneTimes(
  lake: LakeEngine,
  table: ServedTable,
  { place, version }: { place: TablePlace; version: TableVersion },
): Promise<ServedTable> {
  const columns = (await describeColumns(lake, table)).filter(({ engineType }) => /DateTime64/.test(engineType))
  if (columns.length === 0) return table
  const zoneOf = version.format === 'iceberg' ? zoneOfIceberg : zoneOfDelta(await deltaTypes(lake, table, { place, version }))
  const casts = columns.map(({ name, engineType }) => {
    const column = quoteIdentifier(name)
    const type = engineType.replaceAll(time, (_, digits, zone) => `DateTime64(${digits}, '${zoneOf(name, zone)}')`)
    return `CAST(${column} AS ${type}) AS ${column}`
  })
  return { ...table, from: `(SELECT * REPLACE (${casts.join(', ')}) FROM ${table.from})` }
}

/** The engine gives instants (`timestamptz`) a zone, and others none. */
const zoneOfIceberg = (_column: string, zone: string | undefined) => (zone === undefined ? 'UTC' : beijing)

/** The engine's types of `timestamp` and `timestamp_ntz` are the same: the table's own tell them apart. */
const zoneOfDelta = (types: ReadonlyMap<string, string>) => (column: string) => {
  const type = types.get(column) ?? ''
  const isLocal = type.includes('"timestamp_ntz"')
  if (isLocal === type.includes('"timestamp"')) throw conflict('ingestion.table_unreadable', { object: column })
  return isLocal ? 'UTC' : beijing
}

const Schema = z.object({ fields: z.array(z.object({ name: z.string(), type: z.unknown() })) })
const Commit = z.object({ metaData: z.object({ schemaString: z.string() }).optional() })

/** Each column's type, as the newest commit that says it, or the checkpoint before, has it (Delta's protocol, Schema Serialization Format). */
async function deltaTypes(
  lake: LakeEngine,
  table: ServedTable,
  { place, version }: { place: TablePlace; version: TableVersion },
): Promise<Map<string, string>> {
  const log = version.listed
    .map((file) => ({ file, number: Number(deltaVersion.exec(file.name)![1]), isCommit: /\/\d+\.json$/.test(file.name) }))
    .sort((a, b) => b.number - a.number || Number(b.isCommit) - Number(a.isCommit))
  for (const { file, isCommit } of log) {
    const text = isCommit ? schemaIn((await readPart(place, file)).toString('utf8')) : await schemaOfCheckpoint(lake, table, file.name)
    if (text) return new Map(Schema.parse(JSON.parse(text)).fields.map((field) => [field.name, JSON.stringify(field.type)]))
  }
  throw conflict('ingestion.table_unreadable', { object: '_delta_log' })
}

const schemaIn = (commit: string): string | undefined =>
  commit
    .split('\n')
    .filter((line) => line.includes('"metaData"'))
    .map((line) => Commit.parse(JSON.parse(line)).metaData?.schemaString)
    .findLast((schema) => schema !== undefined)

async function schemaOfCheckpoint(lake: LakeEngine, { parameters, settings }: ServedTable, name: string): Promise<string | undefined> {
  const format = name.endsWith('.json') ? 'JSONEachRow' : 'Parquet'
  const [found] = await ask<{ schema: string }>(
    lake,
    `SELECT schema FROM s3({address:String}, {key:String}, {secret:String}, '${format}', 'metaData Tuple(schemaString Nullable(String))')
     ARRAY JOIN [assumeNotNull(metaData.schemaString)] AS schema WHERE schema != '' LIMIT 1`,
    { parameters: { ...parameters, address: `${parameters.address}${name}` }, settings },
  )
  return found?.schema
}
