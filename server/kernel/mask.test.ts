import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queryBind } from 'chdb'
import fc from 'fast-check'
import { Mask } from '#contract/mask.ts'
import { maskNames } from '#contract/sharing.ts'
import { loadProfile } from './load-profile.ts'
import { maskSql, maskValue } from './mask.ts'
import { toMask } from './profile.ts'

const key = 'recipient-key'
const profile = loadProfile('xiamen')
const named = Object.fromEntries(maskNames.map((name) => [name, toMask(profile, name)]))
const show = (name: string, value: string | null) => maskValue(named[name]!, value, key)

test('the masks that a grant can name show what facts §5.5 says', () => {
  const examples: [mask: string, value: string, shown: string][] = [
    ['citizen_id', '350203199003070014', '350203********0014'],
    ['citizen_id', '350203900307001', '350203*****7001'],
    ['name', '张三', '张*'],
    ['name', '欧阳明月', '欧***'],
    ['name', '阿卜杜拉·买买提', '阿*******'],
    ['name', '𠮷田', '𠮷*'],
    ['phone', '13812345678', '138****5678'],
    ['phone', '0592-1234567', '0592-****567'],
    ['landline', '01012345678', '010-****678'],
    ['address', '福建省厦门市思明区莲前东路123号', '福建省厦门市思明区****'],
    ['bank_card', '6222020000000000000', '622202*********0000'],
    ['licence_plate', '闽DA1234', '闽D***34'],
    ['email', 'zhang.san@example.cn', 'z***@example.cn'],
    ['passport', 'E12345678', 'E1****678'],
    ['birth_date', '1990-03-07', '1990-**-**'],
    ['birth_date', '19900307', '1990****'],
    ['birth_date', '1990-03-07 08:30:00', '1990-**-**'],
    ['last4', '3502123456', '******3456'],
    ['coordinate', '118.08921', '118.08'],
    ['coordinate', '24', '24'],
    ['band', '73210.55', '50000-100000'],
    ['ip', '10.0.0.8', '10.0.0.*'],
    ['full', '任何', '****'],
  ]
  for (const [name, value, shown] of examples) assert.equal(show(name, value), shown, `${name} ${value}`)
})

test('what does not fit is hidden altogether; what is missing or empty stays so', () => {
  const misfits: [mask: string, value: string][] = [
    ['citizen_id', '35020319900307001'],
    ['citizen_id', '３５０２０３１９９００３０７００１４'],
    ['name', '张'],
    ['name', 'Zhang San'],
    ['name', '张三 '],
    ['phone', '12345'],
    ['phone', '13812345678\n'],
    ['address', '莲前东路123号'],
    ['address', '厦门市幸福小区3号楼'],
    ['bank_card', '6222 0200 0000'],
    ['email', 'nobody'],
    ['birth_date', '90年3月'],
    ['last4', '1234567'],
    ['coordinate', '1e-7'],
    ['band', '-5'],
    ['ip', '::1'],
    ['last4', '\ud83d1234567'],
  ]
  for (const [name, value] of misfits) assert.equal(show(name, value), '****', `${name} ${value}`)
  for (const name of maskNames.slice(1)) assert.deepEqual([show(name, null), show(name, '')], [null, ''], name)
})

test('the hash is HMAC-SHA256 under the key of one recipient: RFC 4231 case 2, and other keys give other tokens', () => {
  const mask = { kind: 'hash' } as const
  assert.equal(maskValue(mask, 'what do ya want for nothing?', 'Jefe'), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
  assert.notEqual(maskValue(mask, 'abc', 'one'), maskValue(mask, 'abc', 'two'))
  assert.throws(() => maskValue(mask, 'abc'), /needs a key/)
})

/** Values that look like the real ones, and values that nearly do. */
const digit = fc.constantFrom(...'0123456789')
const digits = (minLength: number, maxLength = minLength) => fc.string({ unit: digit, minLength, maxLength })
const han = fc.string({ unit: fc.constantFrom(...'张王李欧阳明月阿卜·省市县区旗小夜自治街道镇乡𠮷𪚥〇'), minLength: 1, maxLength: 12 })
const lookalike = fc.oneof(
  han,
  fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => value.isWellFormed()),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  digits(1, 20),
  digits(17).chain((body) => fc.constantFrom('0', 'X', 'x', 'Y', '４').map((last) => body + last)),
  digits(9).map((rest) => `13${rest}`),
  fc.tuple(digits(2), digits(4, 9)).map(([area, rest]) => `05${area}-${rest}`),
  fc.tuple(han, han, han).map(([a, b, c]) => `${a}省${b}市${c}区`),
  fc.tuple(han, han, digits(1, 4)).map(([a, b, c]) => `${a}市${b}县${a}街道${c}号`),
  fc
    .tuple(digits(4), digits(2), digits(2), fc.constantFrom('', ' 08:00:00', 'T08:00:00.000Z', '\n'))
    .map(([y, m, d, time]) => `${y}-${m}-${d}${time}`),
  fc.double({ noNaN: true }).map(String),
  fc.tuple(digits(1, 6), digits(0, 8)).map((parts) => parts.join('.')),
  fc.emailAddress(),
  fc.ipV4(),
  fc
    .tuple(fc.constantFrom('闽', '青', '门'), fc.string({ unit: fc.constantFrom(...'ADIO019挂'), maxLength: 7 }))
    .map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('E', 'H', 'EA', ''), digits(6, 10)).map((parts) => parts.join('')),
)

