import { join } from 'node:path'
import type { Config } from './config.ts'
import {
  type ControlPlane,
  damagedTables,
  findUnreadable,
  type Lake,
  lockHome,
  openDb,
  openLake,
  quoteIdentifier,
  verifyChain,
} from './store/index.ts'

/** What a walk through everything that a city keeps has found; each problem names its place. */
export interface Verification {
  entries: number
  head: string
  tables: number
  problems: string[]
}

/**
 * Walks the audit chain, reads every row of the control plane, whose pages have checksums, and has the embedded lake compare every
 * file of its tables with its checksum; counts the rows that loads left. The city must not be running. Servers of its own are checked
 * by their own tools.
 */
export async function verifyCity({ home, databaseUrl, clickhouseUrls }: Config): Promise<Verification> {
  const lock = await lockHome(home)
  const problems: string[] = []
  const name = (error: Error) => void problems.push(error.message)
  const plane = await openDb({ home, databaseUrl }).catch(name)
  const { entries, head, counts } = plane ? await checkPlane(plane, problems) : { entries: 0, head: '', counts: [] }
  const lake = clickhouseUrls.length === 0 ? await openLake({ dir: join(home, 'lake') }).catch(name) : undefined
  const tables = lake ? await checkLake(lake, counts, problems) : 0
  await lock.release()
  return { entries, head, tables, problems }
}

async function checkPlane(plane: ControlPlane, problems: string[]): Promise<{ entries: number; head: string; counts: Count[] }> {
  for (const { table, message } of await findUnreadable(plane.db))
    problems.push(`控制库表 ${table} 损坏 / table ${table} of the control plane is damaged: ${message}`)
  const { entries, intact, firstBadSeq, head } = await verifyChain(plane.db).catch((error: Error) => {
    problems.push(`审计日志无法读取 / the audit log does not read: ${error.message}`)
    return { entries: 0, intact: true, firstBadSeq: null, head: '' }
  })
  if (!intact) problems.push(`审计链在第 ${firstBadSeq} 条断裂 / the audit chain is broken at entry ${firstBadSeq}`)
  const counts = await findCounts(plane).catch((error: Error) => {
    problems.push(`各数据表的行数无法读取 / the rows of the tables do not read: ${error.message}`)
    return []
  })
  await plane.close()
  return { entries, head: String(head), counts }
}

interface Count {
  table: string
  rows: number
}

/** How many rows each load left in the table that is live. (A stream's table has further rows of its own.) */
async function findCounts({ db }: ControlPlane): Promise<Count[]> {
  const found = await db.selectFrom('catalog.resource').select(['lake_table', 'rows']).where('lake_table', 'like', 'r\\_%').execute()
  return found.map(({ lake_table, rows }) => ({ table: lake_table!, rows }))
}

async function checkLake(lake: Lake, counts: readonly Count[], problems: string[]): Promise<number> {
  const found = await lake.measure<{ name: string }>("SELECT name FROM system.tables WHERE database = 'lake' AND engine LIKE '%MergeTree'")
  const names = found.map(({ name }) => name)
  const aside = damagedTables(names)
  for (const name of aside) problems.push(`数据表 ${name} 损坏，已停用 / table ${name} of the lake is damaged and put aside`)
  const rest = names.filter((name) => !aside.some((one) => name.endsWith(one)))
  for (const name of rest) {
    const settings = { check_query_single_value_result: 0 }
    const parts = await lake.measure<{ part_path: string; is_passed: number }>(
      `CHECK TABLE lake.${quoteIdentifier(name)}`,
      {},
      { priority: 'bulk', settings },
    )
    for (const { part_path, is_passed } of parts)
      if (is_passed !== 1) problems.push(`数据表 ${name} 损坏（${part_path}）/ table ${name} of the lake is damaged`)
  }
  // A part that says of itself that it has no rows is dropped by the engine before anything could compare its files.
  for (const { table, rows } of counts.filter(({ table }) => rest.includes(table))) {
    const [found] = await lake.measure<{ n: number }>(`SELECT toFloat64(count()) AS n FROM lake.${quoteIdentifier(table)}`)
    if (found!.n !== rows)
      problems.push(
        `数据表 ${table} 应有 ${rows} 行，现有 ${found!.n} 行 / table ${table} of the lake has ${found!.n} rows instead of ${rows}`,
      )
  }
  await lake.close()
  return names.length
}
