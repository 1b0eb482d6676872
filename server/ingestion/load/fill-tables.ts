import { AppError } from '../../kernel/errors.ts'
import { rowColumn, type TypedItem } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { countColumn, digestColumn, type EngineInput, hashColumn, markColumn } from '../connectors/connector.ts'
import { cleanSql } from '../conversion/clean-text.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { type ConvertedColumn, convertColumn, rawText } from '../conversion/convert-column.ts'
import { type Definitions, longStatement, makeDefinitions } from '../conversion/definitions.ts'
import { plainColumn } from '../conversion/plain-column.ts'
import { canonicalText, isCanonical } from '../digest/canonical-text.ts'
import { differs, fromHex, lakeDigest } from '../digest/source-digest.ts'
import { watchQuarantine } from '../quarantine/limit-quarantine.ts'
import { faultSql } from './fault-sql.ts'
import {
  createFanOut,
  createKeyedTarget,
  createQuarantine,
  createTarget,
  dropInput,
  type LoadTables,
  plainFlag,
  quarantineColumns,
} from './lake-tables.ts'

export interface Filling {
  lake: LakeEngine
  tables: LoadTables
  items: readonly TypedItem[]
  columns: readonly ColumnPlan[]
  input: EngineInput
  withDigest: boolean
  /** The target lies in the order of the key; `keysOnly`: it has the key and the hash of each row, no digest. */
  isKeyed?: boolean | 'keysOnly'
  /** When more rows than these can only go to quarantine, the reading stops: `full` aborts. */
  mostQuarantined?: number
  full?: AbortController
  signal: AbortSignal
  /** Tests give broken ones. */
  conversions?: Conversions
}

const q = quoteIdentifier

/** The two ways from a text to a value. */
export interface Conversions {
  plain: typeof plainColumn
  long: typeof convertColumn
}
const exact: Conversions = { plain: plainColumn, long: convertColumn }

/** The count that a snapshot brought, and the number that its row took. */
export interface Counted {
  rows: number
  at: number
  /** Where the rows bring marks: their sum, worked out by the source; the sum and the number of those that arrived. */
  marks: { sent: string; arrived: string; rows: number } | null
}

/**
 * Moves every row of the source into the target table or into quarantine; no row becomes an object here. One pass reads the
 * source: plain rows go straight to the target, the few others aside, from where they go the long way. Where the plan proves that
 * every row is plain, nothing is laid aside.
 * @returns the source's own count where it came as a snapshot; `full` where it was stopped: then only the quarantine says something
 */
export async function fillTables(filling: Filling): Promise<Counted | null | 'full'> {
  const { lake, tables, items, columns, input, withDigest, isKeyed, conversions = exact } = filling
  const definitions = makeDefinitions()
  const plain = columns.map((column) => conversions.plain(column, definitions))
  const conditions = plain.flatMap(({ isPlain }) => (isPlain === null ? [] : [isPlain]))
  const count = [...(input.isSnapshot ? [q(countColumn)] : []), ...(input.mark ? [q(markColumn)] : [])]
  if (input.isSnapshot) conditions.unshift(`isNull(${q(countColumn)})`)
  const inputs = columns.map(({ input }) => q(input))
  const isPlain = conditions.length > 0 ? conditions.join(' AND ') : 'true'
  const digest = withDigest ? [plainDigest(input, columns, isPlain, definitions)] : []
  const withHash = input.hasHash ?? false
  const hash = withHash ? [q(hashColumn)] : []
  const values = [q(rowColumn), ...plain.map(({ value }) => value), ...digest, ...hash]
  const into = [q(rowColumn), ...columns.map(({ item }) => q(item.code)), ...(withDigest ? [q(digestColumn)] : []), ...hash]
  const from = definitions.over(numberedRows(input, [...inputs, ...count]))
  if (isKeyed) await createKeyedTarget(lake, tables, items, columns, { withDigest: isKeyed !== 'keysOnly', withHash })
  else if (!input.row) await createTarget(lake, tables, items, withDigest)
  const isDirect = conditions.length === 0
  if (!isDirect) await createFanOut(lake, tables, columns, { withDigest, withHash, isSnapshot: input.isSnapshot, mark: input.mark ?? null })
  const read = async (signal: AbortSignal) => {
    await lake.command(
      isDirect
        ? `INSERT INTO lake.${q(tables.target)} (${into.join(', ')}) SELECT ${values.join(', ')} FROM ${from}`
        : `INSERT INTO lake.${q(tables.input)} (${[...into, q(plainFlag), ...inputs, ...count].join(', ')})
         SELECT ${[...values, isPlain, ...inputs, ...count].join(', ')} FROM ${from}`,
      { ...input.parameters, ...definitions.parameters },
      {
        signal,
        threads: 2,
        settings: { ...input.settings, ...longStatement, parallel_view_processing: 1, max_insert_threads: input.parts.length },
      },
    )
    return countTables(lake, isDirect ? [tables.target] : [tables.target, tables.aside])
  }
  const isStopped = await readUntilFull(filling, isDirect, read)
  if (isDirect) return null
  const counted = input.isSnapshot && !isStopped ? await takeCount(lake, tables, input.mark !== undefined) : null
  await takeLongWay(filling)
  await dropInput(lake, tables)
  return isStopped ? 'full' : counted
}

