import { openApp, type App } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { inProcessClient } from '../../server/http/index.ts'
import { sweepLoads } from '../../server/ingestion/load/sweep-loads.ts'
import { awaitLoad } from '../await-load.ts'
import { publishEntry } from '../build-entry.ts'
import { buildOrg, buildPerson } from '../build-people.ts'
import type { Client } from '../city.ts'
import { pgTemplate } from '../pg-template.ts'

/** What the process says. `state`: what the live table holds, and what the pieces that were kept say of it. */
export type CollectingFact =
  | { fact: 'state'; rows: number; ids: number; written: number; files: number }
  | { fact: 'queued'; id: string }
  | { fact: 'ended'; id: string; state: string; error: string | null }

export const collectedTopic = 'pulse'
const orgName = '厦门市市场监督管理局'
const items = [{ code: 'id', name: '编号', dataType: 'I', isRequired: true }] as const

const say = (fact: CollectingFact) => process.stdout.write(`${JSON.stringify(fact)}\n`)

async function clientOf(app: App, org: Client['org'], roles: Parameters<typeof buildPerson>[2]): Promise<Client> {
  const person = await buildPerson(app, org, roles)
  return { org, ...person, ...inProcessClient(() => app.http, person) }
}

/** An entry that is published, and a plan that appends what a topic holds. */
async function prepare(app: App, brokers: string): Promise<void> {
  const [org, bureau] = [await buildOrg(app, orgName), await buildOrg(app, '厦门市数据管理局')]
  const as = async (name: string, ...roles: Parameters<typeof buildPerson>[2]) => clientOf(app, name === orgName ? org : bureau, roles)
  const { entryId, steward } = await publishEntry({ as }, orgName, { name: '流水', items: [...items] })
  const settings = { kind: 'kafka', brokers } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: '流水', settings } })
  const mapping = [{ item: 'id', column: 'id' }]
  await steward.call('create_plan', { body: { entryId, sourceId, object: collectedTopic, mapping, mode: { kind: 'append' } } })
}

async function findState({ plane, lake }: App): Promise<CollectingFact> {
  const files = await plane.db.selectFrom('ingestion.loaded_file').select('written_rows').execute()
  const { lake_table } = (await plane.db.selectFrom('catalog.resource').select('lake_table').executeTakeFirst()) ?? {}
  const [live] = lake_table
    ? await lake.measure<Record<string, string>>(`SELECT count() AS rows, uniqExact(id) AS ids FROM lake.${lake_table}`)
    : []
  const written = files.reduce((sum, { written_rows }) => sum + Number(written_rows), 0)
  return { fact: 'state', rows: Number(live?.rows ?? 0), ids: Number(live?.ids ?? 0), written, files: files.length }
}

/** Opens the city of `home`, says what it finds, and collects again and again until it is killed. */
async function main(home: string, brokers: string, minutesAhead: number, times: number): Promise<void> {
  const app = await openApp(readConfig({ DATONG_HOME: home, LOG_LEVEL: 'silent', DATONG_SOURCE_HOSTS: '127.0.0.1' }), {
    now: () => new Date(Date.now() + minutesAhead * 60_000),
    portalDir: new URL('../blank-portal/', import.meta.url).pathname,
    template: await pgTemplate(),
  })
  const { db } = app.plane
  if (!(await db.selectFrom('ingestion.plan').select('id').executeTakeFirst())) await prepare(app, brokers)
  const plan = await db.selectFrom('ingestion.plan').selectAll().executeTakeFirstOrThrow()
  const org = await db.selectFrom('security.org').select(['id', 'name', 'kind']).where('id', '=', plan.org_id).executeTakeFirstOrThrow()
  const steward = await clientOf(app, org, ['steward'])
  say(await findState(app))
  await sweepLoads(app.system('sweep'))
  const open = await db.selectFrom('ingestion.load').select('id').where('finished_at', 'is', null).execute()
  const awaitEnd = async (id: string) => {
    const { state, error } = await awaitLoad(steward, id, 120)
    say({ fact: 'ended', id, state, error: error?.code ?? null })
  }
  for (const { id } of open) await awaitEnd(id)
  for (let time = 0; time < times; time++) {
    const { id } = await steward.call('start_load', { params: { planId: plan.id } })
    say({ fact: 'queued', id })
    await awaitEnd(id)
  }
  say(await findState(app))
  await app.close()
}

if (import.meta.main) {
  const [home, brokers, minutesAhead, times] = process.argv.slice(2)
  await main(home!, brokers!, Number(minutesAhead), times ? Number(times) : Number.POSITIVE_INFINITY)
}
