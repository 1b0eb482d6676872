import type { Item } from '#contract/catalog.ts'
import type { PublishedEntry } from '../../catalog/index.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import type { Ctx } from '../../store/index.ts'

/**
 * The published items that the live table holds, with the type that they are published with. After a change of the entry
 * the table lags behind until the next load: what it does not hold yet cannot be supplied.
 */
export async function findTableItems(
  ctx: Pick<Ctx, 'lake'>,
  { table, content }: Pick<PublishedEntry, 'table' | 'content'>,
): Promise<Item[]> {
  if (!table) return []
  const columns = await ctx.lake.measure<{ name: string; type: string }>(
    'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}',
    { table },
  )
  const types = new Map(columns.map(({ name, type }) => [name, type.replace(/^(?:Nullable|LowCardinality)\((.+)\)$/, '$1')]))
  return content.items.filter((item) => types.get(item.code) === lakeTypeOf(item).value)
}

/** Whether everything that a grant shows or selects by is among the items. */
export const holdsAll = (
  items: readonly Item[],
  { shown, conditions }: { shown: readonly string[]; conditions: readonly { item: string }[] },
) => {
  const held = new Set(items.map(({ code }) => code))
  return [...shown, ...conditions.map(({ item }) => item)].every((code) => held.has(code))
}
