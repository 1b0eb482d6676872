import { rowColumn } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { convertColumn, rawText } from '../conversion/convert-column.ts'
import { longStatement, makeDefinitions } from '../conversion/definitions.ts'
import { plainColumn } from '../conversion/plain-column.ts'
import { type Fault, faultSql } from '../load/fault-sql.ts'
import { quarantineColumns } from '../load/lake-tables.ts'
import type { Batch } from './collect-changes.ts'
import { type Arrive, oneBlock } from './arrivals/write-texts.ts'
import { countLast, deletedColumn, keyNames, positionColumn, type StreamTables, versionColumn } from './stream-tables.ts'

const q = quoteIdentifier
const row = q(rowColumn)

export interface Applier {
  apply(batch: Batch): Promise<void>
  /** Rows that are in quarantine. */
  quarantined(): number
}

interface Place {
  lake: LakeEngine
  tables: StreamTables
  columns: readonly ColumnPlan[]
  /** Number of key columns. */
  keys: number
  /** Brings the changes of a batch into the table of arrivals. */
  arrive: Arrive
}

/**
 * Writes batches into a stream's table by the same conversions as loads. The quarantine is written first: should the program die
 * between the two, the batch comes again, and the same versions change nothing.
 */
export async function openApplier(place: Place): Promise<Applier> {
  const { lake, tables, keys } = place
  const statements = makeStatements(place)
  let quarantined = await countLast(lake, tables.quarantine)
  const count = async () => {
    quarantined = await countLast(lake, tables.quarantine)
  }
  const run = (sql: string, parameters = {}) => lake.command(sql, { ...statements.parameters, ...parameters }, oneBlock)

  return {
    quarantined: () => quarantined,
    async apply({ changes, position, emptiedAt }) {
      if (emptiedAt !== null) {
        for (const table of [tables.target, tables.quarantine]) await run(emptySql(table, keys), { version: emptiedAt })
        quarantined = 0
      }
      if (changes.size === 0) return
      await place.arrive([...changes.values()])
      const isAllPlain = statements.countOthers === null || (await isNone(lake, statements.countOthers, statements.parameters))
      if (!isAllPlain && statements.quarantine) await run(statements.quarantine, { position })
      if (!isAllPlain || quarantined > 0) {
        await run(statements.settle, { position })
        await count()
      }
      await run(isAllPlain ? statements.plain : statements.both, { position })
    },
  }
}

async function isNone(lake: LakeEngine, sql: string, parameters: Record<string, string[]>): Promise<boolean> {
  const [found] = await lake.measure<{ n: string }>(sql, parameters, { settings: longStatement })
  return found!.n === '0'
}

/** Every row that is still there gets a last version: gone. It carries no new position, as one block may not hold them all. */
function emptySql(table: string, keys: number): string {
  const names = keyNames(keys).join(', ')
  return `INSERT INTO lake.${q(table)} (${names}, ${row}, ${versionColumn}, ${deletedColumn}, ${positionColumn})
    SELECT ${names}, ${row}, {version:UInt64}, 1, ${positionColumn} FROM lake.${q(table)} FINAL WHERE ${versionColumn} < {version:UInt64}`
}

interface Statements {
  parameters: Record<string, string[]>
  /** Null where every row is plain. */
  countOthers: string | null
  plain: string
  both: string
  /** Null where nothing can be wrong. */
  quarantine: string | null
  /** Rows that were in quarantine and are good now, or gone, leave it. */
  settle: string
}

function makeStatements({ tables, columns, keys }: Place): Statements {
  const short = makeDefinitions()
  const plain = columns.map((column) => plainColumn(column, short))
  const conditions = plain.flatMap(({ isPlain }) => (isPlain === null ? [] : [`ifNull(${isPlain}, 0)`]))
  const isPlain = conditions.join(' AND ')
  const arrived = `lake.${q(tables.arrivals)}`
  const present = `(SELECT * FROM ${arrived} WHERE NOT ${deletedColumn})`
  const names = [...keyNames(keys), row, versionColumn]
  const inputs = columns.map(({ input }) => q(input))

  const long = makeDefinitions()
  const converted = columns.map((column) => convertColumn(column, long))
  const why = faultSql(columns, converted, long)
  const fault = why?.fault ?? '0'
  const others = long.over(`(SELECT ${[...names, ...inputs].join(', ')} FROM ${short.over(present)} WHERE NOT (${isPlain || 'true'}))`)

  const into = `INSERT INTO lake.${q(tables.target)} (${[...names, ...columns.map(({ item }) => q(item.code)), deletedColumn, positionColumn].join(', ')})`
  const select = (values: readonly string[], deleted: string, from: string) =>
    `SELECT ${[...names, ...values.map((value, i) => `CAST(${value} AS ${columns[i]!.type.column})`), `toUInt8(${deleted})`, '{position:UInt64}'].join(', ')} FROM ${from}`
  const nothing = columns.map(() => 'NULL')
  const shortWay = `${select(
    plain.map(({ value }) => value),
    '0',
    short.over(present),
  )}${isPlain ? ` WHERE ${isPlain}` : ''}`
  const gone = `${select(nothing, '1', arrived)} WHERE ${deletedColumn}`
  const longWay = select(
    converted.map(({ value }) => `if(${fault} = 0, ${value}, NULL)`),
    `${fault} != 0`,
    others,
  )
  return {
    parameters: { ...short.parameters, ...long.parameters },
    countOthers: isPlain ? `SELECT countIf(NOT (${isPlain})) AS n FROM ${short.over(present)}` : null,
    plain: `${into} ${shortWay} UNION ALL ${gone}`,
    both: `${into} ${shortWay} UNION ALL ${gone} UNION ALL ${longWay}`,
    quarantine: why && quarantineSql(tables, columns, names, why, `${others} WHERE ${fault} != 0`),
    settle: settleSql(tables, names, keys),
  }
}

function quarantineSql(tables: StreamTables, columns: readonly ColumnPlan[], names: readonly string[], why: Fault, from: string): string {
  const { row: rowName, item, reason, detail } = quarantineColumns
  const into = [...names, ...columns.map((column) => q(column.item.code)), ...[rowName, item, reason, detail].map(q), positionColumn]
  const values = [...names, ...columns.map(rawText), `toString(${row})`, why.item, why.reason, why.detail, '{position:UInt64}']
  return `INSERT INTO lake.${q(tables.quarantine)} (${into.join(', ')}) SELECT ${values.join(', ')} FROM ${from}`
}

function settleSql(tables: StreamTables, names: readonly string[], keys: number): string {
  const list = keyNames(keys).join(', ')
  const from = names.map((name) => `a.${name}`)
  return `INSERT INTO lake.${q(tables.quarantine)} (${[...names, deletedColumn, positionColumn].join(', ')})
    SELECT ${[...from, '1', '{position:UInt64}'].join(', ')} FROM lake.${q(tables.arrivals)} AS a
    INNER JOIN (SELECT ${list}, ${versionColumn} AS held FROM lake.${q(tables.quarantine)} FINAL) AS b USING (${list})
    WHERE b.held < a.${versionColumn}`
}
