import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EntryContent, Item } from '#contract/catalog.ts'
import { anyContent } from '#testing/any-content.ts'
import { buildContent } from '#testing/build-entry.ts'
import { compareContents } from './compare-contents.ts'

const toTuples = (before: EntryContent, after: EntryContent) =>
  compareContents(before, after).map(({ pointer, label, kind }) => [pointer, label, kind])

test('items are matched by code: renamed, added, removed and moved ones are told apart', () => {
  const before = buildContent({ name: '公交线路' })
  const [id, name, time] = before.items as [Item, Item, Item]
  const after = { ...before, items: [time, { ...id, name: '线路编号' }, { ...time, code: 'stops', name: '站点数' }] }
  assert.deepEqual(toTuples(before, after), [
    ['/items/1/name', '信息项“线路编号”信息项名称', 'changed'],
    ['/items/2', '信息项“站点数”', 'added'],
    ['/items/1', '信息项“名称”', 'removed'],
    ['/items', '信息项顺序', 'changed'],
  ])
  assert.equal(name.code, 'name')
})

// Items of one code are no content that can be submitted, but a draft may hold them while it is written.
const pairs = fc.tuple(anyContent, anyContent, fc.integer({ min: 0, max: 3 })).map(([a, b, mix]): [EntryContent, EntryContent] => {
  if (mix === 0) return [a, structuredClone(a)]
  if (mix === 1) return [a, { ...a, items: a.items.toReversed(), remark: b.remark }]
  return mix === 2 ? [a, { ...a, items: [...a.items, ...b.items], level: b.level }] : [a, b]
})

test('there is a difference exactly when the contents differ', () => {
  fc.assert(fc.property(pairs, ([a, b]) => assert.equal(compareContents(a, b).length === 0, JSON.stringify(a) === JSON.stringify(b))))
})

test('backwards, what was added is removed and every change has its sides swapped', () => {
  const unique = pairs.filter(([a, b]) => [a, b].every(({ items }) => new Set(items.map(({ code }) => code)).size === items.length))
  fc.assert(
    fc.property(unique, ([a, b]) => {
      const [forth, back] = [compareContents(a, b), compareContents(b, a)]
      const count = (list: typeof forth, kind: string) => list.filter((one) => one.kind === kind).length
      assert.equal(count(forth, 'added'), count(back, 'removed'))
      assert.equal(count(forth, 'removed'), count(back, 'added'))
      const sides = (list: typeof forth, from: 'before' | 'after') => list.map((one) => JSON.stringify(one[from])).sort()
      assert.deepEqual(sides(forth, 'after'), sides(back, 'before'))
    }),
  )
})

test('the differences, carried out on the first content, give the second', () => {
  fc.assert(fc.property(pairs, ([a, b]) => assert.deepEqual(carryOut(a, b), b)))
})

/** Applies what a reader is shown; the order of items is taken from the pointers of `after`. */
function carryOut(before: EntryContent, after: EntryContent): EntryContent {
  const content = structuredClone(before) as unknown as Record<string, unknown>
  const items = new Map(before.items.map((item, i) => [`/items/${i}`, structuredClone(item)]))
  const unmatched = new Map(Map.groupBy(before.items, ({ code }) => code))
  const rows = after.items.map(({ code }) => structuredClone(unmatched.get(code)?.shift()))
  for (const { pointer, kind, after: value } of compareContents(before, after)) {
    const [, field, index, itemField] = pointer.split('/') as [string, string, string?, string?]
    if (field !== 'items') content[field] = value
    else if (kind === 'removed') items.delete(pointer)
    else if (kind === 'added') rows[Number(index)] = value as Item
    else if (itemField) Object.assign(rows[Number(index)]!, { [itemField]: value })
  }
  return { ...(content as unknown as EntryContent), items: rows as Item[] }
}
