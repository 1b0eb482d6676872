import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { callShared, shareEntry } from '../../testing/build-shared-data.ts'
import type { Client } from '../../testing/city.ts'
import type { KeyPair } from '../../testing/sign-call.ts'

const skip = whyNoBrowser()
const provider = '厦门市交通运输局'
const consumer = '厦门市市场监督管理局'
const entryName = '网约车驾驶员证信息'

let browser: BrowserCity
let entryId: string
let steward: Client
let grantUrl: string
before(async () => {
  if (skip) return
  browser = await openBrowserCity({ now: '2026-11-23T09:00:00+08:00' })
  const shared = await shareEntry(
    browser.city,
    provider,
    {
      name: entryName,
      sharingType: 'conditional',
      level: 'L3',
      sharingCondition: '用于行业监管',
      sharingScope: '行政机关',
      sharingPurpose: '资格核验',
      privacyReview: '已完成个人信息保护影响评估',
      items: [
        { code: 'licence_no', name: '证件编号', dataType: 'C', length: 32, isKey: true, isRequired: true },
        { code: 'holder', name: '持证人', dataType: 'C', length: 60, sensitiveKind: 'name', level: 'L3' },
        { code: 'phone', name: '联系电话', dataType: 'C', length: 20, sensitiveKind: 'phone', level: 'L3' },
        { code: 'district', name: '行政区划代码', dataType: 'C', length: 6 },
      ],
    },
    [
      ['WYC-0001', '测试甲', '13800000001', '350203'],
      ['WYC-0002', '测试乙', '13800000002', '350206'],
      ['WYC-0003', '测试丙', '13800000003', '350203'],
    ],
  )
  entryId = shared.entryId
  steward = await browser.city.as(consumer, 'steward')
})
after(() => browser?.close())

const dialog = (page: Page) => page.getByRole('dialog')
/** The dialog closes when the server has answered. */
async function confirm(page: Page, act: string): Promise<void> {
  await dialog(page).getByRole('button', { name: act, exact: true }).click()
  await dialog(page).waitFor({ state: 'hidden' })
}
async function chooseDate(page: Page, label: string, date: string) {
  await page.getByLabel(label).fill(date)
  await page.keyboard.press('Enter')
}

test('a steward finds the entry, sees everything that is missing at once, and applies', { skip }, async () => {
  const page = await browser.open(steward, `/catalog/entries/${entryId}`)
  await page.getByRole('link', { name: '申请共享' }).click()
  await page.getByRole('heading', { name: '申请共享' }).waitFor()
  await browser.inspect(page, 'apply')
  await page.getByRole('button', { name: '保存并提交' }).click()
  await page.getByRole('alert').waitFor()
  await browser.inspect(page, 'apply-problems')

  await page.getByLabel('使用依据').fill('《政务数据共享条例》第二十条；《网络预约出租汽车经营服务管理暂行办法》第五条')
  await page.getByLabel('使用场景').fill('网约车驾驶员资格核验')
  await page.getByLabel('使用用途').fill('核验驾驶员证件是否有效')
  for (const item of ['证件编号', '持证人', '联系电话', '行政区划代码']) await page.getByRole('checkbox', { name: item }).check()
  await page.getByRole('button', { name: '添加条件' }).click()
  await page.getByLabel('信息项', { exact: true }).last().click()
  await page.getByTitle('行政区划代码').last().click()
  await page.getByLabel('取值').fill('350203')
  await chooseDate(page, '使用期限起', '2026-11-23')
  await chooseDate(page, '使用期限止', '2027-06-30')
  await page.getByLabel('联系方式').fill('信用监管科')
  await browser.inspect(page, 'apply-filled')
  await page.getByRole('button', { name: '保存并提交' }).click()
  await page.getByText('本部门审批中').first().waitFor()
  await browser.inspect(page, 'request-own-review')
  await page.context().close()
})

test('his department passes it and the provider decides what is masked', { skip }, async () => {
  const officer = await browser.city.as(consumer, 'data_officer')
  const page = await browser.open(officer, '/sharing/requests/to-handle')
  await page.getByRole('cell', { name: entryName }).waitFor()
  await browser.inspect(page, 'requests-to-handle')
  await page.getByRole('row').getByRole('link').first().click()
  await page.getByRole('button', { name: '审批通过' }).click()
  await dialog(page).getByLabel('意见').fill('确有需要，同意提出。')
  await confirm(page, '审批通过')
  await page.getByText('提供部门办理中').first().waitFor()
  await page.context().close()

  const decider = await browser.city.as(provider, 'data_officer')
  const decision = await browser.open(decider, '/sharing/requests/to-handle')
  await decision.getByRole('row').getByRole('link').first().click()
  await decision.getByRole('heading', { name: entryName }).waitFor()
  await browser.inspect(decision, 'request-to-decide')
  await decision.getByRole('button', { name: '同意共享', exact: true }).click()
  await decision.getByText('联系电话').last().waitFor()
  await browser.inspect(decision, 'decide')
  await dialog(decision).getByLabel('意见').fill('同意，敏感信息项脱敏提供。')
  await confirm(decision, '确定同意')
  await decision.getByRole('link', { name: '查看授权' }).waitFor()
  await browser.inspect(decision, 'request-approved')
  await decision.context().close()
})

