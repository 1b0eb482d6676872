import { isTableFolder } from '#contract/source-settings.ts'
import { AppError } from '../../../kernel/errors.ts'
import { type LakeEngine, LakeError } from '../../../store/index.ts'
import type { Connector, Reading, Since, WantedColumn } from '../connector.ts'
import { describeColumns, presentColumns, previewRows, readTable } from '../engine/engine-table.ts'
import { chooseVersion, type TablePlace, type TableVersion } from './choose-version.ts'
import { type ServedTable, serveVersion } from './serve-version.ts'
import { zoneTimes } from './zone-times.ts'

/** Files as a source, among which there are tables of Iceberg or Delta. `placeOf` throws not_found where there is no such folder. */
export function withTables(lake: LakeEngine, files: Connector, placeOf: (object: string) => Promise<TablePlace>): Connector {
  const openTable = async (object: string) => {
    const place = await placeOf(object)
    const version = await chooseVersion(place, object)
    const served = await serveVersion(place, version)
    try {
      return { version, table: await explaining(served, () => zoneTimes(lake, served, { place, version })) }
    } catch (error) {
      await served.close()
      throw error
    }
  }
  const using = async <T>(object: string, work: (table: ServedTable, version: TableVersion) => Promise<T>): Promise<T> => {
    const { table, version } = await openTable(object)
    try {
      return await explaining(table, () => work(table, version))
    } finally {
      await table.close()
    }
  }
  const columnsOf = (table: ServedTable, version: TableVersion) => presentColumns(lake, table, factsOf(version))
  return {
    ...files,
    describe: (object, dialect) => {
      if (!isTableFolder(object)) return files.describe(object, dialect)
      return using(object, async (table, version) => ({
        object,
        columns: await columnsOf(table, version),
        dialect: null,
        sheets: [],
        reasons: [version.reason, { code: 'ingestion.table_tried' }],
        estimatedRows: version.rows,
      }))
    },
    // Without a stamp: a table that moves on meanwhile is read as it was, and that is right as long as its columns stay.
    structure: (object, dialect) => {
      if (!isTableFolder(object)) return files.structure!(object, dialect)
      return using(object, async (table, { columns }) => ({
        kind: 'table',
        columns: (await describeColumns(lake, table)).map(({ name, engineType }) => ({
          name,
          type: engineType,
          nullable: engineType.includes('Nullable('),
          looksLike: '',
          ...(columns.get(name) ?? { isKey: false, comment: '', identity: null }),
        })),
        stamp: null,
      }))
    },
    preview: (object, dialect, limit) => {
      if (!isTableFolder(object)) return files.preview(object, dialect, limit)
      return using(object, async (table) => previewRows(lake, table, await describeColumns(lake, table), limit))
    },
    async openReading(object, dialect, wanted, signal, since) {
      if (!isTableFolder(object)) return files.openReading(object, dialect, wanted, signal, since)
      const { table, version } = await openTable(object)
      try {
        return await explaining(table, () => openVersion(lake, { table, version }, wanted, since))
      } catch (error) {
        await table.close()
        throw error
      }
    },
  }
}

const factsOf = ({ columns }: TableVersion) => new Map([...columns].map(([name, { comment, isKey }]) => [name, { comment, isKey }]))

async function openVersion(
  lake: LakeEngine,
  { table, version }: { table: ServedTable; version: TableVersion },
  wanted: readonly WantedColumn[],
  since: Since | undefined,
): Promise<Reading> {
  const reading = await readTable(lake, table, wanted, since)
  return {
    ...reading,
    input: async (columns, how) => ({
      ...(await reading.input(columns, how)),
      run: (statement) => explaining(table, async () => void (await statement())),
    }),
    count: async () => (since ? null : version.rows) ?? (await explaining(table, reading.count)),
    close: () => table.close(),
  }
}

/**
 * BAD_ARGUMENTS and PATH_ACCESS_DENIED of a path outside the table, FILE_DOESNT_EXIST, INCORRECT_DATA, S3_ERROR, DELTA_KERNEL_ERROR,
 * ICEBERG_SPECIFICATION_VIOLATION: what the engine says of a table that is not what its format asks for.
 */
const unreadable = new Set([36, 107, 117, 481, 499, 742, 743])

/** SOCKET_TIMEOUT, NETWORK_ERROR, POCO_EXCEPTION and the others' own of a line that did not come about. */
const unreachable = new Set([209, 210, 499, 742, 1000])

/** What the engine could not read because it was not given says so. */
async function explaining<T>(table: ServedTable, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const problem = table.problem()
    if (problem) throw problem
    const cause = error instanceof AppError ? error.details.cause : error
    if (!(cause instanceof LakeError)) throw error
    if (unreachable.has(cause.code) && !table.isAsked()) throw new AppError('conflict', 'ingestion.table_engine_elsewhere', { cause })
    if (!unreadable.has(cause.code)) throw error
    throw new AppError('conflict', 'ingestion.table_unreadable', { params: { object: `ClickHouse ${cause.code}` }, cause })
  }
}
