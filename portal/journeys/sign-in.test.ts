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
    assert.equal(await page.evaluate('document.documentElement.lang'), 'en')
    await page.close()
  }
})

test('who is signed in always sees the organisation that he acts for, and a menu of what he may open', { skip }, async () => {
  const steward = await browser.city.as('厦门市交通运输局', 'steward')
  const page = await browser.open(steward, '/')
  await page.getByRole('heading', { name: '一本账', level: 1 }).waitFor()
  await page.getByText('厦门市交通运输局').first().waitFor()
  await browser.inspect(page, 'frame-desktop')
  const refused = await browser.open(steward, '/security/people')
  await refused.getByText('没有这个页面').or(refused.getByText('没有“维护机构与人员”的权限')).first().waitFor()
})
