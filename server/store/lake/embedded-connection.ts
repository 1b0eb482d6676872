import { Readable } from 'node:stream'
import type { ClickHouseClientConfigOptions } from '@clickhouse/client'
import type { Session } from 'chdb'
import type { Settings } from './engine.ts'
import { type Parameters, parameterText, quoteText } from './parameters.ts'

type Connection = NonNullable<ClickHouseClientConfigOptions['connection']>
type Query = Parameters_<Connection['query']>
type Parameters_<F extends (...args: never) => unknown> = F extends (first: infer First) => unknown ? First : never

/**
 * One chDB session as a connection of `@clickhouse/client`. Not chdb's own `createChdbConnection`, because that one runs all statements
 * with parameters of the whole process one after another (a lookup would wait behind a load), takes no engine arguments, and joins
 * inserted bytes into one string. Parameters travel as `SET param_…` of this session, which holds one statement at a time.
 */
export function embeddedConnection(session: Session): Connection {
  // What the session holds by now; undefined where a failed statement leaves it unknown.
  const held = new Map<string, string | number | undefined>()

  const execute = async (request: Query): Promise<Uint8Array> => {
    const changes = settingChanges(held, engineSettings(request.clickhouse_settings as Settings))
    for (const name of changes.keys()) held.set(name, undefined)
    const result = await session.queryAsync(setStatement(changes, (request.query_params ?? {}) as Parameters) + request.query)
    for (const [name, value] of changes) value === undefined ? held.delete(name) : held.set(name, value)
    return result.bytes()
  }
  const answer = { query_id: '', response_headers: {}, http_status_code: 200 }

  return {
    async query(request) {
      return { ...answer, stream: Readable.from([Buffer.from(await execute(request))], { objectMode: false }) }
    },
    async command(request) {
      await execute(request)
      return answer
    },
    exec: () => Promise.reject(new Error('the embedded engine moves bytes through files')),
    insert: () => Promise.reject(new Error('the embedded engine moves bytes through files')),
    async ping() {
      await session.queryAsync('SELECT 1')
      return { success: true }
    },
    async close() {
      session.close()
    },
  }
}

/** Settings of the HTTP protocol mean nothing here, and the engine refuses them. */
function engineSettings(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => !/^(wait_end_of_query$|send_progress_in_http|http_headers_|enable_http_)/.test(name)),
  )
}

/** A session keeps its settings: only what differs is sent, and what this statement does not set goes back to its default (undefined). */
function settingChanges(
  held: ReadonlyMap<string, string | number | undefined>,
  wanted: Settings,
): Map<string, string | number | undefined> {
  const changes = new Map<string, string | number | undefined>()
  for (const [name, value] of Object.entries(wanted)) if (held.get(name) !== value) changes.set(name, value)
  for (const name of held.keys()) if (!(name in wanted)) changes.set(name, undefined)
  return changes
}

function setStatement(settings: ReadonlyMap<string, string | number | undefined>, parameters: Parameters): string {
  const parts = [...settings].map(
    ([name, value]) => `${name} = ${value === undefined ? 'DEFAULT' : typeof value === 'number' ? value : quoteText(value)}`,
  )
  for (const [name, value] of Object.entries(parameters)) parts.push(`param_${name} = ${quoteText(parameterText(value))}`)
  return parts.length > 0 ? `SET ${parts.join(', ')}; ` : ''
}
