import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { uploadKey } from '../connectors/upload.ts'
import { coolTables } from './cool-tables.ts'
import { evidenceHash } from './destroy-data.ts'
import { addMonths } from './retention-of.ts'

const orgName = '厦门市公安局'
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'happened_on', name: '发生日期', dataType: 'D' },
] as const
/** 100 days from 2015-01-01 and 100 from 2026-01-01, two records without a date, and one that is no record. */
const csv = Buffer.from(
  [
    'id,happened_on',
    ...Array.from({ length: 200 }, (_, i) => {
      const day = new Date(Date.UTC(i < 100 ? 2015 : 2026, 0, 1 + (i % 100))).toISOString().slice(0, 10)
      return `${i + 1},${day}`
    }),
    '201,',
    '202,',
    '坏,2020-01-01',
    '',
  ].join('\n'),
)

let city: TestCity
let officer: Client
before(async () => {
  city = await openTestCity({ now: '2026-11-22T02:00:00Z' })
  officer = await city.as(orgName, 'data_officer')
})
after(() => city.close())

async function loadedEntry(name: string) {
  const built = await publishEntry(city, orgName, { name, items: [...items] })
  const { steward, entryId } = built
  const { id: sourceId } = await steward.call('create_source', { body: { name: `上传${name}`, settings: { kind: 'upload' } } })
  await steward.call('upload_file', { query: { fileName: 'a.csv', sourceId }, body: csv })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: 'a.csv', mapping, verify: 'content', quarantineLimit: 0.5 } as const
  const { id: planId } = await steward.call('create_plan', { body })
  const load = await runPlan(steward, planId)
  assert.deepEqual([load.state, load.written, load.quarantined], ['succeeded', 202, 1])
  return { ...built, planId }
}

const liveTable = async (entryId: string) =>
  (await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').where('entry_id', '=', entryId).executeTakeFirst())
    ?.lake_table
const count = async (table: string, where = 'true') =>
  Number((await city.app.lake.measure<{ n: string }>(`SELECT count() AS n FROM lake.${table} WHERE ${where}`))[0]!.n)

async function destroyed(client: Client, id: string) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const found = await client.call('get_destruction', { params: { destructionId: id } })
    if (found.state === 'destroyed') return found
    await sleep(100)
  }
  throw new Error('nothing was destroyed')
}
const code = (answer: { json(): { code: string } }) => answer.json().code

test('records past their retention are destroyed after somebody else agreed, with evidence that the audit log holds too', async () => {
  const { entryId, steward } = await loadedEntry('警情登记')
  const old = (await liveTable(entryId))!
  const proposal = { entryId, kind: 'rows', reason: '保存期满', citation: '机关文件材料归档范围和文书档案保管期限规定第九条' } as const
  assert.equal(code(await steward.attempt('propose_destruction', { body: proposal })), 'ingestion.destruction_no_limit')
  const params = { entryId }
  const rule = { dateItem: 'happened_on', months: 120, basis: '保管期限10年', version: 0 }
  assert.equal(code(await steward.attempt('set_retention', { params, body: { ...rule, dateItem: 'id' } })), 'ingestion.retention_item')
  const storage = await steward.call('set_retention', { params, body: rule })
  assert.deepEqual(
    [storage.keptUntil, storage.isPast, storage.can],
    ['2016-11-22', true, { setRetention: true, destroyRows: true, destroyEntry: false }],
  )
  assert.equal(code(await steward.attempt('set_retention', { params, body: rule })), 'value.stale')

  const { id } = await steward.call('propose_destruction', { body: proposal })
  assert.equal(code(await steward.attempt('propose_destruction', { body: proposal })), 'ingestion.destruction_open')
  assert.equal(code(await steward.attempt('print_destruction', { params: { destructionId: id } })), 'state.refused')
  await officer.call('approve_destruction', { params: { destructionId: id }, body: { opinion: '同意' } })
  const done = await destroyed(steward, id)
  const [table] = done.evidence!.tables
  assert.deepEqual([done.cutoff, table!.name, table!.rows], ['2016-11-22', old, 100])

  const live = (await liveTable(entryId))!
  assert.deepEqual([await count(live), await count(live, "happened_on < '2016-11-22'")], [102, 0])
  assert.deepEqual(
    (await city.app.lake.tables([old])).map(({ name }) => name),
    [],
  )
  const [event] = await city.app.plane.db
    .selectFrom('platform.event')
    .selectAll()
    .where('action', '=', 'ingestion.data_destroyed')
    .execute()
  const detail = JSON.parse(event!.detail as string) as Record<string, unknown>
  assert.deepEqual([detail.rows, detail.evidenceSha256], [100, evidenceHash(done.evidence!)])
  const printed = (await steward.call('print_destruction', { params: { destructionId: id } })).bytes.toString()
  assert.match(printed, /公共数据销毁证明/)
  assert.ok(printed.includes(evidenceHash(done.evidence!)) && printed.includes(proposal.citation))
})

