import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DeliveryManifest, type DeliveryOrder } from '#contract/ingestion/agents.ts'
import { conflict } from '../../../kernel/errors.ts'
import { type LakeEngine, quoteIdentifier } from '../../../store/index.ts'
import { type Connector, countColumn, digestColumn, type EngineInput, type Reading } from '../../connectors/connector.ts'
import type { ColumnPlan } from '../../conversion/column-plan.ts'
import { rawText } from '../../conversion/convert-column.ts'
import { lakeDigestHex } from '../../digest/source-digest.ts'
import { inputType } from '../../load/lake-tables.ts'
import { planColumns, wantedColumns } from '../../load/plan-columns.ts'
import { writeSynced } from './write-synced.ts'

export const slicePath = (folder: string, number: number | string) => join(folder, `${number}.native.zst`)
const manifestPath = (folder: string) => join(folder, 'manifest.json')

/** What an earlier run has extracted whole; undefined where it was cut off, or was another program's that wrote it otherwise. */
export async function readManifest(folder: string): Promise<DeliveryManifest | undefined> {
  const text = await readFile(manifestPath(folder), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : DeliveryManifest.safeParse(JSON.parse(text)).data
}

/**
 * Reads what was ordered into slices of the spool: one statement of the source, so one moment, which brings its own count. The engine reads,
 * cuts and compresses; no row becomes an object here. The manifest is written last: without it the folder is begun anew.
 */
export async function extract(
  lake: LakeEngine,
  connector: Connector,
  order: DeliveryOrder,
  folder: string,
  signal: AbortSignal,
): Promise<DeliveryManifest> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const asked = wantedColumns(order.mapping, order.items)
  const reading = await connector.openReading(order.object, null, asked.wanted, signal)
  try {
    const columns = planColumns(asked, reading)
    const input = await inputWithCount(reading, columns, order)
    await writeSlices(lake, order, columns, input, folder, signal)
    const slices = await sumSlices(folder)
    const rows = await countRows(lake, folder)
    const manifest = { rows, arrivals: reading.arrivals, slices }
    await writeSynced(manifestPath(folder), JSON.stringify(manifest))
    return manifest
  } finally {
    await reading.close()
  }
}

const reads = 3

/**
 * Rows with their count: by one statement where the source can. Else what a driver has brought, when the source counts as many after
 * as before; its rows bring the digest that the source made of them, or that of their texts as they arrived.
 * @throws conflict `ingestion.source_moved` where it never stood still
 */
async function inputWithCount(
  reading: Reading,
  columns: readonly ColumnPlan[],
  { deliveryId, withDigest }: DeliveryOrder,
): Promise<EngineInput> {
  const landing = `landing_${deliveryId.replaceAll('-', '')}`
  for (let read = 1; ; read++) {
    const before = await reading.count()
    const input = await reading.input(columns, { withDigest, asSnapshot: true, landing })
    if (input.isSnapshot) return input
    const after = await reading.count()
    if (before === after) return { ...input, parts: [countedRows(input, columns, withDigest, after)] }
    if (read === reads) throw conflict('ingestion.source_moved', { before, after })
  }
}

function countedRows({ parts, hasDigest }: EngineInput, columns: readonly ColumnPlan[], withDigest: boolean, rows: number): string {
  const names = columns.map(({ input }) => quoteIdentifier(input))
  const digest = hasDigest ? quoteIdentifier(digestColumn) : lakeDigestHex(columns.map(rawText))
  const none = [...names, ...(withDigest ? [`\`${digestColumn}\``] : [])].map((name) => `NULL AS ${name}`)
  const row = [...names, ...(withDigest ? [`${digest} AS \`${digestColumn}\``] : []), `CAST(NULL AS Nullable(Int64)) AS \`${countColumn}\``]
  return `(SELECT ${row.join(', ')} FROM ${parts[0]!} UNION ALL SELECT ${none.join(', ')}, ${rows} AS \`${countColumn}\`)`
}

const rowColumn = '`#row`'

async function writeSlices(
  lake: LakeEngine,
  { rowsPerSlice, withDigest }: DeliveryOrder,
  columns: readonly ColumnPlan[],
  { parts, parameters, settings }: EngineInput,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const typed = [
    ...columns.map((column) => ({ name: `\`${column.input}\``, type: inputType(column) })),
    ...(withDigest ? [{ name: `\`${digestColumn}\``, type: 'Nullable(String)' }] : []),
    { name: `\`${countColumn}\``, type: 'Nullable(Int64)' },
  ]
  const structure = [...typed.map(({ name, type }) => `${name} ${type}`), `${rowColumn} UInt64`].join(', ')
  const names = typed.map(({ name }) => name).join(', ')
  await lake.command(
    `INSERT INTO FUNCTION file({spool:String}, 'Native', {structure:String}) PARTITION BY 1 + intDiv(${rowColumn}, {rowsPerSlice:UInt64})
     SELECT ${names}, rowNumberInAllBlocks() AS ${rowColumn} FROM ${parts[0]!}`,
    { ...parameters, spool: slicePath(folder, '{_partition_id}'), structure, rowsPerSlice },
    { signal, threads: 1, settings },
  )
}

async function sumSlices(folder: string): Promise<DeliveryManifest['slices']> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.native.zst'))
  const slices: DeliveryManifest['slices'] = []
  for (const number of names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)) {
    const path = slicePath(folder, number)
    const sum = createHash('sha256')
    await pipeline(createReadStream(path), sum)
    slices.push({ number, bytes: (await stat(path)).size, sha256: sum.digest('hex') })
  }
  return slices
}

/** @throws conflict `ingestion.counts_differ`: the statement was cut short, or rows are missing from the spool */
async function countRows(lake: LakeEngine, folder: string): Promise<number> {
  const [found] = await lake.measure<{ rows: string; said: string | null; counts: string }>(
    `SELECT countIf(isNull(n)) AS rows, max(n) AS said, countIf(isNotNull(n)) AS counts
     FROM (SELECT \`${countColumn}\` AS n FROM file({path:String}, 'Native', {structure:String}))`,
    { path: join(folder, '*.native.zst'), structure: `\`${countColumn}\` Nullable(Int64)` },
    { priority: 'bulk' },
  )
  if (found?.counts !== '1' || found.rows !== found.said)
    throw conflict('ingestion.counts_differ', { read: found?.said ?? 0, sent: found?.rows ?? 0, written: found?.rows ?? 0, quarantined: 0 })
  return Number(found.rows)
}
