import { after, before, test } from 'node:test'
import pg from 'pg'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { publishEntry } from '../../testing/build-entry.ts'
import type { Client } from '../../testing/city.ts'
import { postgresBin, startPostgres, type TestServer } from '../../testing/postgres.ts'

const isMissing = !postgresBin() && process.env.CI !== 'true'
const skip = whyNoBrowser() || (isMissing && "Debian's package postgresql is not installed")
const entryName = '婚姻登记信息'

let browser: BrowserCity
let server: TestServer
let client: pg.Client
let steward: Client
let planId: string
before(async () => {
  if (skip) return
  server = await startPostgres({ wal_level: 'logical' })
  client = new pg.Client(server.url)
  await client.connect()
  await client.query(`create table marriage (no varchar(30) primary key, registered_on date);
    alter table marriage replica identity full; create publication datong_marriage for table marriage;
    insert into marriage select 'J-' || i, date '2024-01-01' + i from generate_series(1, 12) i`)
  browser = await openBrowserCity()
  const { entryId, ...built } = await publishEntry(browser.city, '厦门市民政局', {
    name: entryName,
    items: [
      { code: 'no', name: '登记字号', dataType: 'C', length: 30, isKey: true, isRequired: true },
      { code: 'registered_on', name: '登记日期', dataType: 'D' },
    ],
  })
  steward = built.steward
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: '登记库', settings } })
  const mapping = ['no', 'registered_on'].map((item) => ({ item, column: item }))
  const body = { entryId, sourceId, object: 'marriage', mapping, verify: 'content', mode: { kind: 'stream' } } as const
  planId = (await steward.call('create_plan', { body })).id
})
after(async () => {
  await browser?.close()
  await client?.end()
  await server?.stop()
})

test('a steward starts a stream, sees a change arrive, has its contents proved, pauses it, goes on, and stops it', { skip }, async () => {
  const page = await browser.open(steward, `/ingestion/plans/${planId}`)
  const dialog = page.getByRole('dialog')
  const act = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    await dialog.getByRole('button', { name, exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await act('启动变更流')
  await page.getByRole('link', { name: '变更流' }).last().click()
  const row = page.getByRole('row', { name: entryName })
  await row.getByText('同步中').waitFor()
  await row.getByRole('cell', { name: '12 / 0' }).waitFor()

  await client.query("insert into marriage values ('J-13', '2024-03-01')")
  await row.getByRole('cell', { name: '13 / 0' }).waitFor()
  await act('核对内容')
  await row.getByText('正在核对').waitFor({ state: 'detached' })
  await row.getByText('13 行，与数据源一致').waitFor()
  await browser.inspect(page, 'stream')
  await page.getByRole('checkbox', { name: '只看异常的' }).click()
  await page.getByText('没有异常的变更流').waitFor()
  await browser.inspect(page, 'streams-untroubled')
  await page.getByRole('checkbox', { name: '只看异常的' }).click()

  await act('暂停')
  await row.getByText('已暂停，数据源仍在保留日志').waitFor()
  await browser.inspect(page, 'stream-paused')
  await client.query("delete from marriage where no = 'J-1'")
  await act('继续')
  await row.getByRole('cell', { name: '12 / 0' }).waitFor()
  await act('停止')
  await row.getByText('已停止，数据保持停止时的样子').waitFor()
  await page.setViewportSize({ width: 1024, height: 768 })
  await browser.inspect(page, 'stream-stopped-narrow')
  await page.context().close()
})
