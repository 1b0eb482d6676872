import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { publishEntry } from '../../testing/build-entry.ts'
import type { Client } from '../../testing/city.ts'
import { postgresBin, startPostgres, type TestServer } from '../../testing/postgres.ts'

const isMissing = !postgresBin() && process.env.CI !== 'true'
const skip = whyNoBrowser() || (isMissing && "Debian's package postgresql is not installed")
const entryName = '不动产登记状态'

let browser: BrowserCity
let server: TestServer
let steward: Client
let entryId: string
before(async () => {
  if (skip) return
  server = await startPostgres()
  const client = new pg.Client(server.url)
  await client.connect()
  await client.query('create table estate (no varchar(30) primary key, registered_on date, pages int)')
  await client.query("comment on column estate.no is '不动产单元号'; comment on column estate.registered_on is '登记日期'")
  await client.query("insert into estate values ('350203001', '2024-05-06', 3)")
  await client.end()
  browser = await openBrowserCity()
  ;({ entryId, steward } = await publishEntry(browser.city, '厦门市自然资源和规划局', {
    name: entryName,
    items: [
      { code: 'no', name: '不动产单元号', dataType: 'C', length: 30, isKey: true, isRequired: true },
      { code: 'registered_on', name: '登记日期', dataType: 'D' },
      { code: 'pages', name: '登记簿页数', dataType: 'C', length: 10 },
    ],
  }))
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  await steward.call('create_source', { body: { name: '登记簿库', settings } })
  await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('a steward binds an entry to a table that stays at its source, sees it listed, and unbinds it', { skip }, async () => {
  const page = await browser.open(steward, `/catalog/entries/${entryId}`)
  await page.getByRole('tab', { name: /数据资源/ }).click()
  await page.getByRole('link', { name: '登记逻辑接入' }).click()
  await page.getByText('请先选择目录、数据源和数据表').waitFor()
  await page.getByRole('combobox', { name: '数据源', exact: true }).click()
  assert.equal(await page.getByTitle('上传', { exact: true }).count(), 0, 'files are not read in place')
  await page.getByTitle('登记簿库', { exact: true }).last().click()
  await page.getByRole('combobox', { name: '表或文件', exact: true }).click()
  await page.getByTitle('estate').last().click()
  await page.getByText('已对应 3 / 3 项').waitFor()
  await page.getByLabel('不动产单元号：来源字段').selectOption('registered_on')
  await page.getByLabel('登记日期：来源字段').selectOption('no')
  await page.getByLabel('缓存秒数').fill('600')
  await page.getByRole('checkbox', { name: '源端不通时给出最近一次的答案并注明时间' }).check()
  await page.getByRole('button', { name: '登记', exact: true }).click()
  // A text in a day's place is refused where it stands.
  await page.getByText('字段“no”的类型与信息项“登记日期”不符').waitFor()
  await browser.inspect(page, 'bind-logical')
  await page.getByLabel('不动产单元号：来源字段').selectOption('no')
  await page.getByLabel('登记日期：来源字段').selectOption('registered_on')
  await page.getByRole('button', { name: '登记', exact: true }).click()

  await page.getByRole('heading', { name: '逻辑接入', level: 1 }).waitFor()
  const row = page.getByRole('row').filter({ hasText: entryName })
  await row.getByText('600 秒内的相同查询不再打扰源端').waitFor()
  await browser.inspect(page, 'logical-list')
  const { resources } = await steward.call('get_entry', { params: { entryId } })
  assert.deepEqual(
    resources.map(({ kind }) => kind),
    ['logical'],
  )

  const narrow = await browser.open(steward, '/ingestion/logical', 'narrow')
  await narrow.getByRole('row').filter({ hasText: entryName }).waitFor()
  await browser.inspect(narrow, 'logical-list-narrow')
  await narrow.getByRole('button', { name: '解除' }).click()
  await narrow.getByRole('dialog').getByText('已获授权的单位立即无法调用').waitFor()
  await narrow.getByRole('dialog').getByRole('button', { name: '解除', exact: true }).click()
  await narrow.getByText('还没有逻辑接入的目录').waitFor()
  assert.deepEqual((await steward.call('get_entry', { params: { entryId } })).resources, [])
})
