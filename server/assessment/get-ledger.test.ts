import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ledgerNumbers, ledgerProblems } from '#contract/assessment.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { applyFor, approve, callShared, createKey, shareEntry } from '#testing/build-shared-data.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { openXlsx } from '../store/index.ts'

let city: TestCity
let bureau: Client
let provider: Client
let consumer: { steward: Client; officer: Client }
const items = [
  { code: 'id', name: '编号', dataType: 'C', length: 32, isKey: true },
  { code: 'name', name: '名称', dataType: 'C', length: 200 },
] as const

before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const built = await shareEntry(city, '厦门市交通运输局', { name: '公交线路', items: [...items], updateCycle: 'daily' }, [
    ['1', '甲'],
    ['2', '乙'],
  ])
  provider = built.officer
  await publishEntry(city, '厦门市交通运输局', { name: '公交站点' })
  await publishEntry(city, '厦门市公安局', { name: '路况' })
  await built.steward.call('create_system', { body: { name: '公交系统' } })
  consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  const grant = await approve(provider, await applyFor(consumer, built.entryId, { items: ['id', 'name'] }))
  const key = await createKey(consumer.steward)
  for (let i = 0; i < 3; i++) assert.equal((await callShared(city, key, `${grant.endpoint}?id=eq.${i}`)).statusCode, 200)
  const second = await applyFor(consumer, built.entryId, { items: ['id'] })
  await provider.call('refuse_request', { params: { requestId: second }, body: { reason: '非履职所必需' } })
  await applyFor(consumer, built.entryId, { items: ['name'] })
  await consumer.steward.call('create_request', { body: { entryId: built.entryId, content: {} } })
  // The reply to the open request was due on 3 March; the data were to be loaded daily.
  city.setNow('2026-03-05T02:00:00Z')
})
after(() => city.close())

/** What the list behind a link holds, walked to its end. */
async function countBehind(caller: Client, link: string): Promise<number> {
  const { pathname, searchParams } = new URL(link, 'http://portal')
  const query = Object.fromEntries(searchParams)
  const routes = {
    '/catalog/systems': 'list_systems',
    '/catalog/entries': 'list_entries',
    '/sharing/requests': 'list_requests',
    '/ingestion/drifts': 'list_drifts',
    '/ingestion/streams': 'list_streams',
    '/ingestion/storage': 'list_entry_storage',
    '/ingestion/destructions': 'list_destructions',
    '/sharing/grants': 'list_grants',
    '/duty/clocks': 'list_clocks',
    '/catalog/revisions/mine': 'list_my_revisions',
    '/catalog/revisions/to-handle': 'list_revisions_to_handle',
    '/sharing/requests/mine': 'list_my_requests',
    '/sharing/requests/to-handle': 'list_requests_to_handle',
  } as const
  if (pathname === portalPath('morning'))
    return (await caller.call('get_morning_report', {})).problems.filter(({ isSettled }) => !isSettled).length
  if (pathname === '/catalog/search') return (await caller.call('search_entries', { query } as never)).total
  const name = routes[pathname as keyof typeof routes]
  assert.ok(name, pathname)
  let count = 0
  let cursor: string | null | undefined
  do {
    const page = (await caller.call(name, { query: { ...query, limit: 2, ...(cursor && { cursor }) } } as never)) as {
      items: unknown[]
      next: string | null
    }
    count += page.items.length
    cursor = page.next
  } while (cursor)
  return count
}

test('every number of the ledger is what the list behind it holds, for the city and for a department', async () => {
  for (const caller of [bureau, provider, consumer.steward]) {
    const ledger = await caller.call('get_ledger', {})
    assert.deepEqual(
      [...ledger.numbers.map(({ key }) => key), ...ledger.problems.map(({ key }) => key)],
      [...Object.keys(ledgerNumbers), ...Object.keys(ledgerProblems)],
    )
    for (const { key, value, link } of [...ledger.numbers, ...ledger.problems]) {
      if (key === 'records' || key === 'calls') continue
      assert.equal(value, await countBehind(caller, link), `${caller.org.name} ${key} ${link}`)
    }
  }
})

test('the city as the bureau sees it', async () => {
  const ledger = await bureau.call('get_ledger', {})
  const value = (key: string) => [...ledger.numbers, ...ledger.problems].find((number) => number.key === key)?.value
  assert.deepEqual(
    ['systems', 'entries', 'entries_with_data', 'records', 'requests', 'requests_approved', 'grants_active', 'calls'].map(value),
    [1, 3, 1, 2, 3, 1, 1, 3],
  )
  assert.deepEqual(['systems_without_entries', 'entries_without_data', 'past_cycle', 'clocks_overdue'].map(value), [1, 2, 1, 1])
  assert.deepEqual([ledger.fulfilment, ledger.onTime], [0.5, 1])
  assert.deepEqual(
    ledger.clocksThisWeek.map(({ dueOn, phase }) => `${dueOn} ${phase}`),
    ['2026-03-03 overdue'],
  )
  const transport = ledger.byProvider.find(({ org }) => org.name === '厦门市交通运输局')!
  assert.deepEqual(
    [transport.systems, transport.entries, transport.entriesWithData, transport.rows, transport.requestsReceived, transport.overdue],
    [1, 2, 1, 2, 3, 1],
  )
  assert.ok(ledger.byProvider.every((row) => row.overdue === 0 || row.org.id === transport.org.id))
})

test('a department sees its own part: nobody else’s providers, requests or clocks', async () => {
  const ledger = await consumer.steward.call('get_ledger', {})
  assert.deepEqual(ledger.byProvider, [])
  assert.equal(ledger.numbers.find(({ key }) => key === 'requests')?.value, 3)
  assert.deepEqual(ledger.clocksThisWeek, [])
  const stranger = await (await city.as('厦门市体育局', 'steward')).call('get_ledger', {})
  assert.ok(stranger.numbers.every(({ value }) => value === 0))
})

test('the counts of my work are the lengths of my lists', async () => {
  for (const caller of [consumer.steward, consumer.officer, provider, bureau]) {
    const { counts } = await caller.call('get_my_work', {})
    assert.equal(
      counts.length,
      caller === consumer.steward ? 9 : caller === bureau ? 4 : 5,
      'drafts, problems of the night and of structure are for those who write',
    )
    for (const { key, count, link } of counts) assert.equal(count, await countBehind(caller, link), `${key} ${link}`)
  }
  const { counts } = await provider.call('get_my_work', {})
  assert.equal(counts.find(({ key }) => key === 'requests_to_handle')?.count, 1)
})

test('the exported ledger is a workbook of the same numbers', async () => {
  const { fileName, bytes } = await bureau.call('export_ledger', {})
  assert.match(fileName, /^数据资源台账_2026-03-05\.xlsx$/)
  const path = join(city.home, 'ledger.xlsx')
  writeFileSync(path, bytes)
  const book = await openXlsx(path)
  const texts = new Map<string, string>()
  for await (const { cells } of book.rows('总账')) texts.set(cells[0]!.text, cells[1]!.text)
  book.close()
  const ledger = await bureau.call('get_ledger', {})
  for (const { key, value } of ledger.numbers) assert.equal(texts.get(ledgerNumbers[key as keyof typeof ledgerNumbers].zh), String(value))
  assert.equal(texts.get('申请满足率（%）'), '50')
})
