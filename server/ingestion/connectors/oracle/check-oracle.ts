import type { CheckResult } from '../connector.ts'
import type { DriverSession } from '../driver/driver-database.ts'

/** Rights of the account, over its roles as well; what is its own it may change. */
const mayWrite = `SELECT CASE WHEN EXISTS (SELECT 1 FROM session_privs WHERE privilege IN
    ('CREATE TABLE', 'INSERT ANY TABLE', 'UPDATE ANY TABLE', 'DELETE ANY TABLE', 'ALTER ANY TABLE', 'DROP ANY TABLE'))
  OR EXISTS (SELECT 1 FROM user_tab_privs_recd WHERE privilege IN ('INSERT', 'UPDATE', 'DELETE', 'ALTER'))
  OR EXISTS (SELECT 1 FROM role_tab_privs WHERE privilege IN ('INSERT', 'UPDATE', 'DELETE', 'ALTER') AND owner <> 'SYS')
  OR EXISTS (SELECT 1 FROM user_tables) THEN 1 ELSE 0 END FROM dual`

/** What can be said of the server and the account before anything is read. */
export async function checkOracle(session: DriverSession): Promise<CheckResult> {
  const one = async (sql: string) => (await Array.fromAsync(session.rows(sql)))[0]!
  const [version] = await one('SELECT version FROM product_component_version WHERE ROWNUM = 1')
  const [clock] = await one("SELECT (CAST(SYS_EXTRACT_UTC(SYSTIMESTAMP) AS DATE) - DATE '1970-01-01') * 86400 FROM dual")
  const readOnly = (await one(mayWrite))[0] !== 1
  const skewSeconds = Math.round(Math.abs(Number(clock) - Date.now() / 1000))
  const isSkewed = skewSeconds > 5
  const code = readOnly ? (isSkewed ? 'ingestion.clock_skew' : null) : 'ingestion.not_read_only'
  return { ok: true, code, detail: isSkewed ? `${skewSeconds}` : '', serverVersion: String(version), readOnly }
}
