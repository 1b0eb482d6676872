import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { buildContent, publishEntry } from '../../testing/build-entry.ts'
import type { Client } from '../../testing/city.ts'

const skip = whyNoBrowser()
let browser: BrowserCity
let bureau: Client
let officer: Client
before(async () => {
  if (skip) return
  browser = await openBrowserCity({ now: '2026-11-23T09:00:00+08:00' })
  const { city } = browser
  const first = await publishEntry(city, '厦门市交通运输局', {
    name: '公交线路',
    sharingType: 'conditional',
    sharingCondition: '凭职责使用',
    sharingScope: '市级部门',
    sharingPurpose: '城市治理',
  })
  await publishEntry(city, '厦门市民政局', { name: '婚姻登记' })
  bureau = first.bureau
  officer = first.officer
  await first.steward.call('create_system', { body: { name: '尚未编目的系统' } })
  const { id } = await first.steward.call('create_entry', { body: { content: buildContent({ name: '公交站点' }) } })
  await first.steward.call('submit_revision', { params: { revisionId: id } })
})
after(() => browser?.close())

test('every number of the ledger opens the list that it counts', { skip }, async () => {
  const page = await browser.open(bureau, '/')
  await page.getByRole('heading', { name: '台账总览' }).waitFor()
  await page.getByText('尚无已答复的申请').first().waitFor()
  await browser.inspect(page, 'ledger')
  const numberOf = async (label: string) =>
    Number(
      await page
        .getByRole('link', { name: new RegExp(`^${label}`) })
        .locator('.dt-number-value')
        .innerText(),
    )
  assert.equal(await numberOf('已发布目录'), 2)
  assert.equal(await numberOf('未挂接数据的目录'), 2)
  await page.getByRole('link', { name: /^未挂接数据的目录/ }).click()
  await page.getByRole('link', { name: '公交线路' }).waitFor()
  assert.equal(await page.locator('tbody tr.ant-table-row').count(), 2)
  await page.goBack()
  await page.getByRole('link', { name: /^未编目录的系统/ }).click()
  await page.getByRole('link', { name: '尚未编目的系统' }).waitFor()
  assert.equal(await page.locator('tbody tr.ant-table-row').count(), 1)
  await page.goBack()
  await page.getByRole('link', { name: /^已发布目录/ }).click()
  await page.getByText('共找到 2 条目录').waitFor()
  await page.context().close()
})

test('the ledger is exported, and its charts are tables for those who cannot see them', { skip }, async () => {
  const page = await browser.open(bureau, '/assessment/ledger', 'narrow')
  await page.getByRole('button', { name: '以表格显示' }).first().click()
  await page.getByRole('cell', { name: '有条件共享' }).waitFor()
  await browser.inspect(page, 'ledger-narrow')
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出台账' }).click()])
  assert.match(file.suggestedFilename(), /台账.*\.(xlsx|csv)$/)
  await page.context().close()
})

test('what waits for an officer is counted in the menu and listed under "my work"', { skip }, async () => {
  for (const size of ['desktop', 'narrow'] as const) {
    const page = await browser.open(officer, '/assessment/my-work', size)
    await page.getByRole('link', { name: '公交站点' }).waitFor()
    await page
      .getByRole('navigation', { name: '主菜单' })
      .getByRole('link', { name: /待我办理.*1 件待办/ })
      .waitFor()
    await browser.inspect(page, `my-work-${size}`)
    await page.context().close()
  }
})
