import { after, before, test } from 'node:test'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'

const skip = whyNoBrowser()
const department = '厦门市交通运输局'
let browser: BrowserCity
before(async () => {
  if (!skip) browser = await openBrowserCity({ now: '2026-11-23T09:00:00+08:00' })
})
after(() => browser?.close())

const table =
  '信息项名称\t信息项代码\t数据类型\t数据长度\t是否主键\r\n车牌号\tplate_no\t字符型\t10\t是\r\n许可证号\tlicence_no\t字符型\t20\t否\r\n许可日期\tlicensed_on\t日期型\t\t否'

test('a steward compiles an entry, a data officer passes it, the bureau publishes it, anybody finds it', { skip }, async () => {
  const { city } = browser
  const steward = await city.as(department, 'steward')
  const page = await browser.open(steward, '/catalog/systems/new')

  await page.getByLabel('系统名称').fill('出租汽车管理系统')
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await page.getByRole('heading', { name: '出租汽车管理系统', level: 1 }).waitFor()
  await browser.inspect(page, 'system')

  await page.getByRole('link', { name: '新建目录' }).click()
  await page.getByLabel('信息资源名称').fill('出租汽车经营许可信息')
  await page.getByLabel('所属业务系统').click()
  await page.getByTitle('出租汽车管理系统').click()
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
  await page.getByLabel('粘贴的内容').fill(table)
  await page.getByRole('button', { name: '追加到信息项' }).click()
  await page.getByText('已粘贴 3 行').waitFor()
  await page.getByRole('button', { name: '检查' }).click()
  await page.getByText(/检查通过|处需要完善|可再次检查/).waitFor()
  await browser.inspect(page, 'editor-filled')
})
