import type { CheckResult } from '../connector.ts'
import type { DriverSession } from '../driver/driver-database.ts'
import { documentsOf, type MongodbStatement } from './mongodb-statements.ts'

/** What an account that only reads may do, by the server's own role `read`, and what an operator needs to look after it. */
const harmless =
  /^(find|list\w+|collStats|dbStats|dbHash|indexStats|changeStream|killCursors|connPoolStats|serverStatus|top|get\w+|planCacheRead)$/

/** What can be said of the server and the account before anything is read. */
export async function checkMongodb(session: DriverSession<MongodbStatement>): Promise<CheckResult> {
  const [build] = await documentsOf(session, { buildInfo: 1 })
  const [hello] = await documentsOf(session, { hello: 1 })
  const [status] = await documentsOf(session, { connectionStatus: 1, showPrivileges: true })
  // Somebody asks for the first collections as a load would: without that right there is nothing to be had here.
  await documentsOf(session, { listCollections: 1, nameOnly: true })
  const { authenticatedUsers, authenticatedUserPrivileges } = status!.authInfo as {
    authenticatedUsers: unknown[]
    authenticatedUserPrivileges: { actions: string[] }[]
  }
  // A server that lets in who has no account lets him write as well.
  const mayWrite = authenticatedUserPrivileges.some(({ actions }) => actions.some((action) => !harmless.test(action)))
  const readOnly = authenticatedUsers.length > 0 && !mayWrite
  const skewSeconds = Math.round(Math.abs(Number(hello!.localTime) - Date.now()) / 1000)
  const isSkewed = skewSeconds > 5
  const code = readOnly ? (isSkewed ? 'ingestion.clock_skew' : null) : 'ingestion.not_read_only'
  return { ok: true, code, detail: isSkewed ? `${skewSeconds}` : '', serverVersion: String(build!.version), readOnly }
}