test('who proposes cannot approve, a stranger sees nothing, and a refused proposal destroys nothing', async () => {
  const { entryId } = await loadedEntry('户籍登记')
  const both = await city.as(orgName, 'steward', 'data_officer')
  const body = { entryId, kind: 'quarantine', reason: '超期未更正', citation: '数据质量管理办法第三条' } as const
  const { id, can } = await both.call('propose_destruction', { body })
  assert.deepEqual(can, { approve: false, refuse: false, withdraw: true })
  const params = { destructionId: id }
  assert.equal(code(await both.attempt('approve_destruction', { params, body: {} })), 'ingestion.destruction_self')
  const stranger = await city.as('厦门市民政局', 'data_officer')
  assert.equal(code(await stranger.attempt('approve_destruction', { params, body: {} })), 'value.not_found')
  await officer.call('refuse_destruction', { params, body: { opinion: '请先通知原单位更正' } })
  assert.equal(code(await officer.attempt('approve_destruction', { params, body: {} })), 'state.refused')
})

test('quarantined rows go with the corrections that people wrote', async () => {
  const { entryId, steward, planId } = await loadedEntry('车辆登记')
  const [row] = (await steward.call('list_quarantine', { params: { planId } })).items
  await steward.call('correct_quarantined_row', { params: { planId, rowId: row!.id }, body: { values: { id: '999' } } })
  const body = { entryId, kind: 'quarantine', reason: '超期未更正', citation: '数据质量管理办法第三条' } as const
  const { id } = await steward.call('propose_destruction', { body })
  await officer.call('approve_destruction', { params: { destructionId: id }, body: {} })
  const done = await destroyed(steward, id)
  assert.deepEqual(
    done.evidence!.tables.map(({ rows }) => rows),
    [1],
  )
  assert.deepEqual((await steward.call('list_quarantine', { params: { planId } })).items, [])
  const acts = await city.app.plane.db
    .selectFrom('ingestion.quarantine_act')
    .select('corrected')
    .where('corrected', 'is not', null)
    .execute()
  assert.deepEqual(acts, [])
  assert.equal(await count((await liveTable(entryId))!), 202)
})

test('after its withdrawal an entry is destroyed with every table and the files that it came from', async () => {
  const { entryId, steward, planId } = await loadedEntry('走失人员')
  await runPlan(steward, planId)
  const body = { entryId, kind: 'entry', reason: '业务终止', citation: '数据安全法第三十八条' } as const
  assert.equal(code(await steward.attempt('propose_destruction', { body })), 'ingestion.destruction_not_withdrawn')
  await city.app.plane.db.updateTable('catalog.entry').set({ state: 'withdrawn' }).where('id', '=', entryId).execute()
  const uploads = await city.app.plane.db
    .selectFrom('ingestion.upload as u')
    .innerJoin('ingestion.plan as p', 'p.source_id', 'u.source_id')
    .select('u.id')
    .where('p.entry_id', '=', entryId)
    .execute()
  const path = city.app.system('test').files.pathOf(uploadKey(uploads[0]!.id))
  assert.ok(existsSync(path))
  const { id } = await steward.call('propose_destruction', { body })
  await officer.call('approve_destruction', { params: { destructionId: id }, body: {} })
  const done = await destroyed(steward, id)
  // Live and superseded, each with its quarantine.
  assert.deepEqual(done.evidence!.tables.map(({ rows }) => rows).sort(), [1, 1, 202, 202])
  assert.equal(done.evidence!.files.length, 1)
  assert.equal(await liveTable(entryId), undefined)
  assert.deepEqual(await city.app.lake.tables(done.evidence!.tables.map(({ name }) => name)), [])
  assert.ok(!existsSync(path))
})

