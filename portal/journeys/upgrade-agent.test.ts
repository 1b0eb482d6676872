import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'

const skip = whyNoBrowser()
const work = mkdtempSync(join(tmpdir(), 'datong-journey-'))
const programDir = join(work, 'program')
const home = join(work, 'agent')
let browser: BrowserCity
let agent: ChildProcess | undefined
before(async () => {
  if (skip) return
  const { status, stderr } = spawnSync('node', ['tools/build-agent.ts', '--version', '9.0.0', '--out', programDir])
  assert.equal(status, 0, String(stderr))
  browser = await openBrowserCity({ programDir })
})
after(async () => {
  if (agent?.kill()) await once(agent, 'exit')
  await browser?.close()
  rmSync(work, { recursive: true, force: true })
})

test('a steward upgrades an agent of his department and sees how far it has come', { skip }, async () => {
  const steward = await browser.city.as('厦门市市场监督管理局', 'steward')
  const { code } = await steward.call('create_agent', { body: { name: '市监局机房前置机' } })
  mkdirSync(home)
  writeFileSync(join(home, 'agent.json'), JSON.stringify({ city: browser.origin, code, connections: {} }))
  agent = spawn('node', ['server/main.ts', 'agent'], { env: { ...process.env, DATONG_HOME: home, LOG_LEVEL: 'error' }, stdio: 'inherit' })
  const page = await browser.open(steward, '/ingestion/agents')
  const row = page.getByRole('row', { name: '市监局机房前置机' })
  await row.getByRole('button', { name: '升级' }).click({ timeout: 300_000 })
  const dialog = page.getByRole('dialog')
  await dialog.getByText('升级到 9.0.0').waitFor()
  await browser.inspect(page, 'upgrade-agent-ask')
  await dialog.getByRole('button', { name: '升级' }).click()
  await row.getByText('升级到 9.0.0').waitFor()
  await browser.inspect(page, 'upgrade-agent-ordered')
  await row.getByText('已升级').waitFor({ timeout: 300_000 })
  await row.getByRole('cell', { name: /^9\.0\.0/ }).waitFor()
  assert.equal(await row.getByRole('button', { name: '升级' }).count(), 0)
  await browser.inspect(page, 'upgrade-agent-done')
})
