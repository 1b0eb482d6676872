import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openApp, type App } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { inProcessClient } from '../../server/http/index.ts'
import { sweepLoads } from '../../server/ingestion/load/sweep-loads.ts'
import { verifyChain } from '../../server/store/index.ts'
import { awaitLoad } from '../await-load.ts'
import { publishEntry } from '../build-entry.ts'
import { buildOrg, buildPerson } from '../build-people.ts'
import type { Client } from '../city.ts'
import { pgTemplate } from '../pg-template.ts'

/** What the process says, one line of JSON each; `state` is what it found in the stores before it did anything. */
export type Fact =
  | ({ fact: 'state' } & FoundState)
  | { fact: 'ready' }
  | { fact: 'uploaded'; version: number }
  | { fact: 'queued'; id: string }
  | { fact: 'ended'; id: string; state: string; numbers: (number | null)[]; error: string | null }

export interface FoundState {
  intact: boolean
  loads: {
    id: string
    state: string
    numbers: (number | null)[]
    error: string | null
    table: string | null
    isCurrent: boolean
    successes: number
    /** Place of its success in the log; 0 without one. */
    succeededAt: number
  }[]
  liveTables: string[]
  live: { rows: number; ids: number; oldest: number; newest: number } | null
  /** Tables of loads in the lake. */
  tables: string[]
}

export const dirtyRows = 7
/** Every upload has a number of rows of its own, so that halves and mixtures show. */
export const cleanRows = (version: number) => 30_000 + 10 * version

const orgName = '厦门市市场监督管理局'
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 60 },
  { code: 'version', name: '版次', dataType: 'I' },
] as const

const say = (fact: Fact) => process.stdout.write(`${JSON.stringify(fact)}\n`)

function csvOf(version: number): Buffer {
  const clean = Array.from({ length: cleanRows(version) }, (_, i) => `${i + 1},第${i + 1}号企业,${version}`)
  const dirty = Array.from({ length: dirtyRows }, (_, i) => `坏${i},编号不是数字,${version}`)
  return Buffer.from(['id,name,version', ...clean.slice(0, 100), ...dirty, ...clean.slice(100), ''].join('\n'))
}

async function findState({ plane, lake }: App): Promise<FoundState> {
  const rows = await plane.db.selectFrom('ingestion.load').selectAll().orderBy('id').execute()
  const resources = await plane.db.selectFrom('catalog.resource').select('lake_table').execute()
  const events = await plane.db
    .selectFrom('platform.event')
    .select(['object_id', (eb) => eb.fn.countAll<number>().as('n'), (eb) => eb.fn.max('seq').as('seq')])
    .where('action', '=', 'ingestion.load_succeeded')
    .groupBy('object_id')
    .execute()
  const liveTables = resources.map(({ lake_table }) => lake_table!)
  const [live] = liveTables[0]
    ? await lake.measure(
        `SELECT count() AS rows, uniqExact(id) AS ids, min(version) AS oldest, max(version) AS newest FROM lake.${liveTables[0]}`,
      )
    : []
  const tables = await lake.measure<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'lake' AND match(name, '^(r|q|in|v|w|c)_[0-9a-f]{32}_')",
  )
  return {
    intact: (await verifyChain(plane.db)).intact,
    loads: rows.map((row) => ({
      succeededAt: Number(events.find(({ object_id }) => object_id === row.id)?.seq ?? 0),
      id: row.id,
      state: row.state,
      numbers: [row.read_rows, row.sent_rows, row.written_rows, row.quarantined_rows],
      error: row.error_code,
      table: row.lake_table,
      isCurrent: row.state === 'succeeded' && row.superseded_at === null,
      successes: Number(events.find(({ object_id }) => object_id === row.id)?.n ?? 0),
    })),
    liveTables,
    live: live ? (Object.fromEntries(Object.entries(live).map(([name, value]) => [name, Number(value)])) as never) : null,
    tables: tables.map(({ name }) => name),
  }
}

