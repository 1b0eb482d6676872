import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { AppError, conflict } from '../../../kernel/errors.ts'
import { asSourceError } from '../../connectors/source-error.ts'
import type { ChangeLog, LogHealth, LogOrigin, LogPlace } from '../change-log.ts'
import { connectLog, type LogAccess, usingLog } from './connect-log.ts'
import { followTable } from './follow-table.ts'
import { inspectTable, type PostgresqlObject } from './inspect-table.ts'
import { formatLsn, parseLsn } from './lsn.ts'

/** A slot begins where every running transaction of the source has ended: that may take as long as they do. */
const seconds = { ask: 30, hold: 900, watch: 10 }

/** PostgreSQL 10 and later by logical replication with pgoutput: one slot a stream. */
export function openPostgresqlLog(access: LogAccess, table: string): ChangeLog {
  const { schema } = access.settings
  let wanted: readonly string[] = []
  let watcher: Promise<pg.Client> | null = null
  const closeWatcher = async () => {
    const client = watcher
    watcher = null
    await client?.then((open) => open.end()).catch(() => {})
  }
  return {
    inspect: async (columns) => {
      wanted = columns.map(({ column }) => column)
      return usingLog(access, seconds.ask, (client) => inspectTable(client, schema, table, columns))
    },
    hold: (slot) =>
      usingLog(access, seconds.hold, async (client) => {
        await dropSlot(client, slot)
        const { rows } = await client.query("SELECT lsn::text FROM pg_create_logical_replication_slot($1, 'pgoutput')", [slot])
        const position = parseLsn(rows[0].lsn)
        return { origin: { ...(await identify(client)), start: position }, position }
      }),
    release: (slot) => usingLog(access, seconds.ask, (client) => dropSlot(client, slot)),
    async follow(slot, origin, from, object, sink) {
      await usingLog(access, seconds.ask, (client) => checkSlot(client, slot, origin, from))
      return followTable({ access, slot, object: object as PostgresqlObject, schema, table, wanted, from, sink })
    },
    async measure(slot) {
      watcher ??= connectLog(access, seconds.watch)
      try {
        return await measureSlot(await watcher, slot)
      } catch (error) {
        await closeWatcher()
        throw asSourceError(error)
      }
    },
    close: closeWatcher,
    describe: formatLsn,
  }
}

/** Which log this is. A server that took over for another has the same identifier and a new timeline. */
async function identify(client: pg.Client): Promise<LogOrigin> {
  const { rows } = await client.query(
    `SELECT s.system_identifier::text AS system, c.timeline_id AS timeline FROM pg_control_system() s, pg_control_checkpoint() c`,
  )
  return { system: rows[0].system, timeline: rows[0].timeline }
}

interface Slot {
  pid: number | null
  confirmed: string | null
  retained: number | null
  is_lost: boolean
}

async function findSlot(client: pg.Client, slot: string): Promise<Slot | undefined> {
  const { rows } = await client.query(
    `SELECT active_pid AS pid, confirmed_flush_lsn::text AS confirmed, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS retained,
       coalesce(to_jsonb(s) ->> 'wal_status', '') = 'lost' AS is_lost
     FROM pg_replication_slots s WHERE slot_name = $1 AND database = current_database()`,
    [slot],
  )
  return rows[0]
}

/**
 * A stream goes on only in the log that it came from, from a slot that still has everything it lacks: anything else would leave
 * changes out without a word (reliability F20).
 */
async function checkSlot(client: pg.Client, slot: string, origin: LogOrigin, { position, told }: LogPlace): Promise<void> {
  const now = await identify(client)
  if (now.system !== origin.system || now.timeline !== origin.timeline) throw conflict('ingestion.stream_other_source')
  const { rows } = await client.query('SELECT pg_current_wal_lsn()::text AS lsn')
  if (parseLsn(rows[0].lsn) < position) throw conflict('ingestion.stream_rewound', { at: rows[0].lsn, position: formatLsn(position) })
  const found = await findSlot(client, slot)
  if (!found || found.is_lost || !found.confirmed) throw conflict('ingestion.stream_slot_lost', { slot })
  if (parseLsn(found.confirmed) > Math.max(position, told)) throw conflict('ingestion.stream_slot_moved', { slot })
  if (found.pid !== null) await endConsumer(client, slot)
}

/** Whoever still reads the slot has been given up: its lease ran out. Its role may end its own connections. */
async function endConsumer(client: pg.Client, slot: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const pid = (await findSlot(client, slot))?.pid ?? null
    if (pid === null) return
    await client.query('SELECT pg_terminate_backend($1)', [pid])
    await sleep(100)
  }
  throw new AppError('unavailable', 'ingestion.stream_slot_busy', { params: { slot } })
}

async function dropSlot(client: pg.Client, slot: string): Promise<void> {
  const found = await findSlot(client, slot)
  if (!found) return
  if (found.pid !== null) await endConsumer(client, slot)
  await client.query('SELECT pg_drop_replication_slot($1)', [slot])
}

async function measureSlot(client: pg.Client, slot: string): Promise<LogHealth> {
  const found = await findSlot(client, slot)
  const { rows } = await client.query(
    `SELECT pg_current_wal_lsn()::text AS lsn,
       (SELECT setting || coalesce(unit, '') FROM pg_settings WHERE name = 'max_slot_wal_keep_size' AND setting <> '-1') AS keeps`,
  )
  return {
    position: parseLsn(rows[0].lsn),
    retainedBytes: Math.max(0, Math.round(found?.retained ?? 0)),
    sourceLimit: rows[0].keeps && `max_slot_wal_keep_size = ${rows[0].keeps}`,
    isLost: !found || found.is_lost,
    isEnding: false,
  }
}
