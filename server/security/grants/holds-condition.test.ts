import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { filterOperators, type RowCondition } from '#contract/sharing.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import { loadProfile } from '../../kernel/load-profile.ts'
import { type Ctx, type Lake, openLake, quoteIdentifier } from '../../store/index.ts'
import { openSealer } from '../seal.ts'
import { checkCondition } from './check-condition.ts'
import { holdsCondition } from './holds-condition.ts'
import { mintGrant } from './mint-grant.ts'
import { openLakeReader } from './read-lake.ts'

const profile = loadProfile('xiamen')
const items = [
  { code: 'name', dataType: 'C', values: ['张三', '李四', '', null, 'a*b_%', 'ab', '😀', '\ufb01', "o'b"] },
  { code: 'count', dataType: 'I', values: ['0', '-1', '9223372036854775807', null, '42', '100'] },
  { code: 'wide', dataType: 'I', length: 30, values: ['123456789012345678901234567890', '-5', null, '7'] },
  { code: 'money', dataType: 'Y', length: 20, scale: 2, values: ['0', '1.5', '-1234567890.12', '15', null, '0.05', '-0.05'] },
  { code: 'ratio', dataType: 'B', values: ['0.1', '-2.5', '1e300', null, '10'] },
  { code: 'born', dataType: 'D', values: ['1949-10-01', '2024-02-29', '1900-01-01', null] },
  { code: 'seen', dataType: 'T', values: ['1986-05-04 00:30:00', '2024-01-01 10:20:30.12', '2024-01-01 10:20:30', null] },
  { code: 'alive', dataType: 'L', values: ['true', 'false', null] },
].map((item) => ({ length: null, scale: null, isKey: false, ...item })) as {
  code: string
  dataType: 'C'
  length: number | null
  scale: number | null
  isKey: boolean
  values: (string | null)[]
}[]
const rows = Array.from({ length: 40 }, (_, r) => items.map(({ values }, c) => values[(r * 5 + c) % values.length] ?? null))

let lake: Lake
let reader: Pick<Ctx, 'read'>
const folder = mkdtempSync(join(tmpdir(), 'datong-holds-'))
before(async () => {
  lake = await openLake({ dir: join(folder, 'lake') })
  reader = openLakeReader(lake, await openSealer(join(folder, 'keys')))
  const columns = items.map((item) => `${quoteIdentifier(item.code)} ${lakeTypeOf(item).column}`)
  await lake.define(`CREATE TABLE people (_row UInt64, ${columns.join(', ')}) ENGINE = MergeTree ORDER BY _row`)
  for (const [i, row] of rows.entries()) {
    const values = items.map((item, c) => (row[c] === null ? 'NULL' : `CAST({v${c}:String} AS ${lakeTypeOf(item).value})`))
    const parameters = Object.fromEntries(row.flatMap((value, c) => (value === null ? [] : [[`v${c}`, value]])))
    await lake.command(`INSERT INTO people SELECT {row:UInt64}, ${values.join(', ')}`, { row: i + 1, ...parameters })
  }
})
after(async () => {
  await lake.close()
  rmSync(folder, { recursive: true, force: true })
})

const other = fc.constantFrom('null', 'not_null', '*三', '*', 'a*', '*b*', '%', '007', '1.50', '2024-01-01T10:20:30.120', '😀')
const condition = fc.constantFrom(...items).chain(({ code, values }): fc.Arbitrary<RowCondition> => {
  const one = fc.oneof(fc.constantFrom(...values.filter((value) => value !== null)), other)
  return fc.record({
    item: fc.constant(code),
    operator: fc.constantFrom(...filterOperators),
    value: fc.oneof({ weight: 5, arbitrary: one }, { weight: 1, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }) }),
  })
})
const typeOf = (code: string) => lakeTypeOf(items.find((item) => item.code === code)!)

test('a row that is found by key satisfies exactly the conditions that the engine says it does', async () => {
  const base = { decisionId: 'SQ-1', holderOrgId: 'x', purpose: '核验', table: 'people', tableItems: items, maxRows: 100 }
  const all = items.map(({ code }) => ({ item: code, mask: 'none' as const }))
  const { rows: texts } = await reader.read(mintGrant({ profile }, { ...base, items: all, rows: [] }), { limit: 100 })
  const fit = condition.filter((one) => checkCondition(one, typeOf(one.item), '').length === 0)
  await fc.assert(
    fc.asyncProperty(fit, async (one) => {
      const grant = mintGrant({ profile }, { ...base, items: all, rows: [one] })
      const found = await reader.read(grant, { limit: 100 })
      const place = items.findIndex(({ code }) => code === one.item)
      assert.deepEqual(
        texts.filter((row) => holdsCondition({ ...one, type: typeOf(one.item) }, row[place] ?? null)),
        found.rows,
      )
    }),
    { numRuns: 600 },
  )
})

test('a pattern of many stars does not run away', () => {
  const like = { item: 'name', operator: 'like' as const, value: `${'a*'.repeat(200)}b`, type: typeOf('name') }
  assert.equal(holdsCondition(like, 'a'.repeat(100_000)), false)
})
