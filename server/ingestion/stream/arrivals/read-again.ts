import { rowColumn } from '../../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../../store/index.ts'
import type { Reading } from '../../connectors/connector.ts'
import type { ColumnPlan } from '../../conversion/column-plan.ts'
import type { Change } from '../collect-changes.ts'
import { deletedColumn, keyNames, type StreamTables, versionColumn } from '../stream-tables.ts'
import { type Arrive, insertLines, lineOf, oneBlock } from './write-texts.ts'

const q = quoteIdentifier
const row = q(rowColumn)
const foundColumn = q('#found')
/** A statement names so many bytes of keys at most: servers and the engine's own line have limits. */
const fullBytes = 48 * 1024

export interface ReadingAgain {
  lake: LakeEngine
  tables: StreamTables
  reading: Reading
  columns: readonly ColumnPlan[]
  /** The columns of the key, which the reading brings after the others. */
  keys: readonly ColumnPlan[]
  /** Highest row number so far. */
  row: number
  visible: (version: number) => Promise<void>
  signal: AbortSignal
}

/**
 * Of a log that tells only which rows changed: reads them as they are now, by the same statement and conversions as a load. What is no
 * longer there is gone. What changed again meanwhile comes again, with a later version.
 */
export function readAgain({ lake, tables, reading, columns, keys, row: highest, visible, signal }: ReadingAgain): Arrive {
  let next = highest + 1
  const names = keys.map(({ source }) => source)
  const nothing = [...columns].map(() => null)
  return async (changes) => {
    for (const table of [tables.arrivals, tables.changed]) await lake.define(`TRUNCATE TABLE lake.${q(table)}`)
    await visible(changes.reduce((latest, { version }) => Math.max(latest, version), 0))
    const numbered = changes.map((change) => ({ ...change, row: next++ }))
    const headOf = ({ row, version }: { row: number; version: number }) => [String(row), String(version)]
    const gone = numbered.filter(({ values }) => values === null)
    if (gone.length > 0)
      await insertLines(
        lake,
        tables.arrivals,
        gone.map((one) => lineOf([...headOf(one), '1'], [...one.keys, ...nothing])),
      )
    const asked = numbered.filter(({ values }) => values !== null)
    if (asked.length === 0) return
    await insertLines(
      lake,
      tables.changed,
      asked.map((one) => lineOf(headOf(one), one.keys)),
    )
    for (const piece of piecesOf(asked)) {
      signal.throwIfAborted()
      const input = reading.byKeys!([...columns, ...keys], { names, rows: piece.map(({ keys }) => keys) })
      const parameters = { ...input.parameters, first: String(piece[0]!.row), last: String(piece.at(-1)!.row) }
      await input.run!(async () => {
        await lake.command(arriveSql(tables, columns, keys, input.parts[0]!), parameters, { ...oneBlock, signal })
        return piece.length
      })
    }
  }
}

function piecesOf<Asked extends Change>(asked: readonly Asked[]): Asked[][] {
  const pieces: Asked[][] = []
  let bytes = fullBytes
  for (const one of asked) {
    const own = one.keys.reduce((sum, text) => sum + 4 + 3 * (text?.length ?? 0), 0)
    if (bytes + own > fullBytes) {
      pieces.push([])
      bytes = 0
    }
    pieces.at(-1)!.push(one)
    bytes += own
  }
  return pieces
}

/** A key that the source calls the same in another spelling is not ours: its own change says so. */
function arriveSql({ arrivals, changed }: StreamTables, columns: readonly ColumnPlan[], keys: readonly ColumnPlan[], part: string): string {
  const own = keyNames(keys.length)
  const inputs = columns.map(({ input }) => q(input))
  const into = [row, versionColumn, deletedColumn, ...own, ...inputs]
  const values = [row, versionColumn, `NOT ${foundColumn}`, ...own.map((name) => `c.${name}`), ...inputs]
  const same = keys.map(({ input }, i) => `c.${own[i]} = r.${q(input)}`)
  const read = [...columns, ...keys].map(({ input }) => q(input))
  return `INSERT INTO lake.${q(arrivals)} (${into.join(', ')}) SELECT ${values.join(', ')}
    FROM (SELECT * FROM lake.${q(changed)} WHERE ${row} BETWEEN {first:UInt64} AND {last:UInt64}) AS c
    LEFT JOIN (SELECT toUInt8(1) AS ${foundColumn}, ${read.join(', ')} FROM ${part}) AS r ON ${same.join(' AND ')}`
}
