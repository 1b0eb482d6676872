import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'

const q = quoteIdentifier

/**
 * Gives an empty table all rows of another one. Where both are built alike its parts are linked, not copied: a matter of
 * milliseconds whatever its size. Else, as when the items of the entry have changed, the columns that both have are copied.
 * @returns whether they were linked
 */
export async function cloneRows(lake: LakeEngine, from: string, to: string, signal: AbortSignal): Promise<boolean> {
  if (await isBuiltAlike(lake, from, to)) {
    await lake.define(`ALTER TABLE lake.${q(to)} ATTACH PARTITION tuple() FROM lake.${q(from)}`)
    return true
  }
  const found = await lake.measure<{ name: string }>(
    `SELECT name FROM system.columns WHERE database = 'lake' AND table IN ({from:String}, {to:String}) AND name != {digest:String}
     GROUP BY name HAVING count() = 2 ORDER BY name`,
    { from, to, digest: digestColumn },
  )
  const columns = found.map(({ name }) => q(name)).join(', ')
  await lake.command(`INSERT INTO lake.${q(to)} (${columns}) SELECT ${columns} FROM lake.${q(from)}`, {}, { signal, threads: 2 })
  return false
}

/** The same columns, in the same order of rows, with digests of the same texts. */
async function isBuiltAlike(lake: LakeEngine, one: string, other: string): Promise<boolean> {
  const [found] = await lake.measure<{ same: number }>(
    `SELECT uniqExact(columns, order) = 1 AS same
     FROM (SELECT table, arraySort(groupArray((position, name, type, default_expression, compression_codec))) AS columns
           FROM system.columns WHERE database = 'lake' AND table IN ({one:String}, {other:String}) GROUP BY table) AS c
     JOIN (SELECT name AS table, sorting_key AS order FROM system.tables WHERE database = 'lake') AS t USING (table)`,
    { one, other },
  )
  return found?.same === 1
}
