import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'

const skip = whyNoBrowser()
let browser: BrowserCity
before(async () => {
  if (!skip) browser = await openBrowserCity({ now: '2026-11-23T09:00:00+08:00' })
})
after(() => browser?.close())

test('a visitor sees the sign-in page, and a wrong password is answered with what to do', { skip }, async () => {
  for (const size of ['desktop', 'narrow'] as const) {
    const page = await browser.open(null, '/assessment/ledger', size)
    await page.getByLabel('登录名').fill('nobody')
    await page.getByLabel('口令').fill('wrong password')
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByRole('alert').getByText('登录名或口令不正确').waitFor()
    await browser.inspect(page, `sign-in-${size}`)
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.waitForFunction("document.documentElement.lang === 'en'")
    await page.close()
  }
})

test('who is signed in always sees the organisation that he acts for, and a menu of what he may open', { skip }, async () => {
  const steward = await browser.city.as('厦门市交通运输局', 'steward')
  const page = await browser.open(steward, '/')
  await page.getByRole('heading', { name: '台账总览', level: 1 }).waitFor()
  await page.getByRole('banner').getByText('厦门市交通运输局').waitFor()
  await page.waitForFunction("document.title === '台账总览 · 大同'")
  assert.equal(await page.getByRole('link', { name: '人员管理' }).count(), 0)
  await page.goto(`${browser.origin}/security/people`)
  await page.getByText('没有“维护机构与人员”的权限').waitFor()
  await page.goto(`${browser.origin}/no-such-page`)
  await page.getByText('链接可能不完整').first().waitFor()
  await browser.inspect(page, 'no-such-page')
  await page.context().close()
})

test('the keyboard reaches the content at once and every page begins with its heading', { skip }, async () => {
  const steward = await browser.city.as('厦门市交通运输局', 'steward')
  const page = await browser.open(steward, '/catalog/systems')
  await page.getByRole('heading', { name: '业务系统', level: 1 }).waitFor()
  await page.keyboard.press('Tab')
  const focused = page.locator(':focus')
  await focused.and(page.getByText('跳到正文')).waitFor()
  await page.keyboard.press('Enter')
  await focused.and(page.locator('#content')).waitFor()
  await page.getByRole('link', { name: '检索目录' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '检索目录', level: 1 }).waitFor()
  await focused.and(page.getByText('检索目录')).waitFor()
  await page.keyboard.press('/')
  await focused.and(page.getByLabel('检索词')).waitFor()
  await page.context().close()
})

test('a session that ended leads to the sign-in page, which says so', { skip }, async () => {
  const steward = await browser.city.as('厦门市交通运输局', 'steward')
  const page = await browser.open(steward, '/catalog/systems')
  await page.getByRole('heading', { name: '业务系统', level: 1 }).waitFor()
  await steward.call('remove_session')
  await page.getByRole('link', { name: '目录清单' }).click()
  await page.getByText('登录已超时').waitFor()
  await browser.inspect(page, 'session-ended')
  await page.context().close()
})
