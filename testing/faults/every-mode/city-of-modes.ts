import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { type App, openApp } from '../../../server/app.ts'
import { readConfig } from '../../../server/config.ts'
import { inProcessClient } from '../../../server/http/index.ts'
import { sweepLoads } from '../../../server/ingestion/load/sweep-loads.ts'
import { awaitLoad } from '../../await-load.ts'
import { publishEntry } from '../../build-entry.ts'
import { buildOrg, buildPerson } from '../../build-people.ts'
import type { Client } from '../../city.ts'
import { pgTemplate } from '../../pg-template.ts'
import { awaitStream } from '../../stream/await-stream.ts'
import { kinds, streamed } from './contents.ts'
import { type FoundState, findState } from './found-state.ts'
import { connect, type Departments, moveOn } from './sources.ts'

/** What the process says, one line of JSON each; `state` is what it found in the stores before it did anything. */
export type Fact =
  | ({ fact: 'state' } & FoundState)
  | { fact: 'ready' }
  | { fact: 'queued'; id: string; entry: string; version: number }
  | { fact: 'ended'; id: string; entry: string; state: string; numbers: (number | null)[]; error: string | null }
  | { fact: 'streamed'; rows: number; lacking: string[]; extra: string[]; slots: number }

export interface Orders {
  home: string
  departments: Departments
  minutesAhead: number
  /** So many loads of each plan, then the stream is compared; null: until it is killed. */
  times: number | null
}

const orgName = '厦门市市场监督管理局'
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 60 },
  { code: 'version', name: '版次', dataType: 'I' },
] as const
const changedAt = { code: 'changed_at', name: '更新时间', dataType: 'T' } as const

const say = (fact: Fact) => process.stdout.write(`${JSON.stringify(fact)}\n`)

async function clientOf(app: App, org: Client['org'], roles: Parameters<typeof buildPerson>[2]): Promise<Client> {
  const person = await buildPerson(app, org, roles)
  return { org, ...person, ...inProcessClient(() => app.http, person) }
}

/** An entry and a plan for each mode, each with a source of its own. */
async function prepare(app: App, { port, database }: Departments): Promise<void> {
  const org = await buildOrg(app, orgName)
  const bureau = await buildOrg(app, '厦门市数据管理局')
  const as = async (name: string, ...roles: Parameters<typeof buildPerson>[2]) => clientOf(app, name === orgName ? org : bureau, roles)
  for (const { name, mode, verify, at, object } of [...kinds, streamed]) {
    const own = mode.kind === 'incremental' ? [...items, changedAt] : [...items]
    const { entryId, steward } = await publishEntry({ as }, orgName, { name, items: own })
    const settings =
      at === 'folder'
        ? ({ kind: 'folder', path: '' } as const)
        : ({ kind: 'postgresql', host: '127.0.0.1', port, database, user: 'postgres' } as const)
    const { id: sourceId } = await steward.call('create_source', { body: { name, settings } })
    const mapping = own.map(({ code }) => ({ item: code, column: code }))
    const { id: planId } = await steward.call('create_plan', { body: { entryId, sourceId, object, mapping, verify, mode } })
    if (mode.kind === 'stream') await steward.call('start_stream', { params: { planId } })
  }
}

async function awaitEnd(steward: Client, id: string, entry: string): Promise<void> {
  const { state, read, sent, written, quarantined, error } = await awaitLoad(steward, id, 120)
  say({ fact: 'ended', id, entry, state, numbers: [read, sent, written, quarantined], error: error?.code ?? null })
}