const variants: Mask[] = [
  ...Object.values(named).filter((mask) => mask !== null),
  { kind: 'address', to: 'city' },
  { kind: 'address', to: 'street' },
  { kind: 'date', to: 'month' },
  { kind: 'truncate', decimals: 0 },
  { kind: 'band', width: 7 },
  { kind: 'keep', shape: 'any', start: 3, end: 4 },
  { kind: 'keep', shape: 'any', start: 0, end: 0 },
  { kind: 'keep', shape: 'citizen_id', start: 12, end: 12 },
]

/** Masks all values on the engine, in one query. */
function maskOnEngine(mask: Mask, values: readonly (string | null)[]): (string | null)[] {
  const rows = values.map((value) => JSON.stringify({ value })).join('\n')
  const literal = `'${rows.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const sql = `SELECT ${maskSql(mask, 'value')} AS shown FROM format(JSONEachRow, 'value Nullable(String)', ${literal})`
  const answer = queryBind(sql, { mask_key: key }, 'JSONCompactEachRow')
  return answer
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line)[0])
}

test('the engine shows exactly what TypeScript shows, for thousands of generated values and every mask', () => {
  const edges = [
    null,
    '',
    ' ',
    '\0',
    '张',
    '张三',
    '欧阳明月',
    '𠮷',
    '𠮷野家',
    "o'neil\\",
    '厦门市思明区',
    '0',
    '-0.5',
    '000',
    '999999999999999.9',
  ]
  const seed = Date.now() & 0x7fffffff
  const values = [...edges, ...fc.sample(lookalike, { numRuns: 4000, seed })]
  for (const mask of variants) {
    const shown = values.map((value) => maskValue(mask, value, key))
    assert.deepEqual(maskOnEngine(mask, values), shown, `${JSON.stringify(mask)} seed ${seed}`)
    assert.ok(['full', 'keep'].includes(mask.kind) || shown.some((text) => text && text !== '****'), `${mask.kind} fits some of the values`)
  }
})

test('the engine hides bytes that are no UTF-8, and reads columns of other types as text', () => {
  const on = (expression: string, mask: Mask) =>
    JSON.parse(queryBind(`SELECT ${maskSql(mask, expression)}`, { mask_key: key }, 'JSONCompactEachRow'))[0]
  assert.equal(on(`unhex('E5BC')`, { kind: 'name' }), '****')
  assert.equal(on(`toDate('1990-03-07')`, { kind: 'date', to: 'year' }), '1990-**-**')
  assert.equal(on('toDecimal64(73210.55, 2)', { kind: 'band', width: 50000 }), '50000-100000')
  assert.equal(on(`toFixedString('350203199003070014', 20)`, { kind: 'keep', shape: 'citizen_id', start: 6, end: 4 }), '350203********0014')
  assert.equal(on(`toLowCardinality(toNullable('张三'))`, { kind: 'name' }), '张*')
  assert.equal(on('CAST(NULL AS Nullable(Int32))', { kind: 'full' }), null)
})

test('no mask shows a value that it was given to hide', () => {
  fc.assert(
    fc.property(lookalike, fc.constantFrom(...variants.filter(({ kind }) => kind !== 'truncate')), (value, mask) => {
      fc.pre(value !== '' && value !== '****')
      const shown = maskValue(mask, value, key)!
      assert.ok(mask.kind === 'hash' || mask.kind === 'band' || shown.includes('*'))
      assert.notEqual(shown, value)
    }),
  )
})

test('a mask with unknown or missing parameters does not parse', () => {
  for (const mask of [{ kind: 'keep', shape: 'any', start: 3 }, { kind: 'none' }, { kind: 'full', by: 'me' }, { kind: 'band', width: 0 }])
    assert.equal(Mask.safeParse(mask).success, false)
})