test('the grant shows masked rows, a key is made once, and the API answers exactly what was granted until it is suspended', {
  skip,
}, async () => {
  const page = await browser.open(steward, '/sharing/grants')
  await page.getByRole('row').getByRole('link').first().click()
  await page.getByRole('button', { name: '查看预览' }).click()
  await page.getByText('WYC-0001').waitFor()
  await page.getByText('WYC-0003').waitFor()
  assert.equal(await page.getByText('WYC-0002').count(), 0)
  assert.equal(await page.getByText('13800000001').count(), 0)
  await browser.inspect(page, 'grant')
  grantUrl = page.url()

  await page.getByRole('link', { name: '访问密钥' }).last().click()
  const key = await makeKey(page)
  await browser.inspect(page, 'keys')

  const { items } = await steward.call('list_grants', { query: {} })
  const url = `${items[0]!.endpoint}?district=eq.350203`
  const answer = await callShared(browser.city, key, url)
  assert.equal(answer.statusCode, 200, answer.body)
  const rows = (answer.json() as { items: Record<string, string>[] }).items
  assert.deepEqual(
    rows.map((row) => row.licence_no),
    ['WYC-0001', 'WYC-0003'],
  )
  assert.ok(
    rows.every((row) => row.phone?.includes('*') && row.holder?.includes('*')),
    JSON.stringify(rows),
  )

  const decider = await browser.city.as(provider, 'data_officer')
  const theirs = await browser.open(decider, new URL(grantUrl).pathname)
  await theirs.getByRole('button', { name: '暂停授权' }).click()
  await dialog(theirs).getByLabel('理由').fill('发现超用途使用，核查期间暂停。')
  await confirm(theirs, '暂停授权')
  await theirs.getByText('已暂停').first().waitFor()
  const refused = await callShared(browser.city, key, url)
  assert.equal(refused.statusCode, 403, refused.body)
  await browser.inspect(theirs, 'grant-suspended')
  await theirs.context().close()
  await page.context().close()
})

async function makeKey(page: Page): Promise<KeyPair> {
  await page.getByText('本部门还没有密钥').waitFor()
  await browser.inspect(page, 'keys-empty')
  await page.getByRole('button', { name: '申领密钥' }).first().click()
  await dialog(page).getByLabel('用途名称').fill('信用监管系统')
  await chooseDate(page, '有效期至', '2027-06-30')
  await dialog(page).getByRole('button', { name: '申领密钥' }).click()
  const secret = await dialog(page).getByLabel('密钥串').inputValue()
  const accessKey = await dialog(page).locator('td .dt-mono').innerText()
  await browser.inspect(page, 'key-made')
  await dialog(page).getByRole('button', { name: '已保存，关闭' }).click()
  await page.getByRole('cell', { name: accessKey }).waitFor()
  assert.equal(await page.getByText(secret).count(), 0)
  return { accessKey, secret }
}

test('the auditor finds who saw what under which decision, and why, and what was refused', { skip }, async () => {
  const auditor = await browser.city.as('厦门市数据管理局', 'audit_admin')
  const page = await browser.open(auditor, '/security/audit?dataOnly=true')
  const preview = page.getByRole('row', { name: '核验驾驶员证件是否有效' })
  await preview.first().waitFor()
  await browser.inspect(page, 'audit')
  await preview.first().getByRole('button').click()
  await dialog(page).getByText(consumer).first().waitFor()
  await dialog(page).getByRole('button', { name: '同一决定' }).click()
  await page.waitForURL(/decisionId=/)
  await preview.nth(1).waitFor()
  await browser.inspect(page, 'audit-of-decision')
  await page.goto(`${browser.origin}/security/audit?result=denied`)
  await page.getByRole('row', { name: consumer }).first().waitFor()
  await browser.inspect(page, 'audit-refused')
  await page.context().close()
})

test('the pages of sharing hold at 1024 pixels, and the rest of their lists say why they are empty', { skip }, async () => {
  const page = await browser.open(steward, '/sharing/requests/mine', 'narrow')
  for (const [path, heading] of [
    ['/sharing/requests/mine', '我的申请'],
    ['/sharing/requests/to-handle', '待我办理的申请'],
    ['/sharing/requests', '申请台账'],
    ['/sharing/grants', '授权清单'],
    ['/sharing/keys', '访问密钥'],
    [new URL(grantUrl).pathname, entryName],
    ['/sharing/requests/new', '申请共享'],
  ] as const) {
    await page.goto(browser.origin + path)
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    await browser.inspect(page, `${path.slice(1).replaceAll('/', '-').slice(0, 40)}-narrow`)
  }
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Request data' }).waitFor()
  await page.context().close()
})
