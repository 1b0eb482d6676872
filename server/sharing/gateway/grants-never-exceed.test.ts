import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type MaskName, maskNames, type RowCondition } from '#contract/sharing.ts'
import { applyFor, approve, callShared, createKey, type SharedData, shareEntry } from '#testing/build-shared-data.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import type { KeyPair } from '#testing/sign-call.ts'
import { maskValue } from '../../kernel/mask.ts'

let city: TestCity
let provider: SharedData
let consumer: { steward: Client; officer: Client }
let key: KeyPair
const items = [
  { code: 'id', name: '编号', dataType: 'C', length: 32, isKey: true },
  { code: 'name', name: '姓名', dataType: 'C', length: 50, sensitiveKind: 'name', level: 'L2' },
  { code: 'phone', name: '联系电话', dataType: 'C', length: 20, sensitiveKind: 'phone', level: 'L2' },
  { code: 'district', name: '区', dataType: 'C', length: 20 },
  { code: 'score', name: '分数', dataType: 'I' },
  { code: 'amount', name: '金额', dataType: 'N', length: 22, scale: 2 },
  { code: 'active', name: '是否有效', dataType: 'L' },
] as const
type Code = (typeof items)[number]['code']
const codes = items.map(({ code }) => code)

const rows = Array.from(
  { length: 40 },
  (_, i): Record<Code, string | null> => ({
    id: `ID${String(i).padStart(3, '0')}`,
    name: ['张三', '欧阳修', null, '李四'][i % 4]!,
    phone: i % 5 === 0 ? null : `1381234${String(i).padStart(4, '0')}`,
    district: ['思明区', '湖里区', '集美区'][i % 3]!,
    score: i % 7 === 0 ? '9007199254740993' : String(i * 3 - 20),
    amount: i % 6 === 0 ? '12345678901234567.25' : `${i}.5`,
    active: i % 2 === 0 ? 'true' : 'false',
  }),
)

before(async () => {
  city = await openTestCity({ now: '2026-03-02T02:00:00Z' })
  provider = await shareEntry(
    city,
    '厦门市民政局',
    { name: '人员信息', items: [...items], level: 'L2' },
    rows.map((row) => codes.map((code) => row[code])),
  )
  consumer = {
    steward: await city.as('厦门市卫生健康委员会', 'steward'),
    officer: await city.as('厦门市卫生健康委员会', 'data_officer'),
  }
  key = await createKey(consumer.steward)
})
after(() => city.close())

/** A condition again, over text in JavaScript. Values come from the rows, so they always fit. */
function holds({ item, operator, value }: RowCondition, row: Record<Code, string | null>): boolean {
  const actual = row[item as Code]
  if (operator === 'is') return (actual === null) === (value === 'null')
  if (actual === null) return false
  const hundredths = (text: string) => {
    const [whole, part = ''] = text.split('.')
    return BigInt(whole + part.padEnd(2, '0'))
  }
  const compare = (other: string) => {
    if (item !== 'score' && item !== 'amount') return Buffer.compare(Buffer.from(actual), Buffer.from(other))
    const difference = hundredths(actual) - hundredths(other)
    return Number(difference > 0n) - Number(difference < 0n)
  }
  if (operator === 'in') return (value as string[]).some((each) => compare(each) === 0)
  const sign = compare(value as string)
  return { eq: sign === 0, neq: sign !== 0, gt: sign > 0, gte: sign >= 0, lt: sign < 0, lte: sign <= 0 }[operator as 'eq']
}

