import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { publishEntry } from '../../testing/build-entry.ts'

const skip = whyNoBrowser()
let browser: BrowserCity
before(async () => {
  if (!skip) browser = await openBrowserCity({ now: '2026-11-23T09:00:00+08:00' })
})
after(() => browser?.close())

test('the auditor finds who did what, sees why something was refused, and verifies the chain', { skip }, async () => {
  const { city } = browser
  const steward = await city.as('厦门市民政局', 'steward')
  await steward.call('create_system', { body: { name: '婚姻登记系统' } })
  assert.equal((await steward.attempt('list_people', {})).statusCode, 403)
  const auditor = await city.as('厦门市数据管理局', 'audit_admin')
  const page = await browser.open(auditor, '/')
  await page.getByRole('heading', { name: '审计查询' }).waitFor()
  await page.getByRole('cell', { name: '新增业务系统' }).waitFor()
  await browser.inspect(page, 'audit')
  await page
    .getByRole('row', { name: /操作被拒绝/ })
    .first()
    .getByRole('button', { name: '详情' })
    .click()
  await page.getByText('您以当前机构的身份没有此项权限').waitFor()
  await browser.inspect(page, 'audit-detail')
  await page.getByRole('button', { name: '此人的全部记录' }).click()
  await page.waitForURL(/actorId=/)
  await page.getByRole('cell', { name: '新增业务系统' }).waitFor()
  await page.getByRole('button', { name: '校验审计链' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '校验审计链' }).click()
  await page.getByText('没有被改动').waitFor()
  await browser.inspect(page, 'audit-verified')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('dialog')
      .getByRole('button', { name: '取消' })
      .click()
      .then(() => page.getByRole('button', { name: '导出' }).click()),
  ])
  assert.match(file.suggestedFilename(), /\.(csv|xlsx|jsonl?|ndjson)$/)
  await page.context().close()
})

test('the system administrator imports the holidays of the next year as they stand in the notice', { skip }, async () => {
  const admin = await browser.city.as('厦门市数据管理局', 'system_admin')
  const page = await browser.open(admin, '/duty/calendar')
  await page.getByRole('heading', { name: '2026 年' }).waitFor()
  await browser.inspect(page, 'calendar')
  await page.getByRole('button', { name: '导入年度安排' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('放假日期').fill('1月1日至3日，2月5日（除夕）至11日\n4月3日至5日，五一')
  await dialog.getByText('没有识别出日期，请改正：五一').waitFor()
  await dialog.getByLabel('放假日期').fill('1月1日至3日，2月5日（除夕）至11日\n4月3日至5日，5月1日至5日')
  await dialog.getByLabel('调休上班日期').fill('2027-02-14、2027-04-25')
  await dialog.getByLabel('来源').fill('测试用放假安排')
  await dialog.getByText('识别到放假 18 天、调休上班 2 天').waitFor()
  await browser.inspect(page, 'calendar-import')
  await dialog.getByRole('button', { name: '导入并重算' }).click()
  await page.getByRole('heading', { name: '2027 年' }).waitFor()
  await page.context().close()
})

test('deadlines and policy values are read by everybody with their sources, at both widths', { skip }, async () => {
  const steward = await browser.city.as('厦门市民政局', 'steward')
  for (const size of ['desktop', 'narrow'] as const) {
    const page = await browser.open(steward, '/duty/profile', size)
    await page.getByText('目录更新 · 期限').waitFor()
    await page.getByText('7 个工作日').first().waitFor()
    await browser.inspect(page, `profile-${size}`)
    await page.goto(`${browser.origin}/duty/clocks?phase=overdue`)
    await page.getByText('没有符合条件的时限').waitFor()
    await browser.inspect(page, `clocks-${size}`)
    await page.context().close()
  }
})

test('the bureau consents to more days for a change, and the department reads it with the reason', { skip }, async () => {
  const { steward, bureau, entryId } = await publishEntry(browser.city, '厦门市交通运输局', { name: '公交专用道信息' })
  const { id: revisionId } = await steward.call('start_revision', { params: { entryId }, body: { changeReason: '新增路段' } })
  const page = await browser.open(bureau, '/duty/clocks?rule=catalog_update')
  await page
    .getByRole('row', { name: /公交专用道信息/ })
    .getByRole('button', { name: '同意延期' })
    .click()
  const dialog = page.getByRole('dialog', { name: '同意延期' })
  await dialog.getByLabel('理由').fill('涉及三个区的数据核对')
  await browser.inspect(page, 'clocks-extend')
  await dialog.getByRole('button', { name: '同意延期' }).click()
  await page.getByText('已延期 5 个工作日').waitFor()
  await browser.inspect(page, 'clocks-extended')
  await page.context().close()
  const told = await browser.open(steward, `/catalog/revisions/${revisionId}`)
  await told.getByText('主管部门同意延期').waitFor()
  await told.getByText('涉及三个区的数据核对').waitFor()
  await told.context().close()
})