test('data that nobody has loaded for long are written anew with the codec of cold data, and stay the same', async () => {
  const { entryId } = await loadedEntry('出入境登记')
  const table = (await liveTable(entryId))!
  const digest = () => city.app.lake.measure(`SELECT count() AS n, sum(cityHash64(tuple(*))) AS x FROM lake.${table}`)
  const before = await digest()
  await coolTables(city.app.system('cool'))
  assert.equal((await officer.call('list_entry_storage', {})).items.find((line) => line.entryId === entryId)!.isCold, false)
  city.setNow('2027-11-22T02:00:00Z')
  officer = await city.as(orgName, 'data_officer')
  await coolTables(city.app.system('cool'))
  assert.equal((await officer.call('list_entry_storage', {})).items.find((line) => line.entryId === entryId)!.isCold, true)
  assert.deepEqual(await digest(), before)
  const cooled = await city.app.plane.db.selectFrom('ingestion.cold_table').selectAll().where('lake_table', '=', table).executeTakeFirst()
  assert.equal(cooled!.codec, 'ZSTD(3)')
})

test('quarantined rows that wait for longer than the profile says are somebody’s work, however often they were loaded again', async () => {
  city.setNow('2027-12-01T02:00:00Z')
  const { entryId, planId } = await loadedEntry('驾驶证登记')
  const at = async (now: string) => {
    city.setNow(now)
    return city.as(orgName, 'steward')
  }
  const seen = async (client: Client) => {
    const lines = (await client.call('list_entry_storage', {})).items
    const late = (await client.call('list_entry_storage', { query: { quarantinePast: 'true' } })).items
    const { counts } = await client.call('get_my_work')
    const work = counts.find(({ key }) => key === 'quarantines_past')!
    assert.deepEqual([work.count, late.every(({ quarantine }) => quarantine!.isPast)], [late.length, true])
    return { ...lines.find((line) => line.entryId === entryId)!.quarantine!, isListed: late.some((line) => line.entryId === entryId) }
  }
  await runPlan(await at('2028-01-15T02:00:00Z'), planId)
  const waiting = { rows: 1, since: '2027-12-01T02:00:00.000Z', keptUntil: '2028-02-29' }
  assert.deepEqual(await seen(await at('2028-02-29T15:59:00Z')), { ...waiting, isPast: false, isListed: false })
  assert.deepEqual(await seen(await at('2028-02-29T16:01:00Z')), { ...waiting, isPast: true, isListed: true })

  const steward = await city.as(orgName, 'steward')
  const body = { entryId, kind: 'quarantine', reason: '超期未更正', citation: '个人信息保护法第十九条' } as const
  const toDecide = async (client: Client) =>
    (await client.call('get_my_work')).counts.find(({ key }) => key === 'destructions_to_decide')?.count
  officer = await city.as(orgName, 'data_officer')
  const before = (await toDecide(officer))!
  const { id } = await steward.call('propose_destruction', { body })
  assert.deepEqual([await toDecide(officer), await toDecide(steward)], [before + 1, undefined])
  await officer.call('approve_destruction', { params: { destructionId: id }, body: {} })
  await destroyed(steward, id)
  assert.equal(await toDecide(officer), before)
  const [line] = (await steward.call('list_entry_storage', {})).items.filter((line) => line.entryId === entryId)
  assert.equal(line!.quarantine, null)
})

test('a row that is given up does not wait, and the next wrong one waits from its own day on', async () => {
  const { entryId, steward, planId } = await loadedEntry('居住登记')
  const { items: rows } = await steward.call('list_quarantine', { params: { planId } })
  await steward.call('discard_quarantined_rows', { params: { planId }, body: { rowIds: rows.map(({ id }) => id), reason: '来源无此人' } })
  const quarantine = async () => (await steward.call('list_entry_storage', {})).items.find((line) => line.entryId === entryId)!.quarantine
  assert.equal(await quarantine(), null)
  city.setNow('2028-03-01T03:00:00Z')
  await runPlan(steward, planId)
  assert.deepEqual((await quarantine())!.since, '2028-03-01T03:00:00.000Z')
})

test('months are counted to the end of a shorter month', () => {
  assert.equal(addMonths('2026-08-31', -6), '2026-02-28')
  assert.equal(addMonths('2026-11-22', -120), '2016-11-22')
  assert.equal(addMonths('2024-02-29', 12), '2025-02-28')
})
