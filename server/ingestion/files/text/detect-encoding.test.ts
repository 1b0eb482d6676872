import assert from 'node:assert/strict'
import { test } from 'node:test'
import iconv from 'iconv-lite'
import { writeTemporary } from '#testing/build-xlsx.ts'
import { detectEncoding } from './detect-encoding.ts'

const table = `统一社会信用代码,单位名称,区划\n${Array.from({ length: 40 }, (_, i) => `9135020000000${i}00XX,厦门市思明区第${i}幼儿园,思明区`).join('\n')}\n`
const detected = async (bytes: Buffer) => {
  const { encoding, markBytes, confidence, reasons } = await detectEncoding(await writeTemporary(bytes, 'table.csv'))
  return `${encoding} ${markBytes} ${confidence >= 0.5 ? 'sure' : 'unsure'} ${reasons[0]?.code.slice('file.reason.'.length)}`
}

test('the four encodings are told apart, with and without byte order mark, and with the mark twice', async () => {
  const cases: [Buffer, string][] = [
    [Buffer.from(table), 'utf-8 0 sure valid_utf8'],
    [Buffer.from(`\ufeff${table}`), 'utf-8 3 sure byte_order_mark'],
    [Buffer.from(`\ufeff\ufeff${table}`), 'utf-8 6 sure byte_order_mark'],
    [iconv.encode(table, 'gb18030'), 'gb18030 0 sure valid_gb18030'],
    [iconv.encode('编号,姓名\n1,𠮷野\n2,䶮\n3,李四\n4,王五\n', 'gb18030'), 'gb18030 0 sure valid_gb18030'],
    [iconv.encode(table, 'utf-16le', { addBOM: true }), 'utf-16le 2 sure byte_order_mark'],
    [iconv.encode(table, 'utf-16be', { addBOM: true }), 'utf-16be 2 sure byte_order_mark'],
    [iconv.encode(table, 'utf-16le', { addBOM: false }), 'utf-16le 0 sure zero_bytes'],
    [iconv.encode(table, 'utf-16be', { addBOM: false }), 'utf-16be 0 sure zero_bytes'],
    [Buffer.from('id,value\n1,2\n'), 'utf-8 0 sure ascii'],
    [Buffer.concat([Buffer.from('84319533', 'hex'), iconv.encode(table, 'gb18030')]), 'gb18030 4 sure byte_order_mark'],
  ]
  for (const [bytes, expected] of cases) assert.equal(await detected(bytes), expected)
})

test('damage does not turn UTF-8 into GB18030 or the other way round', async () => {
  const utf8 = Buffer.from(table)
  const cut = Buffer.concat([utf8.subarray(0, 100), utf8.subarray(101)])
  assert.equal(await detected(cut), 'utf-8 0 sure damaged_utf8')
  const gb = iconv.encode(table, 'gb18030')
  const damaged = Buffer.from(gb)
  damaged[gb.indexOf(0xcf)] = 0xff
  assert.equal(await detected(damaged), 'gb18030 0 sure damaged_gb18030')
})

test('Chinese that begins after megabytes of ASCII is still found', async () => {
  const late = Buffer.concat([Buffer.from('1,2,3\n'.repeat(400_000)), iconv.encode(table, 'gb18030')])
  assert.equal(await detected(late), 'gb18030 0 sure valid_gb18030')
})

test('text in another encoding is not claimed with confidence, binaries and empty files are refused', async () => {
  assert.match(await detected(iconv.encode('編號,單位名稱,區劃\n'.repeat(20), 'big5')), /^gb18030 0 unsure rare_characters$/)
  await assert.rejects(detected(Buffer.alloc(0)), { code: 'file.empty' })
  await assert.rejects(detected(Buffer.from('fffe000061000000', 'hex')), { code: 'file.unknown_encoding' })
  await assert.rejects(detected(Buffer.from(Array.from({ length: 4000 }, (_, i) => [0, 0, i & 255, 255, 0]).flat())), {
    code: 'file.not_text',
  })
  await assert.rejects(detected(Buffer.from('ff'.repeat(500), 'hex')), { code: 'file.unknown_encoding' })
})