/** @returns whether the reading was stopped, since too many of its rows can only go to quarantine */
async function readUntilFull(filling: Filling, isDirect: boolean, read: (signal: AbortSignal) => Promise<number>): Promise<boolean> {
  const { lake, tables, input, signal, mostQuarantined: most = Number.POSITIVE_INFINITY, full = new AbortController() } = filling
  const counts = { countAside: () => countTables(lake, [tables.aside]), countFaulty: () => countFaulty(filling) }
  const watch = isDirect || most === Number.POSITIVE_INFINITY ? null : watchQuarantine(full, most, counts)
  const ending = AbortSignal.any([signal, full.signal])
  try {
    await (input.run ? input.run(() => read(ending)) : read(ending))
    return false
  } catch (error) {
    if (!full.signal.aborted || signal.aborted) throw error
    return true
  } finally {
    await watch?.end()
  }
}

async function countTables(lake: LakeEngine, tables: readonly string[]): Promise<number> {
  const counts = tables.map((table) => `(SELECT count() FROM lake.${q(table)})`)
  const [found] = await lake.measure<{ n: string }>(`SELECT ${counts.join(' + ')} AS n`)
  return Number(found!.n)
}

/** What the row with the count says. @throws unavailable `ingestion.source_lost` where it did not come: the statement was cut short */
async function takeCount(lake: LakeEngine, { aside, sums }: LoadTables, hasMarks: boolean): Promise<Counted> {
  const mark = hasMarks ? `toString(max(${q(markColumn)}))` : `''`
  const [found] = await lake.measure<{ n: string; rows: string; at: string; mark: string }>(
    `SELECT count() AS n, max(${q(countColumn)}) AS rows, max(${q(rowColumn)}) AS at, ${mark} AS mark FROM lake.${q(aside)} WHERE isNotNull(${q(countColumn)})`,
  )
  if (found!.n !== '1') throw new AppError('unavailable', 'ingestion.source_lost', { params: { code: 'snapshot' } })
  const [arrived] = hasMarks
    ? await lake.measure<{ rows: string; marks: string }>(`SELECT sum(rows) AS rows, sum(marks) AS marks FROM lake.${q(sums)}`)
    : []
  const marks = arrived ? { sent: found!.mark, arrived: arrived.marks, rows: Number(arrived.rows) } : null
  return { rows: Number(found!.rows), at: Number(found!.at), marks }
}

/** All that were laid aside, but for the row of the count. */
const asideRows = ({ tables, input }: Filling) =>
  `(SELECT * FROM lake.${q(tables.aside)}${input.isSnapshot ? ` WHERE isNull(${q(countColumn)})` : ''})`
/** Without it every conversion would be tried on every text. */
const oneByOne = { ...longStatement, short_circuit_function_evaluation: 'force_enable' }

/** Rows laid aside that will go to quarantine. */
async function countFaulty(filling: Filling): Promise<number> {
  const { lake, columns, conversions = exact } = filling
  const definitions = makeDefinitions()
  const why = faultSql(
    columns,
    columns.map((column) => conversions.long(column, definitions)),
    definitions,
  )
  if (!why) return 0
  const [found] = await lake.measure<{ n: string }>(
    `SELECT count() AS n FROM ${definitions.over(asideRows(filling))} WHERE ${why.fault} != 0`,
    definitions.parameters,
    { priority: 'bulk', signal: filling.signal, settings: oneByOne },
  )
  return Number(found!.n)
}

