import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { loadThrough } from '#testing/lake/load-through.ts'
import { openFiles, openLake, type Lake } from '../../../store/index.ts'
import { openFolder } from '../../connectors/folder.ts'
import { unreadableRows } from '../../load/lake-tables.ts'
import { describeFile } from '../describe-file.ts'
import { type FoundRecord, isBroken, readRecords } from './read-records.ts'
import { textAt } from './text-at.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-xml-'))
let lake: Lake
before(async () => {
  lake = await openLake({ dir: join(dir, 'lake') })
})
after(async () => {
  await lake.close()
  rmSync(dir, { recursive: true, force: true })
})
let files = 0
const write = (content: string | Buffer) => {
  const path = join(dir, `${++files}.xml`)
  writeFileSync(path, content)
  return path
}
const describe = (content: string | Buffer, known = {}) =>
  describeFile({ path: write(content), fileName: 'a.xml', measure: lake.measure, known })

async function read(text: string, path: string[], piece = 7): Promise<FoundRecord[]> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += piece) yield text.slice(at, at + piece)
  }
  return (await Array.fromAsync(readRecords(pieces(), path))).flat()
}
const shown = (found: FoundRecord[]) =>
  found.map((record) =>
    isBroken(record) ? `${record.reason} ${record.raw}` : Object.fromEntries([...record].map(([name]) => [name, textAt(record, name)])),
  )

const people = `<?xml version="1.0"?>
<数据><head><count>2</count></head><人员列表>
  <p:人员 id="1"><姓名>甲&amp;乙</姓名><住址><市>厦门</市><区/></住址><电话>1</电话><电话>2</电话></p:人员>
  <p:人员 id="2"><姓名><![CDATA[<b>&]]></姓名><备注>第一行
第二行</备注></p:人员>
</人员列表></数据>`

test('the records are found, with nested elements, attributes, and what stands there twice', async () => {
  const { reading, columns, previewRows, estimatedRows } = await describe(people)
  assert.deepEqual(reading, { format: 'xml', encoding: 'utf-8', markBytes: 0, recordPath: ['数据', '人员列表', '人员'] })
  assert.equal(estimatedRows, 2)
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['@id', '姓名', '住址.市', '住址.区', '电话', '备注'],
  )
  assert.deepEqual(previewRows, [
    ['1', '甲&乙', '厦门', '', '["1","2"]', null],
    ['2', '<b>&', null, null, null, '第一行\n第二行'],
  ])
})

test('a steward says which element is a record', async () => {
  const { columns } = await describe(people, { recordPath: '数据/head' })
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['count'],
  )
  await assert.rejects(describe(people, { recordPath: '数据/none' }), { code: 'file.xml_no_records' })
})

test('GB18030, UTF-16 and blanks before the declaration are read', async () => {
  const gb = iconv.encode(`\r\n${people.replace('1.0"', '1.0" encoding="GB2312"')}`, 'gb18030')
  assert.equal((await describe(gb)).previewRows[0]![2], '厦门')
  assert.equal((await describe(Buffer.concat([Buffer.from([0xff, 0xfe]), iconv.encode(people, 'utf-16le')]))).previewRows[0]![2], '厦门')
})

test('a broken record is set aside as it stands, and all others are read, wherever the pieces are cut', async () => {
  const row = (n: number) => `<row><n>${n}</n></row>`
  const broken = [
    '<row><n>2</m></row>',
    '<row n=2/>',
    '<row><n>a &nbsp; b</n></row>',
    '<row><n>\u0001</n></row>',
    '<row><n>2</row>',
    '<row a="1" a="2"/>',
  ]
  for (const bad of broken)
    for (const piece of [1, 5, 1000]) {
      const found = shown(await read(`<rows>${row(1)}${bad}${row(3)}</rows>`, ['rows', 'row'], piece))
      assert.deepEqual(found, [{ n: '1' }, `xml_broken ${bad}`, { n: '3' }], `${bad} in pieces of ${piece}`)
      assert.deepEqual(
        shown(await read(`<rows>${row(1)}${bad}</rows>`, ['rows', 'row'], piece)).at(-1),
        `xml_broken ${bad}`,
        'the last one',
      )
    }
  assert.deepEqual(shown(await read('<rows><row><n>\ufffd</n></row></rows>', ['rows', 'row'])), ['bad_characters <row><n>\ufffd</n></row>'])
})

test('a document type, an open end and damage outside of records are refused', async () => {
  const bomb = '<!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rows><row><n>&b;</n></row></rows>'
  await assert.rejects(describe(bomb), { code: 'file.xml_dtd' })
  await assert.rejects(describe('<!DOCTYPE r SYSTEM "http://127.0.0.1/x"><r><a><n/></a></r>'), { code: 'file.xml_dtd' })
  await assert.rejects(read('<rows><row><n>1</n></row><row><n>2', ['rows', 'row']), { code: 'file.xml_truncated' })
  await assert.rejects(read('<rows><row><n>1</n></row>', ['rows', 'row']), { code: 'file.xml_truncated' })
  await assert.rejects(read('<rows><row><n>1</n></row></wrong></rows>', ['rows', 'row']), { code: 'file.xml_damaged' })
  await assert.rejects(read(`<rows><row><n>${'x'.repeat(2 ** 24)}`, ['rows', 'row'], 2 ** 20), { code: 'file.xml_damaged' })
  await assert.rejects(read(`<rows>${'x'.repeat(2 ** 24 + 2 ** 21)}`, ['rows', 'row'], 2 ** 20), { code: 'file.xml_damaged' })
})

test('any texts come back as they were written', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '甲', '<', '&', ']', '>', '"', ' ', '\n', '😀') })
  const escaped = (value: string) => value.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1 }), fc.integer({ min: 1, max: 40 }), async (rows, piece) => {
      const document = `<r>${rows.map(([a, b]) => `<x k="${escaped(a).replaceAll('\n', '&#10;')}"><v>${escaped(b)}</v></x>`).join('\n')}</r>`
      const found = await read(document, ['r', 'x'], piece)
      assert.deepEqual(
        found.map((record) => (isBroken(record) ? record : [textAt(record, '@k'), textAt(record, 'v')])),
        rows,
      )
    }),
    { numRuns: 200 },
  )
})

test('a file loads with its broken records in quarantine, by their number', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) =>
    i === 2500 ? '<row><id>x</no></row>' : `<row><id>${i}</id><name>名 ${i}, "引"</name></row>`,
  )
  const path = write(`<rows>${rows.join('')}</rows>`)
  const connector = openFolder({ lake, files: openFiles(join(dir, 'files')) }, { kind: 'folder', path: '' }, [dir])
  const object = path.slice(dir.length + 1)
  const loaded = await loadThrough(lake, connector, {
    object,
    items: [
      { code: 'id', dataType: 'I', isKey: true },
      { code: 'name', dataType: 'C', length: 50 },
    ],
  })
  const { read, written, quarantined, agrees } = loaded
  assert.deepEqual({ read, written, quarantined, agrees }, { read: 5000, written: 4999, quarantined: 1, agrees: true })
  assert.deepEqual(loaded.rows[7], { id: '7', name: '名 7, "引"' })
  assert.deepEqual(
    [Number(loaded.quarantine[0]!['#row']) - unreadableRows, loaded.quarantine[0]!['#reason']],
    [2501, 'file.defect.xml_broken'],
  )
  assert.equal(JSON.parse(String(loaded.quarantine[0]!['#detail'])).raw, '<row><id>x</no></row>')
  assert.ok(readFileSync(path).length > 0, 'the file is left as it is')
})
