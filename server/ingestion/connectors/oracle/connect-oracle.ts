import type oracledb from 'oracledb'
import type { SourceSettings } from '#contract/ingestion.ts'
import { openRelay, type Target } from '../../harm/open-relay.ts'
import type { DriverSession } from '../driver/driver-database.ts'
import { refuseRedirect } from './refuse-redirect.ts'

type Settings = Extract<SourceSettings, { kind: 'oracle' }>

const connectSeconds = 10
const rowsAtOnce = 1000

/** Whole texts and bytes instead of handles that ask again for each row; binary floats are numbers of JavaScript as they are. */
const wholeValues =
  ({ DB_TYPE_CLOB, DB_TYPE_NCLOB, DB_TYPE_LONG, DB_TYPE_LONG_NVARCHAR, DB_TYPE_BLOB, STRING, BUFFER }: typeof oracledb) =>
  ({ dbType }: { dbType: unknown }) => {
    if ([DB_TYPE_CLOB, DB_TYPE_NCLOB, DB_TYPE_LONG, DB_TYPE_LONG_NVARCHAR].includes(dbType)) return { type: STRING }
    return dbType === DB_TYPE_BLOB ? { type: BUFFER } : undefined
  }

/** A session of `oracledb`, in its thin mode: nothing of Oracle's is installed. Loaded when a first source needs it. */
export async function connectOracle(target: Target, settings: Settings, secret: string, seconds: number): Promise<DriverSession> {
  const relay = await openRelay(target, null, refuseRedirect)
  const driver = (await import('oracledb')).default
  let connection: oracledb.Connection
  try {
    connection = await driver.getConnection({
      user: settings.user,
      password: secret,
      connectString: `127.0.0.1:${relay.port}/${settings.database}?connect_timeout=${connectSeconds}`,
    })
  } catch (error) {
    await relay.close()
    throw error
  }
  connection.callTimeout = seconds * 1000
  const session: DriverSession = {
    async *rows(sql, values = {}) {
      const { resultSet } = await connection.execute(sql, values, {
        resultSet: true,
        outFormat: driver.OUT_FORMAT_ARRAY,
        fetchArraySize: rowsAtOnce,
        prefetchRows: rowsAtOnce,
        fetchTypeHandler: wholeValues(driver),
      })
      if (!resultSet) return
      try {
        yield* resultSet
      } finally {
        await resultSet.close()
      }
    },
    async beginSnapshot() {
      await Array.fromAsync(session.rows('SET TRANSACTION READ ONLY'))
      return true
    },
    cancel: () => connection.breakExecution(),
    async close() {
      await connection.close({ drop: true }).catch(() => {})
      await relay.close()
    },
  }
  // How numbers are written depends on the country of the session.
  await Array.fromAsync(session.rows("ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'"))
  return session
}
