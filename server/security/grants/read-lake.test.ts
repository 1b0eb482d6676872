import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { DataType } from '#contract/catalog.ts'
import { filterOperators, type MaskName, maskNames, type RowCondition } from '#contract/sharing.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Grant, GrantQuery } from '../../kernel/grant.ts'
import { isLakeValue, lakeTypeOf, rowColumn } from '../../kernel/lake-types.ts'
import { loadProfile } from '../../kernel/load-profile.ts'
import { maskValue } from '../../kernel/mask.ts'
import { type Ctx, type Lake, openLake, quoteIdentifier } from '../../store/index.ts'
import { guardFormula } from '../../store/spreadsheet/write-csv.ts'
import { openSealer, type Sealer } from '../seal.ts'
import { checkCondition } from './check-condition.ts'
import { type GrantInput, mintGrant } from './mint-grant.ts'
import { openLakeReader } from './read-lake.ts'

const profile = loadProfile('xiamen')
const holderOrgId = '00000000-0000-7000-8000-000000000001'
type Kind = (typeof DataType)['_output']

/** Two columns carry names that would break a careless statement. */
const items: { code: string; dataType: Kind; length: number | null; scale: number | null; isKey: boolean; values: (string | null)[] }[] = [
  { code: 'name', dataType: 'C', values: ['张三', '欧阳修', '', null, 'a%b_c\\d', 'o\'brien`"', '=1+1', '-12.5', '\u3000+x', '换\n行\t'] },
  { code: 'select', dataType: 'M', values: ['350203199001011234', '13812345678', '不是号码', null, '厦门市思明区厦禾路1号', 'a@b.cn'] },
  { code: 'count', dataType: 'I', values: ['0', '-1', '9223372036854775807', null, '42'] },
  { code: 'wide', dataType: 'I', length: 30, values: ['123456789012345678901234567890', '-5', null] },
  { code: 'money', dataType: 'Y', length: 20, scale: 2, values: ['0', '1.5', '-1234567890.12', '73210', null] },
  { code: 'ratio', dataType: 'B', values: ['0.1', '-2.5', '1e300', null] },
  { code: 'born', dataType: 'D', values: ['1949-10-01', '2024-02-29', '1900-01-01', null] },
  { code: 'seen', dataType: 'T', values: ['1986-05-04 00:30:00', '2024-01-01 10:20:30.12', null] },
  { code: 'alive', dataType: 'L', values: ['true', 'false', null] },
].map((item) => ({ length: null, scale: null, isKey: false, ...item }) as never)
const tableRows = Array.from({ length: 60 }, (_, r) =>
  items.map(({ values }, c) => values[(r * 7 + c * 3 + ((r * r) % 5)) % values.length] ?? null),
)

let lake: Lake
let reader: Pick<Ctx, 'read' | 'readBytes'>
let sealer: Sealer
const folder = mkdtempSync(join(tmpdir(), 'datong-read-'))
before(async () => {
  lake = await openLake({ dir: join(folder, 'lake') })
  sealer = await openSealer(join(folder, 'keys'))
  reader = openLakeReader(lake, sealer)
  const columns = items.map((item) => `${quoteIdentifier(item.code)} ${lakeTypeOf(item).column}`)
  await lake.define(`CREATE TABLE people (_row UInt64, secret Nullable(String), ${columns.join(', ')}) ENGINE = MergeTree ORDER BY _row`)
  for (const [i, row] of tableRows.entries()) {
    const values = items.map((item, c) => (row[c] === null ? 'NULL' : `CAST({v${c}:String} AS ${lakeTypeOf(item).value})`))
    const parameters = Object.fromEntries(row.flatMap((value, c) => (value === null ? [] : [[`v${c}`, value]])))
    await lake.command(`INSERT INTO people SELECT {row:UInt64}, 'canary', ${values.join(', ')}`, { row: i + 1, ...parameters })
  }
})
after(async () => {
  await lake.close()
  rmSync(folder, { recursive: true, force: true })
})

const mint = (change: Partial<GrantInput>) =>
  mintGrant(
    { profile },
    {
      decisionId: 'SQ-1',
      holderOrgId,
      purpose: '核验',
      table: 'people',
      tableItems: items,
      items: items.map(({ code }) => ({ item: code, mask: 'none' as const })),
      rows: [],
      maxRows: 1000,
      ...change,
    },
  )

