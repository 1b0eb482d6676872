import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { inProcessClient } from '../http/index.ts'
import { presentError } from './kept-error.ts'

const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 10 },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
const chinese = /[\u4e00-\u9fff]/
const folder = mkdtempSync(join(tmpdir(), 'datong-language-'))
let city: TestCity
let steward: Client
let english: Client
let entryId: string
before(async () => {
  city = await openTestCity({ fileRoots: [folder] })
  ;({ entryId, steward } = await publishEntry(city, '厦门市教育局', { name: '学校名录', items: [...items] }))
  english = { ...steward, ...inProcessClient(() => city.app.http, { ...steward, language: 'en' }) }
})
after(async () => {
  await city.close()
  rmSync(folder, { recursive: true, force: true })
})

async function upload(fileName: string, lines: string[]): Promise<string> {
  const { id: sourceId } = await steward.call('create_source', { body: { name: fileName, settings: { kind: 'upload' } } })
  await steward.call('upload_file', { query: { fileName, sourceId }, body: Buffer.from(['id,name', ...lines, ''].join('\n')) })
  return sourceId
}

async function planOf(fileName: string, lines: string[], quarantineLimit: number): Promise<string> {
  const sourceId = await upload(fileName, lines)
  const body = { entryId, sourceId, object: fileName, mapping, quarantineLimit }
  return (await steward.call('create_plan', { body })).id
}

test('what went wrong is kept by its code and told in the language of whoever reads it', async () => {
  const planId = await planOf('school.csv', ['1,first', 'two,second'], 1)
  const { id: loadId } = await runPlan(steward, planId)
  const params = { params: { planId }, query: {} }
  for (const [client, isChinese] of [
    [steward, true],
    [english, false],
  ] as const) {
    const [reason] = (await client.call('get_load', { params: { loadId } })).reasons
    assert.equal(chinese.test(reason!.detail), isChinese, reason!.detail)
    const [row] = (await client.call('list_quarantine', params)).items
    assert.match(row!.detail, isChinese ? /原文：two$/ : /As written: two$/)
    assert.equal(chinese.test(row!.detail), isChinese, row!.detail)
  }
  const stricter = await planOf('college.csv', ['1,first', 'two,second'], 0.1)
  const failed = await runPlan(steward, stricter)
  assert.equal(failed.error?.code, 'ingestion.quarantine_limit')
  assert.match(failed.error!.detail, /^有 1 行（50%）不合格/)
  const told = await english.call('get_load', { params: { loadId: failed.id } })
  assert.match(told.error!.detail, /^1 rows \(50%\) were refused/)
  assert.ok(!chinese.test(told.error!.detail), told.error!.detail)
})

test('an error from before its parameters were kept has the words that were kept then', () => {
  const old = { error_code: 'ingestion.source_lost', error_params: null, error_detail: '与来源的连接中断。' }
  assert.equal(presentError(old, 'en')?.detail, old.error_detail)
  assert.equal(presentError({ ...old, error_code: null }, 'zh'), null)
})

test('what a check found of a source is told likewise', async () => {
  const settings = { kind: 'postgresql', host: '127.0.0.1', port: 1, database: 'none', user: 'none' } as const
  const { id: sourceId } = await steward.call('create_source', { body: { name: '不在的库', settings } })
  const inChinese = (await steward.call('check_source', { params: { sourceId } })).check!
  const inEnglish = (await english.call('get_source', { params: { sourceId } })).check!
  assert.deepEqual([inChinese.ok, inEnglish.code], [false, inChinese.code])
  assert.match(inChinese.detail, chinese)
  assert.ok(inEnglish.detail !== '' && !chinese.test(inEnglish.detail), inEnglish.detail)
})

test('why a file of a folder could not be loaded, is told likewise', async () => {
  writeFileSync(join(folder, 'wrong.csv'), 'number,name\n1,first\n')
  utimesSync(join(folder, 'wrong.csv'), 0, 0)
  const { id: sourceId } = await steward.call('create_source', { body: { name: 'daily', settings: { kind: 'folder', path: '' } } })
  const body = { entryId, sourceId, object: '*.csv', mapping, mode: { kind: 'append' } } as const
  const { id: planId } = await steward.call('create_plan', { body })
  const load = await runPlan(steward, planId)
  for (const [client, isChinese] of [
    [steward, true],
    [english, false],
  ] as const) {
    const [file] = (await client.call('list_loaded_files', { params: { planId } })).items
    assert.match(file!.detail!, /id/)
    assert.equal(chinese.test(file!.detail!), isChinese, file!.detail!)
    const { error } = await client.call('get_load', { params: { loadId: load.id } })
    assert.match(error!.detail, /wrong\.csv/)
    assert.equal(chinese.test(error!.detail), isChinese, error!.detail)
  }
})

test('why a file is read as it is, is told likewise', async () => {
  const params = { sourceId: await upload('pupil.csv', ['1,first', '2,second']) }
  for (const [client, isChinese] of [
    [steward, true],
    [english, false],
  ] as const) {
    const { reasons } = await client.call('describe_source_object', { params, query: { object: 'pupil.csv' } })
    assert.ok(reasons.length > 0)
    for (const reason of reasons) assert.equal(chinese.test(reason), isChinese, reason)
  }
})
