import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from 'zod'
import { AppError, conflict, notFound } from '../../../kernel/errors.ts'
import type { Reason } from '../../files/file-description.ts'
import { deltaVersion, icebergVersion, type TableFormat } from './recognise-tables.ts'

/** Where the files of one table lie. Names are counted from the table's folder. */
export interface TablePlace {
  /** The files of one folder, without those below it. */
  list(folder: 'metadata' | '_delta_log'): Promise<PlacedFile[]>
  /** A file on this machine, after every check. @throws not_found */
  locate(name: string, signal?: AbortSignal): Promise<LocatedPart>
}

export interface LocatedPart {
  path: string
  /** Of a copy: what it is a copy of; null where the file itself lies at the path. */
  version: string | null
}

export interface PlacedFile {
  name: string
  sizeBytes: number
}

interface ColumnFacts {
  comment: string
  isKey: boolean
  /** The number that the table knows the column by, whatever it is called. */
  identity: string | null
}

/** One version of a table: whatever is written later does not belong to it. */
export interface TableVersion {
  format: TableFormat
  /** Files that say which version it is: the engine is shown these and no others of their kind. */
  listed: PlacedFile[]
  /** Counted by whoever wrote the table; null where the table does not say it of the rows that are left. */
  rows: number | null
  columns: ReadonlyMap<string, ColumnFacts>
  reason: Reason
}

/** The newest version now. @throws not_found `ingestion.object_unknown`; conflict `ingestion.table_forked` `ingestion.table_unreadable` */
export async function chooseVersion(place: TablePlace, object: string): Promise<TableVersion> {
  const log = (await place.list('_delta_log')).filter(({ name }) => deltaVersion.test(name))
  if (log.length > 0) return deltaOf(log)
  const numbered = (await place.list('metadata')).flatMap((file) => {
    const version = icebergVersion.exec(file.name)?.[1]
    return version === undefined ? [] : [{ file, version: Number(version) }]
  })
  const newest = Math.max(...numbered.map(({ version }) => version))
  const [chosen, rival] = numbered.filter(({ version }) => version === newest)
  if (!chosen) throw notFound('ingestion.object_unknown', { object })
  // Of two writers who met one has lost. Only the table's catalog knows which.
  if (rival) throw conflict('ingestion.table_forked', { object: chosen.file.name })
  return icebergOf(place, chosen.file)
}

const deltaOf = (log: PlacedFile[]): TableVersion => ({
  format: 'delta',
  listed: log,
  rows: null,
  columns: new Map(),
  reason: {
    code: 'ingestion.table_delta',
    params: { version: Math.max(...log.map(({ name }) => Number(deltaVersion.exec(name)![1]))) },
  },
})

/** What is asked of Iceberg's table metadata (specification, Table Metadata Fields); the rest is the engine's to read. */
const Metadata = z.object({
  'current-snapshot-id': z.string().nullish(),
  snapshots: z.array(z.object({ 'snapshot-id': z.string(), summary: z.record(z.string(), z.string()).default({}) })).default([]),
  'current-schema-id': z.number().optional(),
  schemas: z
    .array(
      z.object({
        'schema-id': z.number().optional(),
        'identifier-field-ids': z.array(z.number()).default([]),
        fields: z.array(z.object({ id: z.number(), name: z.string(), doc: z.string().default('') })),
      }),
    )
    .default([]),
})

const mostBytes = 128 * 2 ** 20

/** A file of metadata as a whole. @throws conflict `ingestion.table_unreadable` where it is too big to be one */
export async function readPart(place: TablePlace, { name, sizeBytes }: PlacedFile): Promise<Buffer> {
  if (sizeBytes > mostBytes) throw conflict('ingestion.table_unreadable', { object: name })
  return readFile((await place.locate(name)).path)
}

async function icebergOf(place: TablePlace, file: PlacedFile): Promise<TableVersion> {
  const bytes = await readPart(place, file)
  const metadata = await readMetadata(bytes).catch((cause) => {
    throw new AppError('conflict', 'ingestion.table_unreadable', { params: { object: file.name }, cause })
  })
  const current = metadata['current-snapshot-id'] ?? '-1'
  const summary = metadata.snapshots.find((snapshot) => snapshot['snapshot-id'] === current)?.summary
  const schema = metadata.schemas.find((each) => each['schema-id'] === metadata['current-schema-id'])
  return {
    format: 'iceberg',
    listed: [file],
    rows: current === '-1' ? 0 : rowsOf(summary),
    columns: new Map(
      (schema?.fields ?? []).map(({ id, name, doc }) => [
        name,
        { comment: doc, isKey: schema!['identifier-field-ids'].includes(id), identity: String(id) },
      ]),
    ),
    reason: { code: 'ingestion.table_iceberg', params: { snapshot: current === '-1' ? '–' : current } },
  }
}

/**
 * Of a snapshot that deletes nothing by itself. The numbers of deletes say more than is gone: one row may be named twice, or lie in a file
 * that is no longer there.
 */
function rowsOf(summary: Record<string, string> = {}): number | null {
  const { 'total-records': rows, 'total-delete-files': deletes } = summary
  return rows !== undefined && deletes === '0' && /^\d{1,15}$/.test(rows) ? Number(rows) : null
}

async function readMetadata(bytes: Buffer): Promise<z.infer<typeof Metadata>> {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await promisify(gunzip)(bytes, { maxOutputLength: mostBytes }) : bytes
  // Numbers of snapshots have 63 bits.
  const exact = (key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' && key.endsWith('snapshot-id') ? context.source! : value
  return Metadata.parse(JSON.parse(plain.toString('utf8'), exact as (key: string, value: unknown) => unknown))
}
