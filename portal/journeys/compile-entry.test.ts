import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import type { Client } from '../../testing/city.ts'

const skip = whyNoBrowser()
const department = '厦门市交通运输局'
const entryName = '出租汽车经营许可信息'
const copied =
  '信息项名称\t信息项代码\t数据类型\t数据长度\t是否主键\r\n许可证号\tlicence_no\t字符型\t20\t是\r\n经营者名称\toperator\t字符型\t100\t否\r\n许可日期\tlicensed_on\t日期型\t\t否'

let browser: BrowserCity
let steward: Client
before(async () => {
  if (skip) return
  browser = await openBrowserCity({ now: '2026-11-23T09:00:00+08:00' })
  steward = await browser.city.as(department, 'steward')
  await browser.city.app.plane.db.updateTable('security.org').set({ uscc: '113502000041380071' }).where('id', '=', steward.org.id).execute()
})
after(() => browser?.close())

/** The dialog closes when the server has answered. */
async function confirm(page: Page, act: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: act, exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

test('a steward registers a system and compiles an entry by form and by pasting items', { skip }, async () => {
  const page = await browser.open(steward, '/catalog/systems/new')
  await page.getByLabel('系统名称').fill('出租汽车管理系统')
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await page.getByRole('heading', { name: '出租汽车管理系统', level: 1 }).waitFor()
  await browser.inspect(page, 'system')

  await page.getByRole('link', { name: '为本系统新建目录' }).click()
  await page.getByLabel('信息资源名称').fill(entryName)
  await page.getByTitle('出租汽车管理系统').waitFor()
  await browser.inspect(page, 'new-entry')
  await page.getByRole('button', { name: '生成草稿' }).click()

  await page.getByRole('button', { name: '检查' }).click()
  await page.getByText('处需要完善').waitFor()
  await browser.inspect(page, 'editor-problems')
  await page.getByRole('button', { name: /信息资源摘要/ }).click()
  await page.keyboard.type('出租汽车经营者取得的经营许可，来自行政许可办理。')
  await page.getByLabel(/信息资源格式类型/).fill('MySQL')
  await page.getByLabel(/保密风险评估结论/).fill('已评估，不涉及国家秘密（2026-11-01）')
  await page.getByLabel(/个人信息保护影响评估结论/).fill('不涉及个人信息')
  await page.getByRole('button', { name: '从表格粘贴' }).click()
  await page.getByLabel('粘贴的内容').fill(copied)
  await page.getByRole('button', { name: '追加到信息项' }).click()
  await page.getByText('已粘贴 3 行').waitFor()
  await page.getByRole('button', { name: '检查' }).click()
  await page.getByText('检查通过').waitFor()
  await page.getByText('已自动保存').waitFor()
  await browser.inspect(page, 'editor-filled')
  await page.getByRole('button', { name: '提交审核' }).click()
  await confirm(page, '提交审核')
  await page.getByText('部门审核中').first().waitFor()
  await page.context().close()
})

test('the data officer passes it, the bureau returns it once and then publishes it', { skip }, async () => {
  const officer = await browser.city.as(department, 'data_officer')
  const bureau = await browser.city.as('厦门市数据管理局', 'bureau_officer')
  const review = async (client: Client, act: string, opinion: string, name: string) => {
    const page = await browser.open(client, '/catalog/revisions/to-handle')
    await page.getByRole('link', { name: entryName }).click()
    await page.getByRole('button', { name: act, exact: true }).click()
    await page.getByLabel('审核意见').fill(opinion)
    await browser.inspect(page, name)
    await confirm(page, act)
    await page.getByText(opinion).first().waitFor()
    await page.context().close()
  }
  await review(officer, '通过', '内容完整，同意。', 'review-department')
  await review(bureau, '退回修改', '请写明覆盖区域。', 'review-bureau')

  const page = await browser.open(steward, '/catalog/revisions/mine')
  await page.getByText('请写明覆盖区域。').waitFor()
  await browser.inspect(page, 'my-drafts')
  await page.getByRole('link', { name: entryName }).click()
  await page.getByLabel('覆盖区域').fill('厦门市')
  await page.getByRole('button', { name: '提交审核' }).click()
  await confirm(page, '提交审核')
  await page.getByText('部门审核中').first().waitFor()
  await page.context().close()
  await review(officer, '通过', '已补充，同意。', 'review-department-again')
  await review(bureau, '通过并发布', '同意发布。', 'review-publish')
})

test('another department finds it by initials, by item and by traditional characters, and reads every field of the guide', {
  skip,
}, async () => {
  const reader = await browser.city.as('厦门市市场监督管理局', 'steward')
  const page = await browser.open(reader, '/catalog/search')
  await page.keyboard.press('/')
  for (const q of ['czqc', '經營許可', '经营者名称']) {
    await page.getByLabel('检索词').fill(q)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: entryName }).waitFor()
  }
  await browser.inspect(page, 'search')
  await page.getByRole('link', { name: entryName }).click()
  await page.getByRole('heading', { name: entryName, level: 1 }).waitFor()
  const core = page.getByRole('table', { name: '核心元数据' })
  assert.deepEqual(await core.locator('th').allInnerTexts(), [
    '信息资源分类',
    '信息资源名称',
    '信息资源代码',
    '信息资源提供方',
    '信息资源提供方代码',
    '信息资源摘要',
    '信息资源格式',
    '信息项信息',
    '共享属性',
    '开放属性',
    '更新周期',
    '发布日期',
    '关联资源代码',
  ])
  await core.getByText('113502000041380071').waitFor()
  assert.equal(await page.getByRole('table', { name: '第十三条' }).locator('tr').count(), 9)
  await browser.inspect(page, 'entry')
  await page.getByRole('tab', { name: '版本与变更' }).click()
  await page.getByRole('button', { name: '与上一版本比较' }).click()
  await page.getByText('首个版本').first().waitFor()
  await browser.inspect(page, 'entry-versions')
  await page.context().close()
})

test('the pages of the catalog hold at 1024 pixels and in English', { skip }, async () => {
  const page = await browser.open(steward, '/catalog/search?q=许可', 'narrow')
  await page.getByRole('link', { name: entryName }).waitFor()
  await browser.inspect(page, 'search-narrow')
  for (const [path, heading] of [
    ['/catalog/entries', '目录清单'],
    ['/catalog/systems', '业务系统'],
    ['/catalog/import', '表格导入'],
    ['/catalog/revisions/mine', '我的草稿'],
  ] as const) {
    await page.goto(browser.origin + path)
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    await browser.inspect(page, `${path.slice(1).replaceAll('/', '-')}-narrow`)
  }
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'My drafts' }).waitFor()
  await browser.inspect(page, 'my-drafts-english')
  await page.context().close()
})