/** The rule again, over JavaScript values. */
function holds({ operator, value, item }: RowCondition, row: (string | null)[]): boolean {
  const index = items.findIndex(({ code }) => code === item)
  const type = lakeTypeOf(items[index]!)
  const actual = row[index]!
  if (operator === 'is') return (actual === null) === (value === 'null')
  if (actual === null) return false
  const order = (left: string, right: string): number => {
    if (type.kind === 'integer') return Number(BigInt(left) - BigInt(right) > 0n) - Number(BigInt(left) - BigInt(right) < 0n)
    if (type.kind === 'decimal') {
      const cents = (number: string) => {
        const [whole, part = ''] = number.replace('-', '').split('.')
        return BigInt(whole + part.padEnd(type.scale, '0').slice(0, type.scale)) * (number.startsWith('-') ? -1n : 1n)
      }
      return Number(cents(left) > cents(right)) - Number(cents(left) < cents(right))
    }
    if (type.kind === 'float') return Number(left) - Number(right)
    if (type.kind === 'time') return Buffer.compare(Buffer.from(instant(left)), Buffer.from(instant(right)))
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  }
  if (operator === 'in') return (value as string[]).some((each) => order(actual, each) === 0)
  const text = value as string
  if (operator === 'like') {
    const pattern = text
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')
    return new RegExp(`^${pattern}$`, 'su').test(actual)
  }
  const sign = order(actual, text)
  return { eq: sign === 0, neq: sign !== 0, gt: sign > 0, gte: sign >= 0, lt: sign < 0, lte: sign <= 0 }[operator]
}
const instant = (text: string) => text.replace('T', ' ').replace(/(\.\d*)?$/, (part) => (part || '.').padEnd(7, '0'))

const code = fc.constantFrom(...items.map((item) => item.code))
const someValue = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...items.flatMap(({ values }) => values.filter((value) => value !== null))) },
  { weight: 1, arbitrary: fc.constantFrom('null', 'not_null', '*三', '*%*', '1e3', '2024-02-30', "' OR 1=1 --", '\u0000') },
)
const condition: fc.Arbitrary<RowCondition> = code.chain((item) =>
  fc.record({
    item: fc.oneof(
      { weight: 12, arbitrary: fc.constant(item) },
      { weight: 1, arbitrary: fc.constantFrom('secret', rowColumn, 'nothing', '*') },
    ),
    operator: fc.constantFrom(...filterOperators),
    value: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...items.find((one) => one.code === item)!.values.map((value) => value ?? 'null')) },
      {
        weight: 2,
        arbitrary: fc.array(fc.constantFrom(...items.find((one) => one.code === item)!.values.map((value) => value ?? 'x')), {
          maxLength: 3,
        }),
      },
      { weight: 1, arbitrary: someValue },
    ),
  }),
)
const isFit = (one: RowCondition) => {
  const item = items.find((found) => found.code === one.item)
  return item !== undefined && checkCondition(one, lakeTypeOf(item), '').length === 0
}
const granted = fc.uniqueArray(fc.record({ item: code, mask: fc.constantFrom<MaskName>('none', 'none', 'none', ...maskNames) }), {
  minLength: 1,
  maxLength: 5,
  selector: ({ item }) => item,
})
const asked = fc.record({
  grant: fc.record({ items: granted, rows: fc.array(condition.filter(isFit), { maxLength: 2 }), maxRows: fc.integer({ min: 1, max: 80 }) }),
  query: fc.record(
    {
      items: fc.array(fc.oneof({ weight: 9, arbitrary: code }, { weight: 1, arbitrary: fc.constantFrom('secret', rowColumn, 'nothing') }), {
        maxLength: 3,
      }),
      conditions: fc.array(condition, { maxLength: 2 }),
      limit: fc.integer({ min: 1, max: 70 }),
      after: fc.integer({ min: 0, max: 65 }),
    },
    { requiredKeys: ['limit'] },
  ),
})

/** What must be seen, or null for a refusal. */
function expected(grant: { items: { item: string; mask: MaskName }[]; rows: RowCondition[]; maxRows: number }, query: GrantQuery) {
  const columns = query.items ?? grant.items.map(({ item }) => item)
  const open = grant.items.filter(({ mask }) => mask === 'none').map(({ item }) => item)
  if (new Set(columns).size !== columns.length || columns.some((item) => !grant.items.some((one) => one.item === item))) return null
  if ((query.conditions ?? []).some((one) => !open.includes(one.item) || !isFit(one))) return null
  const found = tableRows
    .map((row, i) => ({ row, number: i + 1 }))
    .filter(
      ({ row, number }) => number > (query.after ?? 0) && [...grant.rows, ...(query.conditions ?? [])].every((one) => holds(one, row)),
    )
  const limit = Math.min(query.limit, grant.maxRows)
  const shown = found.slice(0, limit)
  return {
    columns,
    rows: shown.map(({ row }) =>
      columns.map((item) => {
        const mask = grant.items.find((one) => one.item === item)!.mask
        const value = row[items.findIndex(({ code }) => code === item)]!
        return mask === 'none' ? value : maskValue(profile.masks[mask].value, value, sealer.derive('mask', holderOrgId))
      }),
    ),
    next: shown.length === limit ? shown.at(-1)!.number : null,
  }
}

