import type { CheckResult } from '../connector.ts'
import type { DriverSession, DriverValue } from '../driver/driver-database.ts'

const one = async (session: DriverSession, sql: string): Promise<DriverValue[]> => (await Array.fromAsync(session.rows(sql)))[0]!

/** 13 is SQL Server 2016, 14 2017, 15 2019, 16 2022. */
export const majorOf = async (session: DriverSession): Promise<number> =>
  Number((await one(session, "SELECT CAST(SERVERPROPERTY('ProductMajorVersion') AS nvarchar(10))"))[0])

const oldest = 13

/** Rights of the account on anything in the database, over its roles as well. */
const mayWrite = `SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.fn_my_permissions(NULL, 'DATABASE')
    WHERE permission_name IN ('CONTROL', 'ALTER', 'CREATE TABLE', 'INSERT', 'UPDATE', 'DELETE', 'EXECUTE'))
  OR EXISTS (SELECT 1 FROM sys.objects AS o CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('ALTER')) AS r (name)
    WHERE o.type IN ('U', 'V') AND HAS_PERMS_BY_NAME(QUOTENAME(SCHEMA_NAME(o.schema_id)) + '.' + QUOTENAME(o.name), 'OBJECT', r.name) = 1)
  THEN 1 ELSE 0 END`

/** What can be said of the server and the account before anything is read. */
export async function checkSqlserver(session: DriverSession): Promise<CheckResult> {
  const [version, clock] = await one(
    session,
    "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(40)), CAST(DATEDIFF_BIG(millisecond, '1970-01-01', SYSUTCDATETIME()) AS nvarchar(20))",
  )
  const serverVersion = String(version)
  if ((await majorOf(session)) < oldest)
    return { ok: false, code: 'ingestion.server_too_old', detail: '2016 (13)', serverVersion, readOnly: null }
  const readOnly = (await one(session, mayWrite))[0] !== 1
  const skewSeconds = Math.round(Math.abs(Number(clock) - Date.now()) / 1000)
  const isSkewed = skewSeconds > 5
  const code = readOnly ? (isSkewed ? 'ingestion.clock_skew' : null) : 'ingestion.not_read_only'
  return { ok: true, code, detail: isSkewed ? `${skewSeconds}` : '', serverVersion, readOnly }
}
