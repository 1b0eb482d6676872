import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { publishEntry } from '../../testing/build-entry.ts'
import type { Client } from '../../testing/city.ts'
import { postgresBin, startPostgres, type TestServer } from '../../testing/postgres.ts'

const skip = whyNoBrowser()
const department = '厦门市交通运输局'
const entryName = '出租汽车经营许可'
/** A banner, a mark of byte order, four ways of writing a day, a number in words, a day that is none, a missing key. */
const dirty = `\ufeff出租汽车经营许可清单
许可证号,经营者名称,许可日期,车辆数
T-0001,厦门甲出租有限公司,2024-05-06,12
T-0002,厦门乙出租有限公司,2024/5/7,8
T-0003,厦门丙出租有限公司,2024年5月8日,十
T-0004,厦门丁出租有限公司,2024-02-31,5
T-0005,厦门戊出租有限公司,-,7
,厦门己出租有限公司,20240510,3
`

let browser: BrowserCity
let steward: Client
let planUrl: string
before(async () => {
  if (skip) return
  browser = await openBrowserCity()
  const built = await publishEntry(browser.city, department, {
    name: entryName,
    items: [
      { code: 'licence_no', name: '许可证号', dataType: 'C', length: 20, isKey: true, isRequired: true },
      { code: 'operator', name: '经营者名称', dataType: 'C', length: 100 },
      { code: 'licensed_on', name: '许可日期', dataType: 'D' },
      { code: 'vehicles', name: '车辆数', dataType: 'I' },
    ],
  })
  steward = built.steward
})
after(() => browser?.close())

const dialog = (page: Page) => page.getByRole('dialog')
/** The dialog closes when the server has answered. */
async function confirm(page: Page, act: string): Promise<void> {
  await dialog(page).getByRole('button', { name: act, exact: true }).click()
  await dialog(page).waitFor({ state: 'hidden' })
}
const numbers = (page: Page) => page.locator('.dt-five-value').allInnerTexts()

async function choose(page: Page, label: string, option: string) {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByTitle(option).last().click()
}

test('a steward uploads a dirty CSV, sees its structure and first rows, and maps it', { skip }, async () => {
  const page = await browser.open(steward, '/ingestion/sources')
  await page.getByText('还没有登记数据源').waitFor()
  await browser.inspect(page, 'sources-empty')
  await page.getByRole('button', { name: '登记数据源' }).first().click()
  await page.getByLabel('数据源名称').fill('许可清单表格')
  await browser.inspect(page, 'new-source')
  await dialog(page).getByRole('button', { name: '登记', exact: true }).click()
  await page.getByRole('heading', { name: '许可清单表格', level: 1 }).waitFor()
  await page.locator('input[type=file]').setInputFiles({ name: '许可清单.csv', mimeType: 'text/csv', buffer: Buffer.from(dirty) })
  await page.getByText('已上传').waitFor()
  await browser.inspect(page, 'source-upload')
  await page.getByRole('button', { name: '许可清单.csv' }).click()
  await dialog(page).getByRole('cell', { name: '车辆数' }).waitFor()
  await browser.inspect(page, 'object-structure')
  await page.getByRole('tab', { name: '预览' }).click()
  await page.getByRole('button', { name: '查看前 20 行' }).click()
  await dialog(page).getByRole('cell', { name: '厦门丙出租有限公司', exact: true }).waitFor()
  await browser.inspect(page, 'object-preview')
  await dialog(page).getByRole('link', { name: '配置汇聚任务' }).click()

  await choose(page, '目录', entryName)
  await page.getByText('已对应 4 / 4 项').waitFor()
  await page.getByLabel('许可日期：表示“无值”的文字').fill('-')
  await browser.inspect(page, 'new-plan')
  await page.getByRole('button', { name: '保存任务' }).click()
  await page.getByRole('heading', { name: entryName, level: 1 }).waitFor()
  await page.getByText('还没有装载过').waitFor()
  await browser.inspect(page, 'plan-new')
  planUrl = new URL(page.url()).pathname
  await page.context().close()
})

test('too many broken rows stop a load; with a higher limit it shows its five numbers', { skip }, async () => {
  const page = await browser.open(steward, planUrl)
  await page.getByRole('button', { name: '立即装载' }).click()
  await confirm(page, '立即装载')
  await page.getByText('超过本任务上限').waitFor()
  await browser.inspect(page, 'load-failed')
  await page.getByRole('link', { name: '查看汇聚任务' }).click()
  await page.getByRole('link', { name: '修改配置' }).click()
  await page.getByLabel('隔离上限').fill('60')
  await page.getByRole('button', { name: '保存任务' }).click()
  await page.getByRole('button', { name: '立即装载' }).click()
  await confirm(page, '立即装载')
  // The page of the plan says the same of the load before, also while the address has changed already.
  await page.getByRole('link', { name: '查看汇聚任务' }).waitFor()
  await page.getByText('行数对账相符').waitFor()
  assert.deepEqual(await numbers(page), ['6', '6', '3', '3', '未要求'])
  await browser.inspect(page, 'load-succeeded')
  await page.goto(`${browser.origin}/ingestion/storage`)
  await page.getByText(/^3 行，自 .+ 起未处理/).waitFor()
  await browser.inspect(page, 'storage')
  await page.getByRole('checkbox', { name: '只看隔离数据超期的目录' }).click()
  await page.getByText('没有超期未处理的隔离数据').waitFor()
  await page.context().close()
})

