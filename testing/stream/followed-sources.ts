import mysql from 'mysql2/promise'
import pg from 'pg'
import type { SourceSettings } from '../../contract/ingestion.ts'

export const followedTable = 'followed'

/** What a followed table holds at the end of its source's log. */
export interface FollowedEnd {
  /** Whether a stream's position is there. */
  isReached: (position: string) => boolean
  lines: string[]
  /** What the source keeps for streams. */
  holds: number
}

interface FollowedSource {
  settings: (port: number) => SourceSettings
  readEnd: (port: number) => Promise<FollowedEnd>
}

/** A position of two numbers as one; of PostgreSQL they are written in hex. */
const placeOf = (text: string, separator: string, base: number) => {
  const [high, low] = text.split(separator).map((part) => Number.parseInt(part, base))
  return high! * 2 ** 32 + low!
}

const postgresql: FollowedSource = {
  settings: (port) =>
    ({ kind: 'postgresql', host: '127.0.0.1', port, database: 'postgres', schema: 'public', user: 'postgres' }) as SourceSettings,
  async readEnd(port) {
    const source = new pg.Client({ host: '127.0.0.1', port, database: 'postgres', user: 'postgres' })
    await source.connect()
    const [{ lsn }] = (await source.query('select pg_current_wal_lsn()::text as lsn')).rows
    const { rows } = await source.query(`select concat_ws('|', id, name, trim_scale(amount)) as line from ${followedTable}`)
    const { rowCount } = await source.query('select 1 from pg_replication_slots')
    await source.end()
    const lines = rows.map(({ line }) => line as string)
    return { isReached: (position) => placeOf(position, '/', 16) >= placeOf(lsn, '/', 16), lines, holds: rowCount ?? 0 }
  },
}

const mysqlSource: FollowedSource = {
  settings: (port) => ({ kind: 'mysql', host: '127.0.0.1', port, database: 'city', user: 'datong' }),
  async readEnd(port) {
    const source = await mysql.createConnection({ host: '127.0.0.1', port, database: 'city', user: 'datong', rowsAsArray: true })
    const ask = async (sql: string) => (await source.query(sql))[0] as [string, string][]
    const [[file, at]] = (await ask('SHOW MASTER STATUS')) as [[string, string]]
    const lines = (await ask(`SELECT CONCAT_WS('|', id, name, CAST(amount AS CHAR)) FROM ${followedTable}`)).map(([line]) => line)
    await source.end()
    const end = placeOf(`${file.replace(/^.*\./, '')}:${at}`, ':', 10)
    return { isReached: (position) => placeOf(position, ':', 10) >= end, lines, holds: 0 }
  },
}

export const followedSources = { postgresql, mysql: mysqlSource }
export type FollowedKind = keyof typeof followedSources