/** The rows that were laid aside: converted exactly, or put into quarantine with the reason. */
async function takeLongWay(filling: Filling): Promise<void> {
  const { lake, tables, columns, input, withDigest, signal, conversions = exact } = filling
  const rows = asideRows(filling)
  const [found] = await lake.measure<{ n: string }>(`SELECT count() AS n FROM ${rows}`)
  if (found!.n === '0') return
  const definitions = makeDefinitions()
  const converted = columns.map((column) => conversions.long(column, definitions))
  const digest = withDigest ? [q(digestColumn)] : []
  const digestOf = withDigest ? [longDigest(input, columns, converted)] : []
  const why = faultSql(columns, converted, definitions)
  const fault = why?.fault ?? '0'
  const insert = (table: string, names: string[], values: string[], where: string) =>
    lake.command(
      `INSERT INTO lake.${q(table)} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${definitions.over(rows)} WHERE ${where}`,
      definitions.parameters,
      { signal, threads: 2, settings: oneByOne },
    )
  const names = [q(rowColumn), ...columns.map(({ item }) => q(item.code)), ...digest]
  const hash = input.hasHash ? [q(hashColumn)] : []
  const values = [q(rowColumn), ...converted.map(({ value }) => value), ...digestOf, ...hash]
  await insert(tables.target, [...names, ...hash], values, `${fault} = 0`)
  if (!why) return
  await createQuarantine(lake, tables, columns, withDigest)
  const { row, item, reason, detail } = quarantineColumns
  await insert(
    tables.quarantine,
    [...names, ...[row, item, reason, detail].map(q)],
    [q(rowColumn), ...columns.map(rawText), ...digestOf, `toString(${q(rowColumn)})`, why.item, why.reason, why.detail],
    `${fault} != 0`,
  )
}

/** The digest that a plain row must have when it is stored; for a row that goes aside, the one that its source made of it. */
function plainDigest({ hasDigest }: EngineInput, columns: readonly ColumnPlan[], isPlain: string, definitions: Definitions): string {
  const raw = columns.map(rawText)
  // A plain text is canonical as it is, but for the empty one of a file.
  const canonical = columns.map((column, i) => {
    if (column.arrival.as !== 'text' || isCanonical(column)) return raw[i]!
    if (column.conversion === 'text') return column.arrival.isEmptyMissing ? `nullIf(${raw[i]}, '')` : raw[i]!
    return canonicalText(column, cleanSql(column, q(column.input), definitions))
  })
  if (!hasDigest) return lakeDigest(canonical)
  const sent = fromHex(q(digestColumn))
  const rewritten = columns.flatMap((_, i) => (raw[i] === canonical[i] ? [] : [differs(canonical[i]!, raw[i]!)]))
  return rewritten.length === 0 ? sent : `if(${isPlain} AND (${rewritten.join(' OR ')}), ${rewrittenDigest(raw, sent, canonical)}, ${sent})`
}

/** The digest of a row on the long way: of its canonical texts. */
function longDigest({ hasDigest }: EngineInput, columns: readonly ColumnPlan[], converted: readonly ConvertedColumn[]): string {
  const canonical = columns.map((column, i) => canonicalText(column, converted[i]!.clean))
  return hasDigest ? rewrittenDigest(columns.map(rawText), q(digestColumn), canonical) : lakeDigest(canonical)
}

/** A digest is made anew only once the source's own has shown that the texts arrived as they were sent. */
const rewrittenDigest = (raw: readonly string[], sent: string, canonical: readonly string[]) =>
  `if(${lakeDigest(raw)} = ${sent}, ${lakeDigest(canonical)}, 0)`

/** Rows without a number of their own are numbered as they arrive, before anything can drop one; parts that are read side by side take turns. */
function numberedRows({ parts, hasDigest, hasHash, row, rowsBefore = 0 }: EngineInput, inputs: readonly string[]): string {
  const columns = [...inputs, ...(hasDigest ? [q(digestColumn)] : []), ...(hasHash ? [q(hashColumn)] : [])].join(', ')
  const rows = parts.map(
    (part, i) =>
      `SELECT ${row ?? `${rowsBefore + i + 1} + ${parts.length} * rowNumberInAllBlocks()`} AS ${q(rowColumn)}, ${columns} FROM ${part}`,
  )
  return `(${rows.join(' UNION ALL ')})`
}