test('of 10,000 random grants and queries every one shows exactly the rows, columns and masks of the rule, or is refused', async () => {
  let [shown, rows, refused] = [0, 0, 0]
  await fc.assert(
    fc.asyncProperty(asked, async ({ grant: input, query }) => {
      const want = expected(input, query)
      const read = reader.read(mint(input), query)
      if (want) {
        assert.deepEqual(await read, want)
        shown++
        rows += want.rows.length
      } else {
        await assert.rejects(read, (error) => error instanceof AppError && error.kind === 'invalid' && error.details.problems!.length > 0)
        refused++
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 10_000), endOnFailure: true },
  )
  assert.ok(shown > refused / 10 && rows > shown && refused > 0, `${shown} shown, ${rows} rows, ${refused} refused`)
})

test('a hidden column, a masked one and one that does not exist tell nothing', async () => {
  const grant = mint({
    items: [
      { item: 'count', mask: 'none' },
      { item: 'name', mask: 'name' },
    ],
  })
  const refusal = async (item: string) => {
    const read = reader.read(grant, { conditions: [{ item, operator: 'eq', value: '1' }], limit: 1 })
    const error = await read.then(
      () => assert.fail('it was read'),
      (thrown: AppError) => thrown,
    )
    return JSON.stringify(error.details).replaceAll(item, 'X')
  }
  assert.equal(await refusal('born'), await refusal('never'))
  assert.equal(await refusal('secret'), await refusal('never'))
  assert.match(await refusal('name'), /security\.item_masked/)
  for (const items of [['secret'], ['_row'], ['count', 'count']]) await assert.rejects(reader.read(grant, { items, limit: 1 }), AppError)
})

test('a grant is made by minting only, and does not change afterwards', async () => {
  const grant = mint({})
  await assert.rejects(reader.read({ ...grant } as Grant, { limit: 1 }), /minted grants only/)
  assert.throws(() => (grant.columns as unknown[]).push({}), TypeError)
  assert.throws(() => Object.assign(grant, { maxRows: 1e9 }), TypeError)
})

test('a decision that does not fit its table names every problem by its place', () => {
  const problems = (change: Partial<GrantInput>) => {
    try {
      mint(change)
    } catch (error) {
      if (error instanceof AppError) return error.details.problems!.map(({ pointer, code }) => `${pointer} ${code}`)
      throw error
    }
    return assert.fail('it was minted')
  }
  assert.deepEqual(
    problems({
      items: [
        { item: 'secret', mask: 'none' },
        { item: 'name', mask: 'toString' as MaskName },
        { item: '_row', mask: 'none' },
      ],
      rows: [
        { item: 'born', operator: 'gt', value: '2024-02-30' },
        { item: 'alive', operator: 'lt', value: 'true' },
        { item: 'x', operator: 'eq', value: '' },
      ],
    }),
    [
      '/items/0/item security.item_unknown',
      '/items/1/mask security.mask_unknown',
      '/items/2/item security.item_unknown',
      '/rows/0/value security.filter_value',
      '/rows/1/operator security.filter_operator',
      '/rows/2/item security.item_unknown',
      '/items value.required',
    ],
  )
})

test('bytes carry the same values, and no cell of a sheet starts like a formula', async () => {
  const grant = mint({
    items: [
      { item: 'name', mask: 'none' },
      { item: 'money', mask: 'none' },
    ],
  })
  const lines = (await text(await reader.readBytes(grant, { limit: 1000 }, 'JSONCompactEachRow')))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    lines,
    tableRows.map((row) => [row[0], row[4]]),
  )
  const cells = (await text(await reader.readBytes(grant, { items: ['name'], limit: 1000 }, 'TSV'))).trim().split('\n')
  const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', "'": "\\'" }
  const tsv = (value: string | null) => (value === null ? '\\N' : guardFormula(value).replace(/[\\\n\t']/g, (c) => escapes[c]!))
  assert.deepEqual(
    cells,
    tableRows.map((row) => tsv(row[0]!)),
  )
})

test('every value of the table is a value of its type', () => {
  for (const item of items)
    for (const value of item.values) assert.ok(value === null || isLakeValue(lakeTypeOf(item), value), `${item.code} ${value}`)
})
