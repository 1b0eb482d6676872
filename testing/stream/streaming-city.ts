import { type App, openApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { inProcessClient } from '../../server/http/index.ts'
import { verifyChain } from '../../server/store/index.ts'
import { publishEntry } from '../build-entry.ts'
import { buildOrg, buildPerson } from '../build-people.ts'
import type { Client } from '../city.ts'
import { pgTemplate } from '../pg-template.ts'
import { awaitStream } from './await-stream.ts'
import { type FollowedKind, followedSources, followedTable } from './followed-sources.ts'

/** What the process says, one line of JSON each. */
export type StreamFact =
  | { fact: 'ready'; state: string; changes: number }
  | { fact: 'compared'; rows: number; lacking: string[]; extra: string[]; intact: boolean; slots: number }

const orgName = '厦门市市场监督管理局'
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 60 },
  { code: 'amount', name: '金额', dataType: 'Y', length: 14, scale: 2 },
] as const

const say = (fact: StreamFact) => process.stdout.write(`${JSON.stringify(fact)}\n`)

async function clientOf(app: App, org: Client['org'], roles: Parameters<typeof buildPerson>[2]): Promise<Client> {
  const person = await buildPerson(app, org, roles)
  return { org, ...person, ...inProcessClient(() => app.http, person) }
}

async function prepare(app: App, kind: FollowedKind, port: number): Promise<void> {
  const org = await buildOrg(app, orgName)
  const bureau = await buildOrg(app, '厦门市数据管理局')
  const as = async (name: string, ...roles: Parameters<typeof buildPerson>[2]) => clientOf(app, name === orgName ? org : bureau, roles)
  const { entryId, steward } = await publishEntry({ as }, orgName, { name: '企业名录', items: [...items] })
  const settings = followedSources[kind].settings(port)
  const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: followedTable, mapping, mode: { kind: 'stream' } } as const
  const { id: planId } = await steward.call('create_plan', { body })
  await steward.call('start_stream', { params: { planId } })
}

/** Waits until nothing is left to come, and compares the lake with the source row by row. */
async function compare(app: App, steward: Client, streamId: string, kind: FollowedKind, port: number): Promise<void> {
  const { isReached, lines, holds } = await followedSources[kind].readEnd(port)
  await awaitStream(steward, streamId, ({ state, position }) => state === 'streaming' && isReached(position!), 120)
  const { lake_table } = await app.plane.db.selectFrom('catalog.resource').select('lake_table').executeTakeFirstOrThrow()
  const held = await app.lake.rows<{ line: string }>(
    `SELECT concatWithSeparator('|', toString(id), name, toString(amount)) AS line FROM lake.${lake_table} FINAL`,
  )
  const [lake, wanted] = [new Set(held.map(({ line }) => line)), new Set(lines)]
  const lacking = lines.filter((line) => !lake.has(line))
  const extra = [...lake].filter((line) => !wanted.has(line))
  const { intact } = await verifyChain(app.plane.db)
  say({ fact: 'compared', rows: held.length, lacking: lacking.slice(0, 5), extra: extra.slice(0, 5), intact, slots: holds })
}

/** Opens the city of `home` and lets it follow its source until it is killed; with `last` it compares and ends. */
async function main(home: string, kind: FollowedKind, port: number, minutesAhead: number, isLast: boolean): Promise<void> {
  const env = { DATONG_HOME: home, LOG_LEVEL: 'silent', ...(process.env.CLICKHOUSE_URL && { CLICKHOUSE_URL: process.env.CLICKHOUSE_URL }) }
  const app = await openApp(readConfig(env), {
    // Whoever was killed is believed dead at once.
    now: () => new Date(Date.now() + minutesAhead * 60_000),
    strictAudit: true,
    portalDir: new URL('../blank-portal/', import.meta.url).pathname,
    template: await pgTemplate(),
  })
  const { db } = app.plane
  if (!(await db.selectFrom('ingestion.stream').select('id').executeTakeFirst())) await prepare(app, kind, port)
  const stream = await db.selectFrom('ingestion.stream').selectAll().executeTakeFirstOrThrow()
  const org = await db.selectFrom('security.org').select(['id', 'name', 'kind']).where('id', '=', stream.org_id).executeTakeFirstOrThrow()
  const steward = await clientOf(app, org, ['steward'])
  say({ fact: 'ready', state: stream.state, changes: stream.changes })
  if (!isLast) return
  await compare(app, steward, stream.id, kind, port)
  await app.close()
}

if (import.meta.main) {
  const [home, kind, port, minutesAhead, last] = process.argv.slice(2)
  await main(home!, kind as FollowedKind, Number(port), Number(minutesAhead), last === 'last')
}