const someValue = (code: Code) => fc.constantFrom(...rows.map((row) => row[code]).filter((value) => value !== null))
const condition = fc.constantFrom(...codes).chain((item): fc.Arbitrary<RowCondition> => {
  const operators = item === 'active' ? (['eq', 'neq'] as const) : (['eq', 'neq', 'gt', 'gte', 'lt', 'lte'] as const)
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ item: fc.constant(item), operator: fc.constantFrom(...operators), value: someValue(item) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        item: fc.constant(item),
        operator: fc.constant('in' as const),
        value: fc.array(someValue(item), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ item: fc.constant(item), operator: fc.constant('is' as const), value: fc.constantFrom('null', 'not_null') }),
    },
  )
})
const decision = fc.record({
  items: fc.uniqueArray(
    fc.record({ item: fc.constantFrom(...codes), mask: fc.constantFrom<MaskName>('none', 'none', 'none', ...maskNames) }),
    {
      minLength: 1,
      maxLength: 5,
      selector: ({ item }) => item,
    },
  ),
  rows: fc.array(condition, { maxLength: 2 }),
  maxRowsPerCall: fc.integer({ min: 1, max: 50 }),
})
const query = fc.record({ conditions: fc.array(condition, { maxLength: 2 }), limit: fc.integer({ min: 1, max: 60 }) })

const toUrl = (endpoint: string, conditions: readonly RowCondition[], limit: number): string => {
  const pairs = conditions.map(({ item, operator, value }): [string, string] => [
    item,
    Array.isArray(value) ? `${operator}.(${value.join(',')})` : `${operator}.${value}`,
  ])
  return `${endpoint}?${new URLSearchParams([...pairs, ['limit', String(limit)]])}`
}

test('no call ever shows a row, an item or a value that its decision does not', async () => {
  await fc.assert(
    fc.asyncProperty(decision, fc.array(query, { minLength: 2, maxLength: 6 }), async (decided, queries) => {
      const asked = { items: [...codes], callsPerDay: 1000 }
      const grant = await approve(provider.officer, await applyFor(consumer, provider.entryId, asked), decided)
      const granted = rows.filter((row) => decided.rows.every((each) => holds(each, row)))
      const masks = city.app.system('test').profile.masks
      const show = (row: Record<Code, string | null>, { item, mask }: (typeof decided.items)[number]) => {
        const text = row[item]
        if (mask === 'none' || text === null) return text
        // A hash has a key of the node's own: it is compared by what it must not be.
        return mask === 'hash' ? 'HASH' : maskValue(masks[mask].value, text, '')
      }
      const plain = new Set(decided.items.filter(({ mask }) => mask === 'none').map(({ item }) => item as string))
      for (const { conditions, limit } of queries) {
        const response = await callShared(city, key, toUrl(grant.endpoint, conditions, limit))
        if (conditions.some(({ item }) => !plain.has(item))) {
          assert.equal(response.statusCode, 400, response.body)
          continue
        }
        assert.equal(response.statusCode, 200, response.body)
        const { items: answered } = response.json() as { items: Record<string, unknown>[] }
        const expected = granted
          .filter((row) => conditions.every((each) => holds(each, row)))
          .slice(0, Math.min(limit, decided.maxRowsPerCall))
          .map((row) => Object.fromEntries(decided.items.map((one) => [one.item, show(row, one)])))
        const hashed = new Set(decided.items.filter(({ mask }) => mask === 'hash').map(({ item }) => item as string))
        const seen = answered.map((record) =>
          Object.fromEntries(
            Object.entries(record).map(([item, value]) => {
              if (value === null) return [item, null]
              if (hashed.has(item)) assert.match(String(value), /^[0-9a-f]{64}$/)
              return [item, hashed.has(item) ? 'HASH' : String(value)]
            }),
          ),
        )
        assert.deepEqual(seen, expected)
      }
    }),
    { numRuns: 30 },
  )
})

test('numbers are JSON numbers where every reader gets the same number, and text where not', async () => {
  const grant = await approve(provider.officer, await applyFor(consumer, provider.entryId, { items: [...codes] }), {
    items: codes.map((item) => ({ item })),
  })
  const { items: answered } = (await callShared(city, key, `${grant.endpoint}?limit=2`)).json()
  assert.deepEqual(answered[0], {
    id: 'ID000',
    name: '张三',
    phone: null,
    district: '思明区',
    score: '9007199254740993',
    amount: '12345678901234567.25',
    active: true,
  })
  assert.deepEqual(answered[1], {
    id: 'ID001',
    name: '欧阳修',
    phone: '13812340001',
    district: '湖里区',
    score: -17,
    amount: 1.5,
    active: false,
  })
})
