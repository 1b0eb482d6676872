import { renderSql } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn, hashColumn, type Reading } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { dropTable, dropTables, inputType, type LoadTables } from '../load/lake-tables.ts'
import type { WholeObject } from '../load/load-full.ts'
import { countTable, loadObject, type Outcome } from '../load/load-object.ts'
import { type QuarantineLimit, refuseMuch } from '../quarantine/limit-quarantine.ts'
import { changeColumn, changeKinds, findChanges } from '../version/find-changes.ts'
import { hasHashes } from '../version/has-hashes.ts'

const q = quoteIdentifier

/** Above this share of the rows, or this number, reading them by key would cost more than reading everything. */
const most = { share: 0.1, rows: 500_000, few: 1000 }
/** Of a part of the rows: what is wrong is judged against all of them. */
const noLimit: QuarantineLimit = { share: 1, rows: null }
/** A statement names so many bytes of keys at most: servers and the engine's own line have limits. */
const pieceBytes = 48 * 1024

/**
 * Reads of each row the key and the hash that the source makes of it, finds what differs from the live table, and reads only those
 * rows, into `staged`; their keys, and those that are gone, are in `differing`. The numbers are those of the whole object: a row that
 * was not read again hashes as it did when it was loaded.
 * @param object to be read into the tables of the stage
 * @returns null where this is not possible, or would be no shorter; nothing is left of it then
 */
export async function readDiffering(
  lake: LakeEngine,
  live: string,
  object: WholeObject,
  readWhole: (object: WholeObject) => Promise<Outcome>,
): Promise<Outcome | null> {
  const { reading, columns, tables, rowHash } = object
  const keys = columns.filter(({ item }) => item.isKey)
  if (rowHash === undefined || !reading.byKeys || !keys.every(isFoundByItsText) || !(await hasHashes(lake, live))) return null
  const hashes = await readWhole(keyHashesOf(object, keys))
  try {
    const outcome = await readAgain(lake, live, object, keys, hashes)
    if (outcome === null) await dropTables(lake, tables)
    return outcome
  } finally {
    for (const table of [tables.keyHashes, tables.landing]) await dropTable(lake, table)
  }
}

/** What the lake holds of a key is what the source calls it. */
const isFoundByItsText = ({ arrival, conversion }: ColumnPlan): boolean =>
  arrival.as === 'integer' || (arrival.as === 'text' && conversion === 'text')

/** The same object, of whose rows only the key and the hash come. */
function keyHashesOf(object: WholeObject, keys: readonly ColumnPlan[]): WholeObject {
  const { reading, columns, tables } = object
  return {
    ...object,
    reading: { ...reading, input: (_, how) => reading.input(columns, { ...how, onlyKeys: true }), unreadable: 0 },
    columns: keys,
    items: keys.map(({ item }) => item),
    tables: { ...tables, target: tables.keyHashes },
    verify: 'count',
    isKeyed: 'keysOnly',
    // A key that is wrong is for the whole reading to show, with its row.
    quarantineLimit: noLimit,
  }
}

/** Null: a key that cannot be told, or too many that differ. */
async function readAgain(
  lake: LakeEngine,
  live: string,
  object: WholeObject,
  keys: readonly ColumnPlan[],
  hashes: Outcome,
): Promise<Outcome | null> {
  const { tables, quarantineLimit, signal, onCounted: _, ...others } = object
  if (hashes.quarantined > 0) return null
  const codes = keys.map(({ item }) => item.code)
  const found = await findChanges({
    lake,
    before: `lake.${q(live)}`,
    after: `lake.${q(tables.keyHashes)}`,
    like: live,
    keys: codes,
    by: hashColumn,
    into: tables.differing,
    signal,
  })
  const asked = found.inserted + found.changed
  if (asked > Math.max(most.few, Math.min(most.rows, most.share * hashes.read))) return null
  // A key that is there twice would meet the same row twice.
  if ((await countTable(lake, live)) + found.inserted - found.deleted !== hashes.written) return null
  const landed = await landRows(lake, object, keys)
  // What has gone since, or is called otherwise at the source: only a whole reading tells which.
  if (landed !== asked) return null
  const read = await loadObject({
    ...others,
    tables,
    signal,
    reading: landedReading(object, landed),
    verify: 'content',
    quarantineLimit: noLimit,
    asSnapshot: false,
  })
  const agrees = object.verify === 'content' ? read.agrees : null
  const outcome = { ...read, read: hashes.read, sent: hashes.sent, written: hashes.written - read.quarantined, agrees }
  refuseMuch(quarantineLimit, outcome, tables.quarantine)
  return outcome
}

