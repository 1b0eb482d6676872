import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { publishEntry } from '../../testing/build-entry.ts'
import type { Client } from '../../testing/city.ts'
import { hasMariadb, startMariadb } from '../../testing/mariadb.ts'
import { runTurns } from '../../testing/night/run-turns.ts'
import { postgresBin, startPostgres } from '../../testing/postgres.ts'

const skip = whyNoBrowser()
const department = '厦门市交通运输局'
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 60 },
  { code: 'changed', name: '变更时间', dataType: 'T' },
] as const

let browser: BrowserCity
let folder: string
before(async () => {
  if (skip) return
  folder = mkdtempSync(join(tmpdir(), 'datong-journey-'))
  browser = await openBrowserCity({ now: '2026-03-09T18:00:00+08:00', fileRoots: [folder] })
})
after(async () => {
  await browser?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const dialog = (page: Page) => page.getByRole('dialog')
async function choose(page: Page, label: string, option: string) {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByTitle(option).last().click()
}

/** A published entry, a folder with its file, and a plan that fills the one from the other. */
async function buildPlan(name: string, content: string): Promise<{ steward: Client; planId: string }> {
  writeFileSync(join(folder, `${name}.csv`), content)
  const { entryId, steward } = await publishEntry(browser.city, department, { name, items: [...items], updateCycle: 'daily' })
  const { id: sourceId } = await steward.call('create_source', { body: { name: `${name}报送`, settings: { kind: 'folder' } } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const { id } = await steward.call('create_plan', { body: { entryId, sourceId, object: `${name}.csv`, mapping } })
  return { steward, planId: id }
}
const good = 'id,name,changed\n1,甲,2026-01-01 08:00:00\n2,乙,2026-01-02 08:00:00\n'
const bad = 'id,name,changed\nx,甲,2026-01-01 08:00:00\ny,乙,昨天\n'

let goodPlan: { steward: Client; planId: string }
let badPlan: { steward: Client; planId: string }

test('a steward gives a plan its schedule; it runs at its turn, and stands on the page of the night', { skip }, async () => {
  goodPlan = await buildPlan('公交线路', good)
  badPlan = await buildPlan('公交站点', bad)
  await badPlan.steward.call('set_schedule', { params: { planId: badPlan.planId }, body: { version: 0, at: '01:30' } })
  const page = await browser.open(goodPlan.steward, `/ingestion/plans/${goodPlan.planId}?tab=schedule`)
  await page.getByText('还没有设置调度').waitFor()
  await browser.inspect(page, 'schedule-none')
  await page.getByRole('button', { name: '设置调度' }).click()
  await dialog(page).getByLabel('几点开始').fill('25:00')
  await dialog(page).getByRole('button', { name: '保存' }).click()
  await dialog(page).getByText('如 02:30').first().waitFor()
  await dialog(page).getByLabel('几点开始').fill('01:30')
  await dialog(page).getByText('只在工作日装载').click()
  await browser.inspect(page, 'schedule-form')
  await dialog(page).getByRole('button', { name: '保存' }).click()
  await page.getByRole('cell', { name: '2026-03-10 01:30' }).waitFor()
  await browser.inspect(page, 'schedule-set')

  browser.city.setNow('2026-03-10T01:30:00+08:00')
  await runTurns(browser.city)
  await page.goto(`${browser.origin}/ingestion/turns`)
  await page.getByRole('row', { name: '公交线路' }).getByText('成功').waitFor()
  await browser.inspect(page, 'turns')
  await page.getByRole('row', { name: '公交线路' }).getByRole('link').click()
  await page.getByText('按调度自动执行').waitFor()
  await page.context().close()
})

test('the morning page names what failed, why, whose it is and what to do; a load by hand settles it', { skip }, async () => {
  browser.city.setNow('2026-03-10T08:30:00+08:00')
  const bureau = await browser.city.as('厦门市数据管理局', 'bureau_officer')
  for (const size of ['desktop', 'narrow'] as const) {
    const theirs = await browser.open(bureau, '/ingestion/morning', size)
    await theirs.getByRole('row', { name: '公交站点' }).getByText(department).waitFor()
    await browser.inspect(theirs, `morning-bureau-${size}`)
    await theirs.context().close()
  }
  const page = await browser.open(badPlan.steward, '/assessment/my-work')
  await page.getByRole('link', { name: /夜间汇聚待处理\s*1/ }).click()
  const row = page.getByRole('row', { name: '公交站点' })
  await row.getByText('不合格的行超过上限').waitFor()
  await row.getByText('在装载记录中查看不合格的原因').waitFor()
  await browser.inspect(page, 'morning')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出晨报' }).click()
  assert.equal((await download).suggestedFilename(), '汇聚晨报_2026-03-10.xlsx')
  await row.getByRole('link', { name: '去处理' }).click()
  await page.getByText('超过本任务上限').waitFor()
  writeFileSync(join(folder, '公交站点.csv'), good)
  browser.city.setNow('2026-03-10T08:35:00+08:00')
  await page.getByRole('button', { name: '重新装载' }).click()
  await dialog(page).getByRole('button', { name: '重新装载' }).click()
  await page.getByText('数据已生效').waitFor()
  await page.goto(`${browser.origin}/ingestion/morning`)
  await page.getByRole('row', { name: '公交站点' }).getByText('已补装成功').waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Morning report' }).waitFor()
  await browser.inspect(page, 'morning-english')
  await page.context().close()
})

test('a schedule is paused and goes on; a span is made up for; a mode is chosen by what it is good for', { skip }, async () => {
  const page = await browser.open(goodPlan.steward, `/ingestion/plans/${goodPlan.planId}?tab=schedule`, 'narrow')
  await page.getByRole('button', { name: '暂停调度' }).click()
  await dialog(page).getByRole('button', { name: '暂停调度' }).click()
  await page.getByText('已暂停').waitFor()
  await page.getByRole('button', { name: '恢复调度' }).click()
  await dialog(page).getByRole('button', { name: '恢复调度' }).click()
  await page.getByText('已启用').waitFor()
  await page.getByRole('button', { name: '补跑' }).click()
  await browser.inspect(page, 'backfill-narrow')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: '修改配置' }).click()
  await page.getByRole('radio', { name: /^增量.*不支持/, disabled: true }).waitFor()
  await page.getByRole('radio', { name: /^比对/ }).check()
  await page.getByLabel('减少上限').fill('30')
  await browser.inspect(page, 'mode-narrow')
  await page.getByRole('button', { name: '保存任务' }).click()
  await page.getByRole('cell', { name: '比对', exact: true }).waitFor()
  await page.context().close()
})

const noServer = skip || (postgresBin() ? false : 'no Debian package postgresql')
if (noServer && process.env.CI === 'true') throw new Error(String(noServer))

test('a load that runs shows a bar that moves and is cancelled from the page of the night', { skip: noServer }, async () => {
  const server = await startPostgres()
  const client = new pg.Client(server.url)
  try {
    await client.connect()
    // So slow at its source that somebody can watch it: a view that sleeps now and then.
    await client.query(`CREATE TABLE rows_of_it AS SELECT i AS id, '第' || i || '号' AS name, timestamp '2026-01-01' AS changed FROM generate_series(1, 400000) i;
      CREATE FUNCTION slowly(i int) RETURNS text LANGUAGE plpgsql VOLATILE COST 10000 AS $$ BEGIN IF i % 4000 = 0 THEN PERFORM pg_sleep(0.4); END IF; RETURN '第' || i || '号'; END $$;
      CREATE VIEW slow_rows AS SELECT id, slowly(id) AS name, changed FROM rows_of_it`)
    const { entryId, steward } = await publishEntry(browser.city, department, { name: '客流记录', items: [...items], updateCycle: 'daily' })
    const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
    const { id: sourceId } = await steward.call('create_source', { body: { name: '客流库', settings } })
    const mapping = items.map(({ code }) => ({ item: code, column: code }))
    const { id: planId } = await steward.call('create_plan', { body: { entryId, sourceId, object: 'slow_rows', mapping } })
    await steward.call('set_schedule', { params: { planId }, body: { version: 0, at: '03:00' } })
    browser.city.setNow('2026-03-11T03:00:00+08:00')
    const running = runTurns(browser.city, undefined, 120)
    const page = await browser.open(steward, '/ingestion/turns?night=2026-03-11')
    const row = page.getByRole('row', { name: '客流记录' })
    const bar = row.getByRole('progressbar')
    await bar.waitFor()
    const percent = async () => Number(await bar.getAttribute('aria-valuenow'))
    const seen = new Set<number>()
    for (let i = 0; i < 120 && seen.size < 3; i++) {
      seen.add(await percent())
      await page.waitForTimeout(500)
    }
    assert.ok(seen.size >= 3, `the bar stood at ${[...seen].join(', ')}`)
    assert.deepEqual(
      [...seen],
      [...seen].sort((one, other) => one - other),
    )
    await browser.inspect(page, 'turns-running')
    await row.getByRole('button', { name: '取消' }).click()
    await dialog(page).getByRole('button', { name: '取消' }).last().click()
    await row.getByText('被人工取消').waitFor()
    await running
    await browser.inspect(page, 'turns-cancelled')
    // The source is let go as well.
    const reading = "SELECT FROM pg_stat_activity WHERE query LIKE '%slow_rows%' AND pid <> pg_backend_pid() AND state = 'active'"
    for (let i = 0; i < 60 && (await client.query(reading)).rowCount !== 0; i++) await page.waitForTimeout(500)
    assert.equal((await client.query(reading)).rowCount, 0)
    await page.context().close()
  } finally {
    await client.end()
    await server.stop()
  }
})

const noMariadb = skip || (hasMariadb() ? false : 'no Debian package mariadb-server')
if (noMariadb && process.env.CI === 'true') throw new Error(String(noMariadb))

test('a source of MySQL is registered, checked, and shows its tables', { skip: noMariadb }, async () => {
  const server = await startMariadb()
  try {
    const steward = await browser.city.as(department, 'steward')
    const page = await browser.open(steward, '/ingestion/sources')
    await page.getByRole('button', { name: '登记数据源' }).first().click()
    await page.getByLabel('数据源名称').fill('客运业务库')
    await choose(page, '类型', 'MySQL / MariaDB')
    await page.getByLabel('主机').fill('127.0.0.1')
    await page.getByLabel('端口').fill(String(server.port))
    await page.getByLabel('数据库名').fill('mysql')
    await page.getByLabel('账号').fill('datong')
    await browser.inspect(page, 'new-source-mysql')
    await dialog(page).getByRole('button', { name: '登记', exact: true }).click()
    await page.getByRole('button', { name: '检查连接' }).click()
    await page.getByText('建议换用只读账号').first().waitFor()
    await page.getByRole('cell', { name: 'help_topic' }).waitFor()
    await browser.inspect(page, 'source-mysql')
    await page.context().close()
  } finally {
    await server.stop()
  }
})

test('a folder of the server becomes a source, and its file is looked at', { skip }, async () => {
  writeFileSync(join(folder, '班次.csv'), good)
  const steward = await browser.city.as(department, 'steward')
  const page = await browser.open(steward, '/ingestion/sources')
  await page.getByRole('button', { name: '登记数据源' }).first().click()
  await page.getByLabel('数据源名称').fill('报送文件夹')
  await choose(page, '类型', '服务器文件夹')
  await browser.inspect(page, 'new-source-folder')
  await dialog(page).getByRole('button', { name: '登记', exact: true }).click()
  await page.getByRole('button', { name: '班次.csv' }).click()
  await page.getByRole('tab', { name: '预览' }).click()
  await page.getByRole('button', { name: '查看前 20 行' }).click()
  await dialog(page).getByRole('cell', { name: '乙', exact: true }).waitFor()
  await browser.inspect(page, 'source-folder')
  await page.context().close()
})
