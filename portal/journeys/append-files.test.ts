import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runPlan } from '../../testing/await-load.ts'
import { type BrowserCity, openBrowserCity, whyNoBrowser } from '../../testing/browser.ts'
import { publishEntry } from '../../testing/build-entry.ts'
import type { Client } from '../../testing/city.ts'

const skip = whyNoBrowser()
const folder = mkdtempSync(join(tmpdir(), 'datong-daily-'))
let browser: BrowserCity
let steward: Client
let planId: string

/** Long ago, so that none is taken for growing. */
function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
  utimesSync(join(folder, name), 0, 0)
}

before(async () => {
  if (skip) return
  browser = await openBrowserCity({ fileRoots: [folder] })
  const { entryId, ...built } = await publishEntry(browser.city, '厦门市交通运输局', {
    name: '客运班次日报',
    items: [
      { code: 'id', name: '班次', dataType: 'I', isRequired: true },
      { code: 'line', name: '线路', dataType: 'C', length: 40 },
    ],
  })
  steward = built.steward
  const { id: sourceId } = await steward.call('create_source', { body: { name: '日报目录', settings: { kind: 'folder', path: '' } } })
  const mapping = ['id', 'line'].map((item) => ({ item, column: item }))
  const body = { entryId, sourceId, object: '*.csv', mapping, mode: { kind: 'append' } } as const
  planId = (await steward.call('create_plan', { body })).id
})
after(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a steward sees what became of each file, mends the one that could not be loaded, and sees it loaded', { skip }, async () => {
  const page = await browser.open(steward, `/ingestion/plans/${planId}`)
  await page.getByRole('tab', { name: '文件清单' }).click()
  await page.getByText('还没有见到文件').waitFor()
  write('01.csv', 'id,line\n1,厦门—漳州\n2,厦门—泉州\n')
  write('02.csv', 'number,line\n3,厦门—龙岩\n')
  write('03.csv', 'id,line\n1,厦门—漳州\n2,厦门—泉州\n')
  await runPlan(steward, planId)
  await page.reload()
  const row = (name: string) => page.getByRole('row', { name })
  await row('01.csv').getByText('已装载').waitFor()
  await row('01.csv').getByText('2 / 2 / 0').waitFor()
  await row('02.csv').getByText('不能装载').waitFor()
  assert.match((await row('02.csv').textContent())!, /字段“id”/)
  await row('03.csv').getByText('与“01.csv”内容相同').waitFor()
  write('02.csv', 'id,line\n3,厦门—龙岩\n')
  assert.equal((await runPlan(steward, planId)).written, 1)
  await page.reload()
  await row('02.csv').getByText('1 / 1 / 0').waitFor()
  await row('02.csv').getByRole('link', { name: '查看' }).click()
  await page.getByRole('heading', { name: /客运班次日报/ }).waitFor()
})