/** The rows that differ, as texts in a table of the load. @returns how many came */
async function landRows(
  lake: LakeEngine,
  { reading, columns, tables, rowHash, signal }: WholeObject,
  keys: readonly ColumnPlan[],
): Promise<number> {
  const texts = [
    ...columns.map((column) => `${q(column.input)} ${inputType(column)}`),
    `${q(digestColumn)} String`,
    `${q(hashColumn)} Int64`,
  ]
  await dropTable(lake, tables.landing)
  await lake.define(`CREATE TABLE lake.${q(tables.landing)} (${texts.join(', ')}) ENGINE = MergeTree ORDER BY tuple()`)
  const names = [...columns.map(({ input }) => input), digestColumn, hashColumn].map(q).join(', ')
  for (const rows of piecesOf(await keysToRead(lake, tables, keys))) {
    signal.throwIfAborted()
    const named = { names: keys.map(({ source }) => source), rows }
    const { parts, parameters, settings, run } = reading.byKeys!(columns, named, { withDigest: true, rowHash: rowHash! })
    await run!(async () => {
      await lake.command(`INSERT INTO lake.${q(tables.landing)} (${names}) SELECT ${names} FROM ${parts[0]}`, parameters, {
        signal,
        settings,
      })
      return rows.length
    })
  }
  return countTable(lake, tables.landing)
}

/** Of rows that are there and differ, the keys as texts; as many arrays as the key has columns. */
async function keysToRead(lake: LakeEngine, { differing }: LoadTables, keys: readonly ColumnPlan[]): Promise<string[][]> {
  const texts = keys.map(({ type, item }, i) => `groupArray(${renderSql(type, q(item.code))}) AS k${i}`)
  const [found] = await lake.measure<Record<string, string[]>>(
    `SELECT ${texts.join(', ')} FROM lake.${q(differing)} WHERE ${q(changeColumn)} != ${changeKinds.deleted}`,
    {},
    { priority: 'bulk' },
  )
  const [first = [], ...others] = keys.map((_, i) => found![`k${i}`]!)
  return first.map((text, row) => [text, ...others.map((column) => column[row]!)])
}

function* piecesOf(rows: readonly string[][]): Generator<string[][]> {
  let piece: string[][] = []
  let bytes = 0
  for (const row of rows) {
    const own = row.reduce((sum, text) => sum + 8 + 3 * text.length, 0)
    if (bytes + own > pieceBytes && piece.length > 0) {
      yield piece
      piece = []
      bytes = 0
    }
    piece.push(row)
    bytes += own
  }
  if (piece.length > 0) yield piece
}

/** Rows that have landed, as a reading of their own. */
const landedReading = ({ reading, columns, tables }: WholeObject, rows: number): Reading => {
  const names = [...columns.map(({ input }) => input), digestColumn, hashColumn].map(q).join(', ')
  return {
    arrivals: reading.arrivals,
    input: async () => ({
      // Named one by one: on a cluster the rows would else be numbered on each node.
      parts: [`(SELECT ${names} FROM lake.${q(tables.landing)})`],
      parameters: {},
      settings: {},
      hasDigest: true,
      hasHash: true,
      isSnapshot: false,
    }),
    unreadable: 0,
    count: async () => rows,
    close: async () => {},
  }
}