/** An entry that is published, and a plan that fills it from an upload. */
async function prepare(app: App): Promise<void> {
  const org = await buildOrg(app, orgName)
  const bureau = await buildOrg(app, '厦门市数据管理局')
  const as = async (name: string, ...roles: Parameters<typeof buildPerson>[2]) => clientOf(app, name === orgName ? org : bureau, roles)
  const { entryId, steward } = await publishEntry({ as }, orgName, { name: '企业名录', items: [...items] })
  const { id: sourceId } = await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })
  await steward.call('upload_file', { query: { fileName: 'firm.csv', sourceId }, body: csvOf(0) })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  await steward.call('create_plan', { body: { entryId, sourceId, object: 'firm.csv', mapping, verify: 'content' } })
}

async function clientOf(app: App, org: Client['org'], roles: Parameters<typeof buildPerson>[2]): Promise<Client> {
  const person = await buildPerson(app, org, roles)
  return { org, ...person, ...inProcessClient(() => app.http, person) }
}

async function awaitEnd(steward: Client, id: string): Promise<void> {
  const { state, read, sent, written, quarantined, error } = await awaitLoad(steward, id, 120)
  say({ fact: 'ended', id, state, numbers: [read, sent, written, quarantined], error: error?.code ?? null })
}

/** As somebody does who is told to try again in a moment. */
async function insist<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++)
    try {
      return await call()
    } catch (error) {
      if ((error as { status?: number }).status !== 503 || tries === 10) throw error
      await sleep(300)
    }
}

/** Opens the city of `home`, says what it finds, takes up what was interrupted, and loads one upload after the other until it is killed. */
async function main(home: string, minutesAhead: number, times: number): Promise<void> {
  const { DATABASE_URL, CLICKHOUSE_URL } = process.env
  const app = await openApp(readConfig({ DATABASE_URL, CLICKHOUSE_URL, DATONG_HOME: home, LOG_LEVEL: 'silent' }), {
    // The sweep gives up a silent worker after a minute, and a job that was lost before its load began after half an hour.
    now: () => new Date(Date.now() + minutesAhead * 60_000),
    strictAudit: true,
    portalDir: new URL('../blank-portal/', import.meta.url).pathname,
    ...(!DATABASE_URL && { template: await pgTemplate() }),
  })
  const { db } = app.plane
  if (!(await db.selectFrom('ingestion.plan').select('id').executeTakeFirst())) await prepare(app)
  const plan = await db.selectFrom('ingestion.plan').selectAll().executeTakeFirstOrThrow()
  const org = await db.selectFrom('security.org').select(['id', 'name', 'kind']).where('id', '=', plan.org_id).executeTakeFirstOrThrow()
  const steward = await clientOf(app, org, ['steward'])
  say({ fact: 'state', ...(await findState(app)) })
  say({ fact: 'ready' })
  // Faults begin here: by the process itself, since whoever watches it may be slower than its first upload.
  const { FAULT_ARMED: armed } = process.env
  if (armed) writeFileSync(armed, '')
  await sweepLoads(app.system('sweep'))
  const open = await db.selectFrom('ingestion.load').select('id').where('finished_at', 'is', null).orderBy('id').execute()
  for (const { id } of open) await awaitEnd(steward, id)
  for (let time = 0; time < times; time++) {
    const loads = await db.selectFrom('ingestion.load').select('id').execute()
    const version = loads.length + 1
    const [query, body] = [{ fileName: 'firm.csv', sourceId: plan.source_id }, csvOf(version)]
    await insist(() => steward.call('upload_file', { query, body }))
    say({ fact: 'uploaded', version })
    const { id } = await insist(() => steward.call('start_load', { params: { planId: plan.id } }))
    say({ fact: 'queued', id })
    await awaitEnd(steward, id)
  }
  await sweepLoads(app.system('sweep'))
  say({ fact: 'state', ...(await findState(app)) })
  await app.close()
}

if (import.meta.main) {
  const [home, minutesAhead, times] = process.argv.slice(2)
  await main(home!, Number(minutesAhead), times ? Number(times) : Number.POSITIVE_INFINITY)
}
