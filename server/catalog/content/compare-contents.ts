import type { Difference, EntryContent, Item } from '#contract/catalog.ts'
import { entryFields, itemFields } from '#contract/catalog-fields.ts'
import type { z } from 'zod'

type Change = z.infer<typeof Difference>

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * What changed from one content to another, in the order of the form. Items are the same item when they have the same
 * code; pointers lead into `after`, of what was removed into `before`. Empty exactly when the contents are equal. Pure.
 */
export function compareContents(before: EntryContent, after: EntryContent): Change[] {
  return (Object.keys(entryFields) as (keyof EntryContent)[]).flatMap((field) => {
    if (field === 'items') return compareItems(before.items, after.items)
    if (isSame(before[field], after[field])) return []
    return [{ pointer: `/${field}`, label: entryFields[field].zh, kind: 'changed' as const, before: before[field], after: after[field] }]
  })
}

/** Codes are unique in what was submitted; in a draft a repeated code pairs off in order. */
function compareItems(before: readonly Item[], after: readonly Item[]): Change[] {
  const rest = new Map(Map.groupBy(before.entries(), ([, item]) => item.code))
  const kept: number[] = []
  const changes = after.flatMap((item, i): Change[] => {
    const match = rest.get(item.code)?.shift()
    if (!match) return [{ pointer: `/items/${i}`, label: labelOf(item), kind: 'added', before: null, after: item }]
    kept.push(match[0])
    return compareItem(match[1], item, `/items/${i}`)
  })
  const removed = [...rest.values()]
    .flat()
    .sort(([a], [b]) => a - b)
    .map(([i, item]): Change => ({ pointer: `/items/${i}`, label: labelOf(item), kind: 'removed', before: item, after: null }))
  const isMoved = kept.some((at, i) => i > 0 && at < kept[i - 1]!)
  const codes = (items: readonly Item[]) => items.map(({ code }) => code)
  const order: Change[] = isMoved
    ? [{ pointer: '/items', label: '信息项顺序', kind: 'changed', before: codes(before), after: codes(after) }]
    : []
  return [...changes, ...removed, ...order]
}

const labelOf = ({ name }: Item) => `${entryFields.items.zh}“${name}”`

function compareItem(before: Item, after: Item, pointer: string): Change[] {
  return (Object.keys(itemFields) as (keyof Item)[])
    .filter((field) => !isSame(before[field], after[field]))
    .map((field) => ({
      pointer: `${pointer}/${field}`,
      label: `${labelOf(after)}${itemFields[field].zh}`,
      kind: 'changed',
      before: before[field],
      after: after[field],
    }))
}
