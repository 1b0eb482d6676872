import type { Item } from '#contract/catalog.ts'
import type { RowCondition } from '#contract/sharing.ts'

/** What makes an item another item, whatever it is called: a decision about the one is none about the other. */
const isSame = (a: Item, b: Item): boolean => a.dataType === b.dataType && a.sensitiveKind === b.sensitiveKind && a.level === b.level

/**
 * The codes that a grant names and that some later version of its entry dropped or redefined, also when the newest version
 * has such a code again. `versions` begins with the one that the grant was last compared with.
 */
export function findLostItems(
  versions: readonly { items: readonly Item[] }[],
  grant: { items: readonly { code: string }[]; conditions: readonly RowCondition[] },
): Set<string> {
  const [first, ...later] = versions.map(({ items }) => new Map(items.map((item) => [item.code, item])))
  const named = new Set([...grant.items.map(({ code }) => code), ...grant.conditions.map(({ item }) => item)])
  return new Set(
    [...named].filter((code) => {
      const known = first?.get(code)
      return !known || later.some((items) => !items.has(code) || !isSame(known, items.get(code)!))
    }),
  )
}
