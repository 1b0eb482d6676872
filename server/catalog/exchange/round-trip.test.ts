import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { EntryContent } from '#contract/catalog.ts'
import { entryFields, itemFields } from '#contract/catalog-fields.ts'
import { messages } from '#contract/messages/index.ts'
import { writeTemporary } from '#testing/build-xlsx.ts'
import { anyContent, fixedSystems, fixedOrgs } from '#testing/any-content.ts'
import { loadProfile } from '../../kernel/load-profile.ts'
import { openXlsx, writeXlsx } from '../../store/index.ts'
import { buildWorkbook, type EntryToWrite } from './build-workbook.ts'
import { type ImportContext, type KnownEntry, planImport } from './plan-import.ts'
import { readWorkbook } from './read-workbook.ts'
import { entryColumns, itemColumns } from './sheet-columns.ts'

const nameOf = (ids: ReadonlyMap<string, string>, id: string | null) => [...ids].find(([, value]) => value === id)?.[0] ?? ''
const context = (entries: KnownEntry[] = []): ImportContext => ({
  profile: loadProfile('xiamen'),
  org: { name: '厦门市交通运输局', uscc: null },
  entries,
  systems: fixedSystems,
  orgs: fixedOrgs,
  resourceCodes: new Set(),
})

async function writeAndRead(entries: EntryToWrite[]) {
  const path = await writeTemporary(writeXlsx(buildWorkbook(() => entries)))
  const book = await openXlsx(path)
  const workbook = await readWorkbook(book)
  book.close()
  await rm(dirname(path), { recursive: true })
  return workbook
}

const toWrite = (content: EntryContent, i: number): EntryToWrite => ({
  code: i % 2 === 0 ? '' : `301001/${i + 1}`,
  provider: '厦门市交通运输局',
  uscc: '',
  state: '已发布',
  publishedOn: '2026-11-02',
  system: nameOf(fixedSystems, content.systemId),
  leadOrg: nameOf(fixedOrgs, content.leadOrgId),
  content,
})

test('any contents come back from a workbook exactly as they were, and then change nothing', async () => {
  const contents = fc.uniqueArray(anyContent, { minLength: 1, maxLength: 5, selector: ({ name }) => name })
  await fc.assert(
    fc.asyncProperty(contents, async (contents) => {
      const asNew = await writeAndRead(contents.map((content) => ({ ...toWrite(content, 0), code: '' })))
      const made = planImport(asNew, context())
      assert.deepEqual(
        made.problems.filter(({ blocks }) => blocks),
        [],
      )
      assert.deepEqual(
        made.planned.map(({ content }) => content),
        contents,
      )

      const known = contents.map((content, i): KnownEntry => {
        const code = toWrite(content, i).code || null
        return { id: `${i}`, code, name: content.name, state: code ? 'published' : 'unpublished', content, open: code ? null : 'editable' }
      })
      const again = planImport(await writeAndRead(contents.map(toWrite)), context(known))
      assert.deepEqual(
        again.problems.filter(({ blocks }) => blocks),
        [],
      )
      assert.deepEqual(
        again.planned.map(({ act, entry }) => [act, entry?.id]),
        known.map(({ id }) => ['unchanged', id]),
      )
    }),
    { numRuns: 60 },
  )
})

test('every field of the contract has a column', () => {
  const fields = (columns: readonly { field: string }[]) => columns.map(({ field }) => field).sort()
  const entry = Object.keys(entryFields).filter((field) => field !== 'items')
  assert.deepEqual(fields(entryColumns), entry.sort())
  assert.deepEqual(fields(itemColumns), Object.keys(itemFields).sort())
})

test('every problem of a cell has a message', () => {
  for (const problem of ['precision_lost', 'invalid_date', 'error_value', 'formula_without_value', 'unreadable'])
    assert.ok(messages[`catalog.cell_${problem}`], problem)
})

test('columns that a sheet lacks leave what is there untouched, an empty cell empties', async () => {
  const content = EntryContent.parse({
    name: '公交线路',
    abstract: '旧摘要',
    remark: '旧备注',
    items: [{ code: 'id', name: '编号', dataType: 'C', length: 32, unit: '个' }],
  })
  const known: KnownEntry = { id: '1', code: null, name: '公交线路', state: 'unpublished', content, open: 'editable' }
  const sheets = buildWorkbook(() => [{ ...toWrite({ ...content, abstract: '' }, 0), code: '' }])
  // The remark of the entry and the unit of the item have no column.
  const cut = (name: string, header: string) => {
    const sheet = sheets.find((one) => one.name === name)!
    const at = sheet.columns.findIndex((column) => column.header === header)
    const rows = sheet.rows as AsyncIterable<unknown[]>
    return {
      ...sheet,
      columns: sheet.columns.toSpliced(at, 1),
      rows: (async function* () {
        for await (const row of rows) yield row.toSpliced(at, 1) as never
      })(),
    }
  }
  const path = await writeTemporary(writeXlsx([cut('目录', '备注'), cut('信息项', '计量单位')]))
  const book = await openXlsx(path)
  const { planned } = planImport(await readWorkbook(book), context([known]))
  book.close()
  assert.equal(planned[0]?.act, 'update')
  assert.deepEqual(planned[0]?.content, { ...content, abstract: '' })
})
