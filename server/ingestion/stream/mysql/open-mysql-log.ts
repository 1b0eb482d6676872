import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { AppError, conflict } from '../../../kernel/errors.ts'
import type { WantedColumn } from '../../connectors/connector.ts'
import { select } from '../../connectors/mysql-catalog.ts'
import { asSourceError } from '../../connectors/source-error.ts'
import type { ChangeLog, LogHealth, LogObject, LogOrigin } from '../change-log.ts'
import { describePlace, fileName, fileNumber, placeIn, placeOf } from './binlog-place.ts'
import { connectLog, type LogAccess, selectSettings, usingLog } from './connect-log.ts'
import { followTable } from './follow-table.ts'
import { inspectColumns, inspectTable, type MysqlObject } from './inspect-table.ts'

const seconds = { ask: 30, watch: 10, settle: 60 }

/** MariaDB 10.2 and later by its binlog, as one replica more. The log says which rows changed; their values are read again. */
export function openMysqlLog(access: LogAccess, table: string): ChangeLog {
  const { database } = access.settings
  const at = { database, table }
  let wanted: readonly WantedColumn[] = []
  let watcher: Promise<Connection> | null = null
  const closeWatcher = async () => {
    const client = watcher
    watcher = null
    await client?.then((open) => open.destroy()).catch(() => {})
  }
  const watching = async <T>(work: (client: Connection) => Promise<T>): Promise<T> => {
    watcher ??= connectLog(access, seconds.watch)
    try {
      return await work(await watcher)
    } catch (error) {
      await closeWatcher()
      throw asSourceError(error)
    }
  }
  return {
    inspect: async (columns) => {
      wanted = columns
      return usingLog(access, seconds.ask, (client) => inspectTable(client, at, columns))
    },
    // The server keeps its log for everybody, as long as it is set up to: there is nothing to hold and nothing to let go of.
    hold: () =>
      usingLog(access, seconds.ask, async (client) => {
        const { file, position } = await selectVisible(client)
        // One that was prepared before will be committed after, without its rows.
        if ((await select(client, 'XA RECOVER')).length > 0) throw new AppError('unavailable', 'ingestion.stream_not_visible')
        return { origin: await identify(client, file, position), position: placeOf(file, position) }
      }),
    release: async () => {},
    async follow(name, origin, { position: from }, object, sink) {
      const basename = await usingLog(access, seconds.ask, (client) => checkLog(client, origin, from))
      const { file, position } = placeIn(from)
      const lookAgain = () => usingLog(access, seconds.ask, async (client) => refuseDrift(object, await inspectColumns(client, at, wanted)))
      const followed = { access, name, file: fileName(basename, file), position, ...at, sink, lookAgain }
      return followTable({ ...followed, object: object as MysqlObject })
    },
    measure: (_name, position) => watching((client) => measureLog(client, position)),
    visible: async (position) => {
      const end = performance.now() + seconds.settle * 1000
      while ((await watching(visiblePlace)) < position) {
        if (performance.now() > end) throw new AppError('unavailable', 'ingestion.stream_not_visible')
        await sleep(10)
      }
    },
    close: closeWatcher,
    describe: describePlace,
  }
}

/**
 * Where the log stands of which readers see everything. A transaction is sent to replicas before its rows are visible: a row that is
 * read too early would stay as it was (MariaDB's binlog_snapshot_position moves in the order of commits).
 */
async function selectVisible(client: Connection): Promise<{ file: string; position: number }> {
  const found = await selectSettings(client, "SHOW STATUS LIKE 'binlog\\_snapshot\\_%'")
  return { file: found.binlog_snapshot_file!, position: Number(found.binlog_snapshot_position) }
}

async function visiblePlace(client: Connection): Promise<number> {
  const { file, position } = await selectVisible(client)
  return placeOf(file, position)
}

async function endOfLog(client: Connection): Promise<number> {
  const [status] = await select(client, 'SHOW MASTER STATUS')
  return placeOf(status!.File!, Number(status!.Position))
}

const selectFiles = async (client: Connection) =>
  (await select(client, 'SHOW BINARY LOGS')).map(({ Log_name }) => ({ name: Log_name!, number: fileNumber(Log_name!) }))

/** Which log this is: that of one server, with one history up to the place that the stream came from. */
async function identify(client: Connection, file: string, position: number): Promise<LogOrigin> {
  const [found] = await select(client, 'SELECT @@server_id AS server, BINLOG_GTID_POS(?, ?) AS history', [file, String(position)])
  return { server: found!.server!, file, position, history: found!.history ?? '' }
}

/** A stream goes on only in the log that it came from, where that still has everything it lacks. @returns the files' common name */
async function checkLog(client: Connection, origin: LogOrigin, from: number): Promise<string> {
  const files = await selectFiles(client)
  const isKept = files.some(({ name }) => name === origin.file)
  const now = await identify(client, String(origin.file), Number(origin.position))
  if (now.server !== origin.server || (isKept && now.history !== origin.history)) throw conflict('ingestion.stream_other_source')
  const end = await endOfLog(client)
  if (end < from) throw conflict('ingestion.stream_rewound', { at: describePlace(end), position: describePlace(from) })
  if (!files.some(({ number }) => number === placeIn(from).file)) throw conflict('ingestion.stream_slot_lost')
  return String(origin.file).replace(/\.\d+$/, '')
}

async function measureLog(client: Connection, position: number): Promise<LogHealth> {
  const place = await visiblePlace(client)
  const files = await selectFiles(client)
  const keeps = await selectSettings(
    client,
    "SHOW GLOBAL VARIABLES WHERE variable_name IN ('expire_logs_days', 'binlog_expire_logs_seconds', 'max_binlog_total_size')",
  )
  const limits = Object.entries(keeps).filter(([, value]) => Number(value) > 0)
  const first = Math.min(...files.map(({ number }) => number))
  const { file } = placeIn(position)
  return {
    position: place,
    retainedBytes: null,
    sourceLimit: limits.length > 0 ? limits.map(([name, value]) => `${name} = ${Number(value)}`).join(', ') : null,
    isLost: file < first,
    isEnding: files.length > 1 && file === first,
  }
}

/** @throws conflict `ingestion.stream_drift` where a column that is followed has gone or has another type */
function refuseDrift(before: LogObject, { keys, types }: LogObject): void {
  const changed = Object.keys(before.types).find((column) => types[column] !== before.types[column])
  if (changed !== undefined || keys.join('\0') !== before.keys.join('\0'))
    throw conflict('ingestion.stream_drift', { column: changed ?? before.keys.join(', ') })
}
