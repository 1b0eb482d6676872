import { setTimeout as sleep } from 'node:timers/promises'
import { toLocalDate } from '../server/kernel/working-days.ts'
import { newId } from '../server/kernel/ids.ts'
import { applyFor, approve, createKey, shareEntry } from './build-shared-data.ts'
import type { Client, TestCity } from './city.ts'

/**
 * Objects of one organisation, for the question what another may do with them. Every id that stands in the path of a route
 * is either built here or belongs to the platform: the authorisation test fails where a new one is in neither list.
 */
export interface ForeignObject {
  id: string
  /** `hidden`: others must not learn that it exists. `visible`: others may read it, and change nothing. */
  to: 'hidden' | 'visible'
}

/** Ids that belong to no organisation: whoever has the route's scope works on all of them. */
export const platformIds: readonly string[] = ['orgId', 'personId', 'year']
/** Ids inside another object of the same path, whose rights they share. */
export const innerIds: readonly string[] = ['rowId']
/** Not an id of a session's caller: the signature decides. */
export const signedIds: readonly string[] = ['grantNumber', 'connection', 'deliveryId', 'number', 'upgradeId']

const owner = '厦门市民政局'
const items = [
  { code: 'id_no', name: '编号', dataType: 'C' as const, length: 18, isKey: true },
  { code: 'name', name: '名称', dataType: 'C' as const, length: 50 },
]

const published = (city: TestCity) => shareEntry(city, owner, { name: `婚姻登记${Math.random()}`, items }, [['1', '甲']])
const hidden = (id: string): ForeignObject[] => [{ id, to: 'hidden' }]
const draft = async (steward: Client) => steward.call('create_entry', { body: { content: { name: `草稿${Math.random()}` } } })

async function application(city: TestCity) {
  const provider = await published(city)
  const consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  return { provider, requestId: await applyFor(consumer, provider.entryId, { items: ['id_no'] }) }
}

export const objectBuilders: Record<string, (city: TestCity) => Promise<ForeignObject[]>> = {
  async systemId(city) {
    const system = await (await city.as(owner, 'steward')).call('create_system', { body: { name: '婚姻登记系统' } })
    return [{ id: system.id, to: 'visible' }]
  },
  async entryId(city) {
    const { entryId, steward } = await published(city)
    return [{ id: entryId, to: 'visible' }, ...hidden((await draft(steward)).entryId)]
  },
  async revisionId(city) {
    const { revisionId, steward } = await published(city)
    return [{ id: revisionId, to: 'visible' }, ...hidden((await draft(steward)).id)]
  },
  requestId: async (city) => hidden((await application(city)).requestId),
  async grantId(city) {
    const { provider, requestId } = await application(city)
    return hidden((await approve(provider.officer, requestId, {})).id)
  },
  keyId: async (city) => hidden((await createKey(await city.as(owner, 'steward'))).id),
  async agentId(city) {
    const { agent } = await (await city.as(owner, 'steward')).call('create_agent', { body: { name: `前置机${Math.random()}` } })
    return hidden(agent.id)
  },
  sourceId: async (city) => hidden((await upload(await city.as(owner, 'steward'))).id),
  async planId(city) {
    const { steward, entryId } = await published(city)
    const source = await upload(steward)
    const mapping = [{ item: 'id_no', column: 'id_no' }]
    return hidden((await steward.call('create_plan', { body: { entryId, sourceId: source.id, object: 'a.csv', mapping } })).id)
  },
  async destructionId(city) {
    const dated = [...items, { code: 'born', name: '出生日期', dataType: 'D' as const }]
    const { steward, entryId } = await shareEntry(city, owner, { name: `出生登记${Math.random()}`, items: dated }, [
      ['1', '甲', '2000-01-01'],
    ])
    await steward.call('set_retention', { params: { entryId }, body: { dateItem: 'born', months: 12, basis: '保管期限一年', version: 0 } })
    const body = { entryId, kind: 'rows', reason: '保存期满', citation: '保管期限规定' } as const
    return hidden((await steward.call('propose_destruction', { body })).id)
  },
  turnId: async (city) => hidden(await turn(city)),
  async surveyId(city) {
    const steward = await city.as(owner, 'steward')
    const { id: sourceId } = await upload(steward)
    const { id } = await steward.call('start_survey', { params: { sourceId } })
    for (let isOver = false; !isOver; await sleep(50))
      isOver = (await steward.call('get_survey', { params: { surveyId: id } })).finishedAt !== null
    return hidden(id)
  },
  async driftId(city) {
    const [plan] = await objectBuilders.planId!(city)
    const { db } = city.app.plane
    const { id, entry_id, org_id } = await db
      .selectFrom('ingestion.plan')
      .select(['id', 'entry_id', 'org_id'])
      .where('id', '=', plan!.id)
      .executeTakeFirstOrThrow()
    const structure = JSON.stringify({ kind: 'file', columns: [], stamp: null }) as never
    const row = { id: newId(), plan_id: id, entry_id, org_id, entry_version: 1, load_id: newId(), policy: 'freeze', state: 'open' }
    const found = { found_at: new Date(), before: structure, after: structure, changes: '[]' as never }
    await db
      .insertInto('ingestion.drift')
      .values({ ...row, ...found })
      .execute()
    return hidden(row.id)
  },
  async streamId(city) {
    const [plan] = await objectBuilders.planId!(city)
    const { db } = city.app.plane
    const { id, entry_id, org_id } = await db
      .selectFrom('ingestion.plan')
      .select(['id', 'entry_id', 'org_id'])
      .where('id', '=', plan!.id)
      .executeTakeFirstOrThrow()
    const now = new Date()
    // Nobody takes a paused one up.
    const row = {
      id: newId(),
      plan_id: id,
      entry_id,
      org_id,
      state: 'paused',
      touched_at: now,
      started_by: '测试',
      started_at: now,
      changed_at: now,
    }
    await db.insertInto('ingestion.stream').values(row).execute()
    return hidden(row.id)
  },
  async loadId(city) {
    const [plan] = await objectBuilders.planId!(city)
    const steward = await city.as(owner, 'steward')
    const { id } = await steward.call('start_load', { params: { planId: plan!.id } })
    // It runs in the background and would change under the test's eyes.
    for (let state = 'queued'; !['succeeded', 'failed'].includes(state); await sleep(50))
      state = (await steward.call('get_load', { params: { loadId: id } })).state
    return hidden(id)
  },
}

async function turn(city: TestCity) {
  const [plan] = await objectBuilders.planId!(city)
  const steward = await city.as(owner, 'steward')
  await steward.call('set_schedule', { params: { planId: plan!.id }, body: { version: 0, cycle: 'daily' } })
  const yesterday = toLocalDate(new Date(city.app.system('build').now().getTime() - 86_400_000))
  await steward.call('backfill_turns', { params: { planId: plan!.id }, body: { from: yesterday, to: yesterday } })
  // It must not begin under the test's eyes.
  await steward.call('pause_schedule', { params: { planId: plan!.id } })
  return (await steward.call('list_turns', { query: { planId: plan!.id, night: yesterday } })).items[0]!.id
}

const upload = (steward: Client) =>
  steward.call('create_source', { body: { name: `文件${Math.random()}`, settings: { kind: 'upload' }, systemId: null } })
