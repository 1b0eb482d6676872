import { createReadStream, existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import type { App } from '../server/app.ts'
import type { InProcessClient } from '../server/http/index.ts'
import { type DemoDataset, demoDatasets } from './datasets.ts'
import { generateEnterprises } from './enterprises.ts'
import { demoPeople } from './organisations.ts'
import { generatePeople } from './people.ts'
import { actAs, type SettledPerson, settlePeople } from './settle-people.ts'
import { townDivisions } from './town-divisions.ts'

export interface BuiltCity {
  people: SettledPerson[]
}

export interface CityOptions {
  /** Folder of the real public datasets; those that are missing are left without data, which the ledger then shows. */
  dataDir: string
  /** Rows of each invented table. */
  inventedRows: number
  log(line: string): void
}

type Clients = Map<string, InProcessClient & { done(): Promise<void> }>

/**
 * Prepares the demo city as its people would: systems registered, entries compiled, reviewed and published, sources
 * connected, loads started (they finish in the background), a few requests on their way. Every step leaves its audit entry.
 */
export async function buildCity(app: App, options: CityOptions): Promise<BuiltCity> {
  options.log('正在准备演示城市 / preparing the demo city …')
  const people = await settlePeople(app, demoPeople)
  const clients: Clients = new Map()
  for (const person of people) {
    if (person.roles.some((role) => role === 'steward' || role === 'data_officer' || role === 'bureau_officer'))
      clients.set(`${person.org} ${person.roles[0]}`, await actAs(app, person))
  }
  const published = new Map<string, string>()
  const systems = new Map<string, string>()
  for (const dataset of demoDatasets) {
    published.set(dataset.key, await publishDataset(dataset, clients, systems))
    await loadDataset(dataset, published.get(dataset.key)!, clients, options)
  }
  await raiseRequests(published, clients)
  for (const client of clients.values()) await client.done()
  return { people }
}

const steward = (clients: Clients, org: string) => clients.get(`${org} steward`)!
const officer = (clients: Clients, org: string) => clients.get(`${org} data_officer`)!
const bureau = (clients: Clients) => clients.get('厦门市数据管理局 bureau_officer')!

/** Registers the system, compiles the entry and takes it through both gates. Returns the entry's id. */
async function publishDataset(dataset: DemoDataset, clients: Clients, systems: Map<string, string>): Promise<string> {
  const author = steward(clients, dataset.org)
  if (!systems.has(dataset.system))
    systems.set(
      dataset.system,
      (await author.call('create_system', { body: { name: dataset.system, goLiveOn: '2021-06-01', protectionLevel: 3 } })).id,
    )
  const draft = await author.call('create_entry', { body: { content: { ...dataset.content, systemId: systems.get(dataset.system)! } } })
  const params = { revisionId: draft.id }
  await author.call('submit_revision', { params })
  await officer(clients, dataset.org).call('pass_department_review', { params, body: { opinion: '内容完整，同意报送。' } })
  await bureau(clients).call('publish_revision', { params, body: { opinion: '符合编制规范，准予发布。' } })
  return draft.entryId
}

/** The bytes of a dataset with its file name, or nothing where the real file is not there. */
function openDataset({ file }: DemoDataset, { dataDir, inventedRows }: CityOptions): { name: string; body: Readable } | undefined {
  if (file === 'persons')
    return {
      name: 'persons.csv',
      body: Readable.from(generatePeople({ seed: 1, rows: inventedRows, dirtRate: 0.002, header: 'code' }).chunks()),
    }
  if (file === 'enterprises')
    return {
      name: 'enterprises.csv',
      body: Readable.from(generateEnterprises({ seed: 2, rows: inventedRows, dirtRate: 0.002, header: 'code' }).chunks()),
    }
  const path = join(dataDir, file)
  if (existsSync(path)) return { name: basename(path), body: createReadStream(path) }
  return file === 'civil-affairs/streets.csv' ? { name: 'streets.csv', body: Readable.from(townDivisions()) } : undefined
}

async function loadDataset(dataset: DemoDataset, entryId: string, clients: Clients, options: CityOptions): Promise<void> {
  const opened = openDataset(dataset, options)
  if (!opened) return
  const author = steward(clients, dataset.org)
  const source = await author.call('create_source', { body: { name: `${dataset.content.name}（文件报送）`, settings: { kind: 'upload' } } })
  const { object } = await author.call('upload_file', { query: { fileName: opened.name, sourceId: source.id }, body: opened.body })
  const mapping = dataset.columns.map(({ item, column, missing }) => ({ item, column, missing }))
  const plan = await author.call('create_plan', {
    body: { entryId, sourceId: source.id, object, dialect: dataset.dialect, mapping, verify: 'content' },
  })
  await author.call('start_load', { params: { planId: plan.id } })
}

/** One request in effect, one waiting for the provider, one draft. */
async function raiseRequests(published: Map<string, string>, clients: Clients): Promise<void> {
  const civil = '厦门市民政局'
  const content = {
    basis: '《社会救助暂行办法》第五十八条',
    scenario: '低保对象资格核对',
    purpose: '核对申请人户籍信息，防止错保漏保',
    mode: 'api' as const,
    from: '2026-11-01',
    to: '2027-10-31',
    callsPerDay: 5000,
  }
  const consumer = steward(clients, civil)
  const ask = (key: string, items: string[]) =>
    consumer.call('create_request', { body: { entryId: published.get(key)!, content: { ...content, items } } })
  const enterprise = await ask('enterprises', ['uscc', 'name', 'status', 'founded_on'])
  const person = await ask('persons', ['citizen_id', 'name', 'region_code', 'address'])
  await ask('scenic', ['poi_id', 'name', 'city'])
  for (const { id } of [enterprise, person]) {
    await consumer.call('submit_request', { params: { requestId: id } })
    await officer(clients, civil).call('pass_request', { params: { requestId: id }, body: { opinion: '确因工作需要，同意提出。' } })
  }
  await officer(clients, '厦门市市场监督管理局').call('approve_request', {
    params: { requestId: enterprise.id },
    body: {
      opinion: '同意按需共享。',
      items: ['uscc', 'name', 'status', 'founded_on'].map((item) => ({ item, mask: 'none' as const })),
      from: content.from,
      to: content.to,
      callsPerDay: content.callsPerDay,
    },
  })
}
