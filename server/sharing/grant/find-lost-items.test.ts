import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Item } from '#contract/catalog.ts'
import { findLostItems } from './find-lost-items.ts'

const codes = ['a', 'b', 'c'] as const
const kinds = ['none', 'name', 'phone'] as const
/** A version: which codes it has, and what each of them is. */
const version = fc.dictionary(fc.constantFrom(...codes), fc.constantFrom(...kinds)).map((kindsOf) => ({
  items: Object.entries(kindsOf).map(([code, sensitiveKind]) => ({ code, sensitiveKind, dataType: 'C', level: 'L1' }) as Item),
}))

test('an item is kept exactly when every version since the decision has it unchanged', () => {
  fc.assert(
    fc.property(fc.array(version, { minLength: 1, maxLength: 6 }), fc.subarray([...codes]), (versions, granted) => {
      const lost = findLostItems(versions, { items: granted.map((code) => ({ code })), conditions: [] })
      for (const code of granted) {
        const seen = versions.map(({ items }) => items.find((item) => item.code === code)?.sensitiveKind)
        const isUnchanged = seen[0] !== undefined && seen.every((kind) => kind === seen[0])
        assert.equal(lost.has(code), !isUnchanged)
      }
    }),
    { numRuns: 10_000 },
  )
})

test('items that only rows are selected by are followed too, and a new description is no new item', () => {
  const item = { code: 'a', name: '旧名', dataType: 'C', sensitiveKind: 'none', level: 'L1', description: '' } as Item
  const grant = { items: [], conditions: [{ item: 'a', operator: 'eq' as const, value: '1' }] }
  assert.deepEqual([...findLostItems([{ items: [item] }, { items: [{ ...item, name: '新名', description: '说明' }] }], grant)], [])
  assert.deepEqual([...findLostItems([{ items: [item] }, { items: [{ ...item, level: 'L3' }] }], grant)], ['a'])
})
