import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { guardFormula, type WriteCsvOptions, writeCsv } from './write-csv.ts'

const written = async (options: WriteCsvOptions) => Buffer.concat(await Array.fromAsync(writeCsv(options)))

test('no field can begin a formula, and a negative number stays a number', () => {
  for (const text of [
    '=1+1',
    '+1',
    '-1+1',
    '@SUM',
    '\tx',
    '\r=1',
    '\n=1',
    '\0=',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '"=1',
    ' =1',
    '\u200b=1',
    "'=1",
  ])
    assert.equal(guardFormula(text), `'${text}`)
  for (const text of ['-12.5', '-3', '1-2', '厦门=1', '', "it's"]) assert.equal(guardFormula(text), text)
})

test('any table comes back through an independent parser', async () => {
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[",;\r\n| a]{0,8}$/))
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 10 }))
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(',' as const, ';' as const, '\t' as const, '|' as const), async (rows, delimiter) => {
      const [header = [], ...body] = rows
      const bytes = await written({ header, rows: body, encoding: 'utf-8', delimiter, guardsFormulas: false })
      assert.deepEqual(parse(bytes, { delimiter, record_delimiter: '\r\n' }), rows)
    }),
  )
})

test('the three encodings carry rare characters; what GB18030 would change is refused by name', async () => {
  const rows = [['𠮷', '㐀', '䶮', '€', '龘']]
  const header = ['甲', '乙', '丙', '丁', '戊']
  assert.deepEqual([...(await written({ header, rows })).subarray(0, 3)], [0xef, 0xbb, 0xbf])
  const gb = await written({ header, rows, encoding: 'gb18030' })
  assert.equal(new TextDecoder('gb18030', { fatal: true }).decode(gb), '甲,乙,丙,丁,戊\r\n𠮷,㐀,䶮,€,龘\r\n')
  await assert.rejects(written({ header, rows: [['\ue78d']], encoding: 'gb18030' }), {
    code: 'file.not_encodable',
    details: { params: { character: '\ue78d', code: 'U+E78D' } },
  })
})

test('null is an empty field, an empty text is a quoted one', async () => {
  assert.equal(
    (
      await written({
        header: ['a', 'b', 'c'],
        rows: [
          [null, '', 0],
          [undefined, false, 12n],
        ],
        encoding: 'utf-8',
      })
    ).toString(),
    'a,b,c\r\n,"",0\r\n,false,12\r\n',
  )
})
