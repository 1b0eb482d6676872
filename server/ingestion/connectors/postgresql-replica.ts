import type { Client } from 'pg'
import { AppError } from '../../kernel/errors.ts'

/** A replica that is further behind would give yesterday's rows as today's. */
const mostMinutes = 15

/**
 * Refuses to read from a standby whose replay was paused, or that has not replayed for long what it has received, or receives
 * nothing any more (F20). A primary that is idle leaves an old last transaction and is not behind.
 * @throws unavailable `ingestion.replica_behind`
 */
export async function refuseLaggingReplica(client: Client): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby')
  if (!rows[0]!.standby) return
  const { rows: found } = await client.query<{ paused: boolean; behind: boolean; minutes: number }>(
    `SELECT pg_is_wal_replay_paused() AS paused,
       pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn() OR NOT EXISTS (SELECT FROM pg_stat_get_wal_receiver() WHERE pid IS NOT NULL) AS behind,
       coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) / 60, 0)::float8 AS minutes`,
  )
  const { paused, behind, minutes } = found[0]!
  if (paused || (behind && minutes > mostMinutes))
    throw new AppError('unavailable', 'ingestion.replica_behind', { params: { minutes: Math.ceil(minutes) } })
}
