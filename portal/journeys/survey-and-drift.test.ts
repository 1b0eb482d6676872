import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { runPlan } from '../../testing/await-load.ts'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { publishEntry } from '../../testing/build-entry.ts'
import type { Client } from '../../testing/city.ts'
import { startPostgres, type TestServer } from '../../testing/postgres.ts'

const skip = whyNoBrowser()
const department = '厦门市民政局'
let browser: BrowserCity
let server: TestServer
let client: pg.Client
let steward: Client
let sourceId: string
let entryId: string
let planId: string
before(async () => {
  if (skip) return
  browser = await openBrowserCity()
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
  await client.query(
    `create table office (id int primary key, title varchar(40), town varchar(40)); insert into office values (1, '窗口甲', '集美'), (2, '窗口乙', '同安');
     create table visitor (id int primary key, phone text); insert into visitor select i, '138000' || (10000 + i) from generate_series(1, 50) i;
     comment on table visitor is '来访登记'`,
  )
  const items = [
    { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
    { code: 'title', name: '窗口名称', dataType: 'C', length: 40 },
    { code: 'town', name: '所在镇街', dataType: 'C', length: 40 },
  ] as const
  ;({ steward, entryId } = await publishEntry(browser.city, department, { name: '办事窗口', items: [...items] }))
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  sourceId = (await steward.call('create_source', { body: { name: '登记库', settings } })).id
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  planId = (await steward.call('create_plan', { body: { entryId, sourceId, object: 'office', mapping } })).id
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
})
after(async () => {
  await client?.end()
  await browser?.close()
  await server?.stop()
})

test('a steward surveys a whole source, corrects a proposal and accepts it', { skip }, async () => {
  const page = await browser.open(steward, `/ingestion/sources/${sourceId}`)
  await page.getByRole('button', { name: '整库反向编目' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '整库反向编目' }).click()
  await page.waitForURL(/\/ingestion\/surveys\//)
  await page.getByText('已完成').waitFor()
  await page.getByText('来访登记').waitFor()
  await page.getByRole('checkbox', { name: 'visitor' }).check()
  await page.getByRole('textbox', { name: 'visitor：目录名称' }).fill('来访人员登记')
  await browser.inspect(page, 'survey')
  await page
    .getByRole('row', { name: /visitor/ })
    .getByRole('button', { name: '数据特征' })
    .click()
  await page.getByText('100% 的取值符合').waitFor()
  await browser.inspect(page, 'survey-profile')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: '采纳所选（1）' }).click()
  await page.getByRole('link', { name: '查看草稿' }).click()
  await page.getByText('来访人员登记').first().waitFor()
})

test('a change of structure stops the load, is shown column by column, and accepted', { skip }, async () => {
  await client.query('alter table office rename column title to full_title; alter table office add column note text')
  assert.equal((await runPlan(steward, planId)).error?.code, 'ingestion.structure_drifted')
  const page = await browser.open(steward, `/ingestion/plans/${planId}`)
  await page.getByRole('link', { name: '查看变更' }).click()
  await page.getByText('字段改名').waitFor()
  await browser.inspect(page, 'drift')
  await page.getByRole('button', { name: '接受变更' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '接受变更' }).click()
  await page.getByText('已接受').waitFor()
  assert.equal((await runPlan(steward, planId)).state, 'succeeded')
})

test('the entry shows where each item comes from', { skip }, async () => {
  const page = await browser.open(steward, `/catalog/entries/${entryId}?tab=lineage`)
  await page.getByText('office · full_title').waitFor()
  await browser.inspect(page, 'lineage')
})