test('quarantined rows are corrected, one is given up, and the rest is replayed into the data', { skip }, async () => {
  const page = await browser.open(steward, `${planUrl}/quarantine`)
  await page.getByRole('cell', { name: 'T-0003' }).waitFor()
  await browser.inspect(page, 'quarantine')
  const correct = async (name: string, label: string, value: string) => {
    await page.getByRole('row', { name }).getByRole('button', { name: '更正' }).click()
    await dialog(page).getByLabel(label).fill(value)
    if (name === 'T-0004') await browser.inspect(page, 'quarantine-correct')
    await dialog(page).getByRole('button', { name: '保存更正' }).click()
    await page.getByRole('row', { name }).waitFor({ state: 'detached' })
  }
  await correct('T-0003', '车辆数', '10')
  await correct('T-0004', '许可日期', '2024-02-29')
  await page.getByRole('row', { name: '厦门己出租' }).getByRole('checkbox').check()
  await page.getByRole('button', { name: '放弃所选（1）' }).click()
  await dialog(page).getByLabel('放弃理由').fill('来源缺许可证号，已通知业务处补录。')
  await confirm(page, '放弃所选（1）')
  await page.getByText('没有待更正的行').waitFor()
  await page.getByText('已更正，待回放').click()
  await page.getByRole('cell', { name: 'T-0003' }).waitFor()
  await browser.inspect(page, 'quarantine-corrected')
  await page.getByRole('button', { name: '回放更正的行' }).click()
  await confirm(page, '回放更正的行')
  await page.getByText('对账通过').first().waitFor()
  await browser.inspect(page, 'load-replayed')
  await page.getByRole('link', { name: '查看目录' }).click()
  await page.getByText('5 条数据').waitFor()
  await page.context().close()
})

const noServer = skip || (postgresBin() ? false : 'no Debian package postgresql')
if (noServer && process.env.CI === 'true') throw new Error(String(noServer))

test('a table of PostgreSQL is checked, and becomes the draft of an entry', { skip: noServer }, async () => {
  const server = await startPostgres()
  try {
    await fillTable(server)
    const page = await browser.open(steward, '/ingestion/sources')
    await page.getByRole('button', { name: '登记数据源' }).first().click()
    await page.getByLabel('数据源名称').fill('维修企业库')
    await choose(page, '类型', 'PostgreSQL（含人大金仓、openGauss）')
    await page.getByLabel('主机').fill('127.0.0.1')
    await page.getByLabel('端口').fill(String(server.port))
    await page.getByLabel('数据库名').fill('postgres')
    await page.getByLabel('账号').fill('postgres')
    await browser.inspect(page, 'new-source-postgresql')
    await dialog(page).getByRole('button', { name: '登记', exact: true }).click()
    await page.getByRole('button', { name: '检查连接' }).click()
    await page.getByText('建议换用只读账号').first().waitFor()
    await browser.inspect(page, 'source-postgresql')
    await page.getByRole('row', { name: 'repair_shop' }).getByRole('button', { name: '反向编目' }).click()
    await confirm(page, '反向编目')
    await page.waitForURL(/revisions\/.+\/edit/)
    await page.getByRole('heading', { name: '维修企业备案', level: 1 }).waitFor()
    const filled = await page.locator('.dt-sheet input').evaluateAll((inputs) => inputs.map((input) => (input as { value?: string }).value))
    for (const words of ['record_no', '备案编号', 'shop_name', '企业名称', 'opened_on', '备案日期'])
      assert.ok(filled.includes(words), words)
    await browser.inspect(page, 'proposed-entry')
    await page.context().close()
  } finally {
    await server.stop()
  }
})

async function fillTable(server: TestServer) {
  const client = new pg.Client(server.url)
  await client.connect()
  await client.query(`
    create table repair_shop (record_no text primary key, shop_name text not null, opened_on date);
    comment on table repair_shop is '维修企业备案';
    comment on column repair_shop.record_no is '备案编号';
    comment on column repair_shop.shop_name is '企业名称';
    comment on column repair_shop.opened_on is '备案日期';
    insert into repair_shop values ('B-1', '厦门甲维修厂', '2024-01-02');`)
  await client.end()
}

test('the pages of ingestion hold at 1024 pixels, for a bureau officer too', { skip }, async () => {
  const bureau = await browser.city.as('厦门市数据管理局', 'bureau_officer')
  const page = await browser.open(steward, '/ingestion/sources', 'narrow')
  const theirs = await browser.open(bureau, '/ingestion/sources', 'narrow')
  for (const [path, heading] of [
    ['/ingestion/sources', '数据源'],
    ['/ingestion/plans', '汇聚任务'],
    ['/ingestion/loads', '装载记录'],
    ['/ingestion/storage', '存储周期'],
    ['/ingestion/destructions', '数据销毁'],
    [planUrl, entryName],
    [`${planUrl}/quarantine?state=discarded`, '隔离的行'],
  ] as const) {
    for (const [who, shown] of Object.entries({ steward: page, bureau: theirs })) {
      await shown.goto(browser.origin + path)
      await shown.getByRole('heading', { name: heading, level: 1 }).waitFor()
      await shown.waitForLoadState('networkidle')
      await browser.inspect(shown, `${heading}-narrow-${who}`)
    }
  }
  await page.goto(`${browser.origin}/ingestion/plans/new?planId=${planUrl.split('/').at(-1)}`)
  await page.getByText('已对应 4 / 4 项').waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Plan a load' }).waitFor()
  await browser.inspect(page, 'edit-plan-narrow-english')
})