/** Waits until nothing is left to come, and compares the streamed entry with its source row by row. */
async function compareStream({ plane: { db }, lake }: App, steward: Client, client: pg.Client): Promise<void> {
  const stream = await db.selectFrom('ingestion.stream').select('id').executeTakeFirstOrThrow()
  const { rows: now } = await client.query("select pg_current_wal_lsn() - '0/0'::pg_lsn as at")
  const at = (lsn: string) => Number.parseInt(lsn.split('/')[0]!, 16) * 2 ** 32 + Number.parseInt(lsn.split('/')[1]!, 16)
  await awaitStream(steward, stream.id, ({ state, position }) => state === 'streaming' && at(position!) >= Number(now[0]!.at), 120)
  const { table } = await db
    .selectFrom('ingestion.plan as p')
    .innerJoin('catalog.resource as r', 'r.entry_id', 'p.entry_id')
    .select('r.lake_table as table')
    .where('p.object', '=', streamed.object)
    .executeTakeFirstOrThrow()
  const held = await lake.rows<{ line: string }>(
    `SELECT concatWithSeparator('|', toString(id), name, toString(version)) AS line FROM lake.${table} FINAL`,
  )
  const { rows: wanted } = await client.query(`select concat_ws('|', id, name, version) as line from ${streamed.object}`)
  const [has, wants] = [held, wanted].map((found) => found.map(({ line }) => line as string)) as [string[], string[]]
  const { rowCount: slots } = await client.query('select 1 from pg_replication_slots where database = current_database()')
  const [lacking, extra] = [
    wants.filter((one) => !has.includes(one)),
    has.filter((one, i) => !wants.includes(one) || has.indexOf(one) !== i),
  ]
  say({ fact: 'streamed', rows: held.length, lacking: lacking.slice(0, 5), extra: extra.slice(0, 5), slots: slots ?? 0 })
}

/** One load of the plan after the other, each of the next version of its object; what was interrupted first. */
async function loadOn(app: App, steward: Client, name: string, { departments, times }: Orders): Promise<void> {
  const { db } = app.plane
  const client = await connect(departments)
  const { object } = kinds.find((kind) => kind.name === name)!
  const { id: planId } = await db.selectFrom('ingestion.plan').select('id').where('object', '=', object).executeTakeFirstOrThrow()
  const open = db.selectFrom('ingestion.load').select('id').where('plan_id', '=', planId).where('finished_at', 'is', null)
  for (const { id } of await open.execute()) await awaitEnd(steward, id, name)
  for (let time = 0; time < (times ?? Number.POSITIVE_INFINITY); time++) {
    const version = await moveOn(client, departments, object)
    const { id } = await steward.call('start_load', { params: { planId } })
    say({ fact: 'queued', id, entry: name, version })
    await awaitEnd(steward, id, name)
  }
  await client.end()
}

/** Change after change, until this process is killed or the others have loaded enough. */
async function changeOn(client: pg.Client, departments: Departments, isOver: () => boolean): Promise<void> {
  for (; !isOver(); await sleep(50)) await moveOn(client, departments, streamed.object)
}

/** Opens the city of `home`, says what it finds, takes up what was interrupted, and loads in every mode at once until it is killed. */
async function main(orders: Orders): Promise<void> {
  const { home, departments, minutesAhead, times } = orders
  const { DATABASE_URL, CLICKHOUSE_URL } = process.env
  const stores = { DATABASE_URL, CLICKHOUSE_URL, DATONG_HOME: home, DATONG_FILES: departments.folder }
  const app = await openApp(readConfig({ ...stores, DATONG_LOADS: '8', LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' }), {
    // The sweep gives up a silent worker after a minute, and a job that was lost before its load began after half an hour.
    now: () => new Date(Date.now() + minutesAhead * 60_000),
    strictAudit: true,
    portalDir: new URL('../../blank-portal/', import.meta.url).pathname,
    ...(!DATABASE_URL && { template: await pgTemplate() }),
  })
  const { db } = app.plane
  if (!(await db.selectFrom('ingestion.stream').select('id').executeTakeFirst())) await prepare(app, departments)
  const { org_id } = await db.selectFrom('ingestion.stream').select('org_id').executeTakeFirstOrThrow()
  const org = await db.selectFrom('security.org').select(['id', 'name', 'kind']).where('id', '=', org_id).executeTakeFirstOrThrow()
  const steward = await clientOf(app, org, ['steward'])
  const isLast = times !== null
  say({ fact: 'state', ...(await findState(app, 5)) })
  say({ fact: 'ready' })
  await sweepLoads(app.system('sweep'))
  let isOver = false
  const client = await connect(departments)
  const changing = changeOn(client, departments, () => isOver)
  await Promise.all(kinds.map(({ name }) => loadOn(app, steward, name, orders)))
  isOver = true
  await changing
  await compareStream(app, steward, client)
  await client.end()
  await sweepLoads(app.system('sweep'))
  say({ fact: 'state', ...(await findState(app, isLast ? 10_000 : 5)) })
  await app.close()
}

if (import.meta.main) await main(JSON.parse(process.argv[2]!) as Orders)
