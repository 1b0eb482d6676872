import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { type SheetToWrite, writeXlsx } from '../../server/store/index.ts'
import type { Client } from '../../testing/city.ts'

const skip = whyNoBrowser()
const department = '厦门市海洋发展局'
const item = { code: 'ship_no', name: '船舶编号', dataType: 'C' as const, length: 20, isKey: true }
const content = {
  name: '渔业船舶登记信息',
  abstract: '在册渔业船舶的登记情况。',
  formatType: 'MySQL',
  items: [item],
  secrecyReview: '已评估，不涉及国家秘密',
  privacyReview: '不涉及个人信息',
}

let browser: BrowserCity
let steward: Client
let colleague: Client
let entryId = ''
before(async () => {
  if (skip) return
  browser = await openBrowserCity({ now: '2026-11-23T09:00:00+08:00' })
  const { city } = browser
  steward = await city.as(department, 'steward')
  colleague = await city.as(department, 'steward')
  const officer = await city.as(department, 'data_officer')
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  await city.app.plane.db.updateTable('security.org').set({ uscc: '113502000041380071' }).where('id', '=', steward.org.id).execute()
  const { id: systemId } = await steward.call('create_system', { body: { name: '渔船管理系统' } })
  const revision = await steward.call('create_entry', { body: { content: { ...content, systemId } } })
  const params = { revisionId: revision.id }
  await steward.call('submit_revision', { params })
  await officer.call('pass_department_review', { params, body: {} })
  await bureau.call('publish_revision', { params, body: {} })
  entryId = revision.entryId
})
after(() => browser?.close())

test('a steward changes a published entry in a new version and sees what it changes', { skip }, async () => {
  const page = await browser.open(steward, `/catalog/entries/${entryId}`)
  await page.getByRole('button', { name: '变更目录' }).click()
  await page.getByLabel('变更原因').fill('增加船长信息项')
  await page.getByRole('dialog').getByRole('button', { name: '变更目录' }).click()
  await page.getByRole('button', { name: '添加一项' }).click()
  await page.keyboard.type('船长（米）')
  await page.getByLabel('第 2 项 信息项代码').fill('length_m')
  await page.getByLabel('第 2 项 数据类型').selectOption('数值型')
  await page.getByLabel('第 2 项 数据长度').fill('6')
  await page.getByText('已自动保存').waitFor()
  await page.goto(`${browser.origin}/catalog/entries/${entryId}`)
  await page.getByRole('link', { name: '查看办理中的版本' }).click()
  await page.getByRole('cell', { name: '新增' }).first().waitFor()
  await browser.inspect(page, 'difference')
  await page.context().close()
})

test('two stewards in one draft never overwrite each other unasked', { skip }, async () => {
  const [draft] = (await steward.call('list_my_revisions', {})).items
  const page = await browser.open(steward, `/catalog/revisions/${draft!.id}/edit`)
  await page.getByLabel('备注').fill('甲的备注')
  await page.getByText('已自动保存').waitFor()
  const now = await colleague.call('get_revision', { params: { revisionId: draft!.id } })
  await colleague.call('update_revision', {
    params: { revisionId: draft!.id },
    body: { content: { ...now.content, region: '厦门海域' }, edit: now.edit },
  })
  await page.getByLabel('备注').fill('甲的第二次备注')
  await page.getByText('刚被其他人修改过').waitFor()
  await browser.inspect(page, 'conflict')
  await page.getByRole('button', { name: '载入对方的内容' }).click()
  await page.locator('input[value="厦门海域"]').waitFor()
  assert.equal(await page.getByLabel('备注').inputValue(), '甲的备注')
  await page.getByLabel('备注').fill('合并后的备注')
  await page.getByText('已自动保存').waitFor()
  const after = await colleague.call('get_revision', { params: { revisionId: draft!.id } })
  assert.deepEqual([after.content.remark, after.content.region], ['合并后的备注', '厦门海域'])
  await page.context().close()
})

/** A workbook as the template has it, with one entry. */
async function workbook(sharingType: string): Promise<Buffer> {
  const sheet = (name: string, cells: Record<string, string>): SheetToWrite => ({
    name,
    columns: Object.keys(cells).map((header) => ({ header, type: 'text' })),
    rows: [Object.values(cells)],
  })
  const entry = sheet('目录', {
    '*信息资源名称': '渔港信息',
    '*信息资源分类（类）': '部门信息资源',
    '*信息资源格式分类': '数据库',
    '*共享类型': sharingType,
    '*共享方式': '服务接口',
    '*开放类型': '不予开放',
    '*更新周期': '每日',
    '*数据级别': 'L2',
  })
  const items = sheet('信息项', {
    '*信息资源名称': '渔港信息',
    '*信息项代码': 'id',
    '*信息项名称': '编号',
    '*数据类型': '字符型',
    数据长度: '32',
  })
  return Buffer.concat(await Array.fromAsync(writeXlsx([entry, items])))
}

test('a spreadsheet is tried first, every problem named, and imported once it is right', { skip }, async () => {
  const page = await browser.open(colleague, '/catalog/import')
  const [template] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载模板' }).click()])
  assert.match(template.suggestedFilename(), /\.xlsx$/)
  const upload = (buffer: Buffer) =>
    page.setInputFiles('input[type=file]', { name: '目录.xlsx', mimeType: 'application/octet-stream', buffer })
  await upload(await workbook('随便共享'))
  await page.getByText('必须先改正').waitFor()
  await browser.inspect(page, 'import-tried')
  await upload(await workbook('无条件共享'))
  await page.getByText('可以导入为草稿').waitFor()
  await page.getByRole('button', { name: '导入为草稿' }).click()
  await page.getByText('已导入：新建 1 条').waitFor()
  await upload(Buffer.from('这不是工作簿'))
  await page.getByRole('alert').getByText('不是 Excel 工作簿').waitFor()
  await browser.inspect(page, 'import-refused')
  await page.context().close()
})

test('withdrawal tells the users first and can be taken back', { skip }, async () => {
  const page = await browser.open(steward, `/catalog/entries/${entryId}`)
  await page.getByRole('button', { name: '发起下架' }).click()
  await page.getByLabel('下架原因').fill('职责调整，数据移交')
  await page.getByRole('dialog').getByRole('button', { name: '发起下架' }).click()
  await page.getByText('下架告知中').waitFor()
  await browser.inspect(page, 'withdrawal')
  await page.getByRole('button', { name: '撤回下架' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤回下架' }).click()
  await page.getByText('已发布', { exact: true }).first().waitFor()
  await page.context().close()
})
