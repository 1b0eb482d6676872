import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { buildContent, publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { type CellValue, type SheetToWrite, writeXlsx } from '../../store/index.ts'

let city: TestCity
let steward: Client
const transport = '厦门市交通运输局'
before(async () => {
  city = await openTestCity()
  steward = await city.as(transport, 'steward')
})
after(() => city.close())

const toBytes = async (sheets: SheetToWrite[]): Promise<Buffer> => Buffer.concat(await Array.fromAsync(writeXlsx(sheets)))
const sheet = (name: string, headers: string[], rows: CellValue[][]): SheetToWrite => ({
  name,
  columns: headers.map((header) => ({ header, type: 'text' })),
  rows,
})
const entryHeaders = [
  '*信息资源名称',
  '信息资源提供方',
  '*信息资源分类（类）',
  '*信息资源格式分类',
  '*共享类型',
  '*共享方式',
  '*开放类型',
  '*更新周期',
  '*数据级别',
  '所属业务系统',
]
const itemHeaders = ['*信息资源名称', '*信息项代码', '*信息项名称', '*数据类型', '数据长度', '敏感类型']
const row = (name: string, over: Record<number, string> = {}) =>
  [name, '', '部门信息资源', '数据库', '无条件共享', '服务接口', '不予开放', '每日', 'L2', ''].map((cell, i) => over[i] ?? cell)

const load = (client: Client, body: Buffer, dryRun = false) =>
  client.call('import_entries', { query: { dryRun: String(dryRun), fileName: '目录.xlsx' }, body })
const namesOf = async (client: Client) => (await client.call('list_my_revisions')).items.map(({ name }) => name).sort()

test('the template has the instructions and both sheets, and imported empty says what to do', async () => {
  const { bytes, fileName } = await steward.call('get_import_template')
  assert.equal(fileName, '数据目录导入模板.xlsx')
  const report = await load(steward, bytes, true)
  assert.deepEqual(
    report.problems.map(({ code }) => code),
    ['catalog.import_empty'],
  )
})

test('a trial shows every problem of every row at its cell and changes nothing', async () => {
  const body = await toBytes([
    sheet('目录', entryHeaders, [
      row('公交线路', { 4: '随便共享', 9: '没有的系统' }),
      row('公交线路'),
      row('出入境记录', { 1: '厦门市公安局' }),
      row('', { 7: '' }),
      row('客运站点', { 4: '不予共享' }),
    ]),
    sheet('信息项', itemHeaders, [
      ['公交线路', '1号', '线路号', '字符型', '三', ''],
      ['不存在的目录', 'id', '编号', '字符型', '10', ''],
      ['客运站点', 'phone', '电话', '字符型', '20', '联系电话'],
    ]),
  ])
  const report = await load(steward, body, true)
  assert.deepEqual(
    report.problems.map(({ sheet, row, column, code, blocks }) => [sheet, row, column, code, blocks]),
    [
      ['目录', 2, '共享类型', 'value.choice', true],
      ['目录', 2, '所属业务系统', 'catalog.import_system_unknown', true],
      ['目录', 3, '信息资源名称', 'catalog.import_twice', true],
      ['目录', 4, '信息资源提供方', 'catalog.import_other_provider', true],
      ['目录', 5, '信息资源名称', 'value.required', true],
      ['目录', 5, '更新周期', 'value.required', true],
      ['目录', 6, '信息资源摘要', 'catalog.abstract_missing', false],
      ['目录', 6, '信息资源格式类型', 'catalog.format_missing', false],
      ['目录', 6, '不予共享依据', 'catalog.sharing_basis_missing', false],
      ['目录', 6, '保密风险评估结论', 'catalog.secrecy_review_missing', false],
      ['目录', 6, '个人信息保护影响评估结论', 'catalog.privacy_review_missing', false],
      ['信息项', 2, '数据长度', 'catalog.import_whole_number', true],
      ['信息项', 2, '信息项代码', 'catalog.item_code', true],
      ['信息项', 3, '信息资源名称', 'catalog.import_item_orphan', true],
      ['信息项', 4, '信息项级别', 'catalog.item_level', false],
    ],
  )
  for (const { detail } of report.problems) assert.match(detail, /[\u4e00-\u9fff]/)
  const refused = await load(steward, body)
  assert.deepEqual([refused.created, refused.updated, refused.unchanged], [0, 0, 0])
  assert.equal(refused.problems.length, report.problems.length)
  assert.deepEqual(await namesOf(steward), [])
})

test('a good workbook becomes drafts, is found, and brought back unchanged changes nothing', async () => {
  const system = await steward.call('create_system', { body: { name: '公交调度系统' } })
  const body = await toBytes([
    sheet('目录', entryHeaders, [row('公交线路', { 9: '公交调度系统' }), row('公交站点', { 9: system.code })]),
    sheet('信息项', itemHeaders, [
      ['公交站点', 'id', '编号', 'C', '32', ''],
      ['公交线路', 'id', '编号', '字符型', '32', ''],
      ['公交线路', 'name', '名称', '字符型', '100', ''],
    ]),
  ])
  const trial = await load(steward, body, true)
  assert.deepEqual([trial.created, trial.problems.filter(({ blocks }) => blocks)], [2, []])
  const report = await load(steward, body)
  assert.deepEqual([report.entries, report.items, report.created, report.updated, report.unchanged], [2, 3, 2, 0, 0])
  assert.deepEqual(await namesOf(steward), ['公交站点', '公交线路'])
  const { items } = await steward.call('search_entries', { query: { q: '公交线路' } })
  const entry = await steward.call('get_entry', { params: { entryId: items[0]!.id } })
  assert.equal(entry.system?.id, system.id)
  assert.deepEqual(
    entry.content.items.map(({ code, length }) => [code, length]),
    [
      ['id', 32],
      ['name', 100],
    ],
  )
  const { bytes, fileName } = await steward.call('export_entries', { query: { orgId: steward.org.id } })
  assert.match(fileName, /^数据目录_厦门市交通运输局_\d{4}-\d{2}-\d{2}\.xlsx$/)
  const again = await load(steward, bytes)
  assert.deepEqual([again.created, again.updated, again.unchanged], [0, 0, 2])
  const drafts = (await steward.call('list_my_revisions')).items.map(({ edit }) => edit)
  assert.deepEqual(drafts, [1, 1])
})

test('a changed row of a published entry starts its next version; the published one stays', async () => {
  const { entryId } = await publishEntry(city, transport, { name: '停车场信息', updateCycle: 'daily' })
  const { bytes } = await steward.call('export_entries', { query: { orgId: steward.org.id, state: 'published' } })
  const { code } = await steward.call('get_entry', { params: { entryId } })
  assert.deepEqual((await load(steward, bytes)).unchanged, 1)
  const changed = await toBytes([
    sheet('目录', ['信息资源代码', ...entryHeaders], [[code, ...row('停车场基本信息', { 7: '每周', 9: '' })]]),
    sheet('信息项', itemHeaders, []),
  ])
  const report = await load(steward, changed)
  assert.deepEqual([report.updated, report.problems.filter(({ blocks }) => blocks)], [1, []])
  const entry = await steward.call('get_entry', { params: { entryId } })
  assert.deepEqual([entry.name, entry.updateCycle, entry.openRevision?.number], ['停车场信息', 'daily', 2])
  const draft = await steward.call('get_revision', { params: { revisionId: entry.openRevision!.id } })
  assert.equal(draft.content.name, '停车场基本信息')
  assert.equal(draft.content.items.length, 3, 'without rows of items the items stay')
  assert.equal(draft.changeReason, '表格导入：目录.xlsx')
  assert.ok(draft.dueOn, 'the clock of the change runs')
  await steward.call('discard_revision', { params: { revisionId: draft.id } })
})

test('a text that no store can hold is refused at its cell and in every request', async () => {
  const body = await toBytes([
    sheet('目录', entryHeaders, [row('隧道\0信息')]),
    sheet('信息项', itemHeaders, [['隧道\0信息', 'id', '编\ud800号', 'C', '32', '']]),
  ])
  const report = await load(steward, body, true)
  assert.deepEqual(
    report.problems.filter(({ blocks }) => blocks).map(({ sheet, column, code }) => [sheet, column, code]),
    [
      ['目录', '信息资源名称', 'value.unstorable'],
      ['信息项', '信息项名称', 'value.unstorable'],
    ],
  )
  const content = { ...buildContent({ name: '隧道信息' }), remark: 'a\0b' }
  const response = await steward.attempt('create_entry', { body: { content } })
  assert.deepEqual(response.json().errors[0].pointer, '/content/remark')
  assert.equal((await steward.attempt('list_systems', { query: { q: '\0' } })).statusCode, 400)
})

test('what is under review is not changed', async () => {
  const draft = await steward.call('create_entry', { body: { content: buildContent({ name: '桥梁隧道信息' }) } })
  await steward.call('submit_revision', { params: { revisionId: draft.id } })
  const body = await toBytes([sheet('目录', entryHeaders, [row('桥梁隧道信息', { 7: '每年' })]), sheet('信息项', itemHeaders, [])])
  const report = await load(steward, body, true)
  assert.deepEqual(
    report.problems.filter(({ blocks }) => blocks).map(({ code }) => code),
    ['catalog.import_in_review'],
  )
})

test('what is no workbook, too old or of another shape is refused with what to do', async () => {
  const attempt = (body: Buffer) => steward.attempt('import_entries', { query: { fileName: 'x.xlsx' }, body })
  for (const body of [Buffer.from('not a workbook'), Buffer.alloc(0)]) {
    const response = await attempt(body)
    assert.equal(response.statusCode, 400)
    assert.match(response.json().code, /^file\./)
  }
  const report = await load(steward, await toBytes([sheet('Sheet1', ['随便'], [['x']])]), true)
  assert.deepEqual(
    report.problems.map(({ code }) => code),
    ['catalog.import_sheet_missing', 'catalog.import_sheet_missing'],
  )
  const strange = await toBytes([sheet('目录', [...entryHeaders, '自定义列'], []), sheet('信息项', itemHeaders.slice(1), [])])
  assert.deepEqual(
    (await load(steward, strange, true)).problems.map(({ code, column }) => [code, column]),
    [
      ['catalog.import_column_unknown', '自定义列'],
      ['catalog.import_column_missing', '信息资源名称'],
    ],
  )
})

test('the bureau exports every department, and a stranger sees no draft in his export', async () => {
  const other = await city.as('厦门市公安局', 'steward')
  const { bytes } = await other.call('export_entries')
  const mine = await load(other, bytes, true)
  assert.equal(mine.entries, 1, 'only what is published')
  assert.deepEqual(
    mine.problems.map(({ code }) => code),
    ['catalog.import_other_provider', ...Array(3).fill('catalog.import_other_provider')],
  )
})
