import { quoteIdentifier } from '../quote-identifier.ts'
import type { Lake } from '../lake.ts'

/** A table of the lake, once it is known to be the same on both sides. */
export interface MovedTable {
  name: string
  rows: number
  /** Sum of the hashes of all rows, modulo 2^64: the same in any order. */
  digest: string
  /** Rows that this run had to copy; the others were there already. */
  copied: number
}

interface Fact {
  n: string
  digest: string
}

const rowsPerSlice = 4_000_000
const rowColumn = '_row'
const q = quoteIdentifier

/**
 * Copies every table of one lake into another and proves each slice by count and digest on both sides. Nothing is changed at `from`. Run
 * again after any interruption it goes on where it was: a slice that agrees is not copied a second time, a half one is deleted first.
 * @param say is told of each table that agrees
 * @throws Error naming the table whose copy does not agree
 */
export async function moveLake(
  { from, to }: { from: Lake; to: Lake },
  say: (table: MovedTable, at: number, of: number) => void,
  { sliceRows = rowsPerSlice }: { sliceRows?: number } = {},
): Promise<MovedTable[]> {
  const tables = await from.measure<{ name: string; definition: string; has_rows: number }>(
    `SELECT name, create_table_query AS definition, toUInt8(has(groupArray(c.name), '${rowColumn}')) AS has_rows
     FROM system.tables AS t LEFT JOIN (SELECT table, name FROM system.columns WHERE database = 'lake') AS c ON c.table = t.name
     WHERE t.database = 'lake' AND t.engine NOT IN ('Null', 'View', 'MaterializedView') GROUP BY t.name AS name, definition ORDER BY name`,
  )
  const moved: MovedTable[] = []
  for (const [i, { name, definition, has_rows }] of tables.entries()) {
    const slices = has_rows ? slicesByRow(from, name, sliceRows) : [{ where: 'true', parameters: {} }]
    const table = await moveTable({ from, to }, { name, definition }, slices)
    moved.push(table)
    say(table, i + 1, tables.length)
  }
  return moved
}

interface Slice {
  where: string
  parameters: Record<string, string>
}

/** Ranges of the row number: the table is sorted by it, so a range is read without the others. */
async function* slicesByRow(from: Lake, table: string, sliceRows: number): AsyncGenerator<Slice> {
  for (let after = '-1'; ; ) {
    const [found] = await from.measure<{ upto: string; n: string }>(
      `SELECT max(r) AS upto, count() AS n FROM (SELECT ${rowColumn} AS r FROM lake.${q(table)} WHERE toInt128(${rowColumn}) > {after:Int128} ORDER BY ${rowColumn} LIMIT {limit:UInt64})`,
      { after, limit: sliceRows },
      { priority: 'bulk' },
    )
    // The last one takes whatever lies beyond at the other side.
    if (Number(found!.n) < sliceRows) return yield { where: `toInt128(${rowColumn}) > {after:Int128}`, parameters: { after } }
    yield { where: `toInt128(${rowColumn}) > {after:Int128} AND ${rowColumn} <= {upto:UInt64}`, parameters: { after, upto: found!.upto } }
    after = found!.upto
  }
}

async function moveTable(
  { from, to }: { from: Lake; to: Lake },
  { name, definition }: { name: string; definition: string },
  slices: AsyncIterable<Slice> | Iterable<Slice>,
): Promise<MovedTable> {
  await to.define(definition.replace(/^CREATE TABLE /, 'CREATE TABLE IF NOT EXISTS '))
  let copied = 0
  for await (const slice of slices) copied += await moveSlice({ from, to }, name, slice)
  const whole = { where: 'true', parameters: {} }
  const [there, here] = [await factOf(from, name, whole), await factOf(to, name, whole)]
  if (!agree(there, here)) throw new Error(differs(name, there, here))
  return { name, rows: Number(here.n), digest: here.digest, copied }
}

/** @returns rows copied */
async function moveSlice({ from, to }: { from: Lake; to: Lake }, table: string, { where, parameters }: Slice): Promise<number> {
  const slice = { where, parameters }
  const there = await factOf(from, table, slice)
  const before = await factOf(to, table, slice)
  if (agree(there, before)) return 0
  if (before.n !== '0') await to.command(`DELETE FROM lake.${q(table)} WHERE ${where}`, parameters)
  const bytes = await from.bytes(`SELECT * FROM lake.${q(table)} WHERE ${where}`, parameters, 'Native')
  await to.insertStream(`lake.${table}`, 'Native', bytes)
  const after = await factOf(to, table, slice)
  if (!agree(there, after)) throw new Error(differs(table, there, after))
  return Number(after.n)
}

async function factOf(lake: Lake, table: string, { where, parameters }: Slice): Promise<Fact> {
  const [fact] = await lake.measure<Fact>(
    `SELECT count() AS n, toString(sum(cityHash64(tuple(*)))) AS digest FROM lake.${q(table)} WHERE ${where}`,
    parameters,
    { priority: 'bulk' },
  )
  return fact!
}

const agree = (one: Fact, other: Fact) => one.n === other.n && one.digest === other.digest
const differs = (table: string, from: Fact, to: Fact) =>
  `表 ${table} 两边不一致（${from.n} 行与 ${to.n} 行），请重新执行 / ${table} differs: ${from.n} rows here, ${to.n} there; run the command again`
