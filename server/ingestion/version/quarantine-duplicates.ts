import type { Item } from '#contract/catalog.ts'
import { lakeTypeOf, renderSql, rowColumn } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier, quoteText } from '../../store/index.ts'
import { createQuarantine, keysOf, type LoadTables, quarantineColumns } from '../load/lake-tables.ts'
import { hasTable } from '../load/load-object.ts'

const q = quoteIdentifier

/**
 * Rows whose key is there more than once: which of them is meant is for their owner to say, so all of them go to quarantine.
 * @param items those that the mapping fills
 * @returns how many rows
 */
export async function quarantineDuplicates(
  lake: LakeEngine,
  { staged, stagedQuarantine, ...tables }: LoadTables,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<number> {
  const keys = keysOf(items)
  const key = keys.map(q).join(', ')
  const twice = `SELECT ${key} FROM lake.${q(staged)} GROUP BY ${key} HAVING count() > 1`
  const settings = { optimize_aggregation_in_order: 1 }
  const [found] = await lake.measure<{ n: string }>(
    `SELECT count() AS n FROM (${twice} LIMIT 1)`,
    {},
    { priority: 'bulk', threads: 2, settings },
  )
  if (found!.n === '0') return 0
  if (!(await hasTable(lake, stagedQuarantine)))
    await createQuarantine(
      lake,
      { ...tables, staged, stagedQuarantine, quarantine: stagedQuarantine },
      items.map((item) => ({ item })),
      false,
    )
  const { row, item, reason, detail } = quarantineColumns
  const text = (each: Item) => renderSql(lakeTypeOf(each), q(each.code))
  const keyTexts = items.filter(({ code }) => keys.includes(code)).map((each) => `ifNull(${text(each)}, '')`)
  const [counted] = await lake.measure<{ n: string }>(
    `SELECT count() AS n FROM lake.${q(staged)} WHERE (${key}) IN (${twice})`,
    {},
    { priority: 'bulk', settings },
  )
  await lake.command(
    `INSERT INTO lake.${q(stagedQuarantine)} (${[rowColumn, ...items.map(({ code }) => code), row, item, reason, detail].map(q).join(', ')})
     SELECT ${q(rowColumn)}, ${items.map((each) => `toNullable(${text(each)})`).join(', ')}, toString(${q(rowColumn)}), ${quoteText(keys[0]!)},
       'ingestion.key_twice', substringUTF8(arrayStringConcat([${keyTexts.join(', ')}], ' / '), 1, 200)
     FROM lake.${q(staged)} WHERE (${key}) IN (${twice})`,
    {},
    { signal, threads: 2, settings },
  )
  await lake.command(`DELETE FROM lake.${q(staged)} WHERE (${key}) IN (${twice})`, {}, { signal, threads: 2 })
  return Number(counted!.n)
}
