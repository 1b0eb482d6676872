import { rowColumn, type TypedItem } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn, type EngineInput } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { type Convert, type ConvertedColumn, convertColumn, rawText } from '../conversion/convert-column.ts'
import { makeDefinitions, withSql } from '../conversion/definitions.ts'
import { canonicalText, isCanonical } from '../digest/canonical-text.ts'
import { differs, fromHex, lakeDigest } from '../digest/source-digest.ts'
import { createFanOut, createTarget, dropInput, faultColumn, type LoadTables } from './lake-tables.ts'

export interface Filling {
  lake: LakeEngine
  tables: LoadTables
  items: readonly TypedItem[]
  columns: readonly ColumnPlan[]
  input: EngineInput
  withDigest: boolean
  signal: AbortSignal
  /** Tests give a broken one. */
  convert?: Convert
}

/**
 * Moves every row of the source into the target table or into quarantine, in one pass of the engine: no row becomes an object
 * here. Where the plan proves that no value can be refused, the pass goes straight into the target.
 */
export async function fillTables({
  lake,
  tables,
  items,
  columns,
  input,
  withDigest,
  signal,
  convert = convertColumn,
}: Filling): Promise<void> {
  const q = quoteIdentifier
  const definitions = makeDefinitions()
  const converted = columns.map((column) => convert(column, definitions))
  const faults = converted.flatMap(({ isWrong, isMissing }, i) => [
    ...(isWrong ? [`${isWrong}, ${2 * i + 1}`] : []),
    ...(isMissing ? [`${isMissing}, ${2 * i + 2}`] : []),
  ])
  const inputs = columns.map(({ input }) => q(input))
  const digest = withDigest ? [digestSql(input, columns, converted)] : []
  const into = [q(rowColumn), ...columns.map(({ item }) => q(item.code)), ...(withDigest ? [q(digestColumn)] : [])]
  const values = [q(rowColumn), ...converted.map(({ value }) => value), ...digest]
  const from = numberedRows(input, inputs)
  if (!input.row) await createTarget(lake, tables, items, withDigest)
  const isDirect = faults.length === 0
  if (!isDirect) await createFanOut(lake, tables, columns, withDigest)
  const fault = isDirect ? [] : [`multiIf(${faults.join(', ')}, 0)`]
  await lake.command(
    isDirect
      ? `INSERT INTO lake.${q(tables.target)} (${into.join(', ')}) ${withSql(definitions)}SELECT ${values.join(', ')} FROM ${from}`
      : `INSERT INTO lake.${q(tables.input)} (${[...into, q(faultColumn), ...inputs].join(', ')})
         ${withSql(definitions)}SELECT ${[...values, ...fault, ...inputs].join(', ')} FROM ${from}`,
    { ...input.parameters, ...definitions.parameters },
    {
      signal,
      threads: 2,
      settings: {
        ...input.settings,
        parallel_view_processing: 1,
        short_circuit_function_evaluation: 'force_enable',
        max_insert_threads: input.parts.length,
      },
    },
  )
  if (!isDirect) await dropInput(lake, tables)
}

/**
 * The digest that a stored row must have. Where the texts of a row are canonical as the source sent them, that is the source's
 * own digest. Else it is made anew from the rewritten texts, once the source's digest has shown that they arrived as they were sent.
 */
function digestSql({ hasDigest }: EngineInput, columns: readonly ColumnPlan[], converted: readonly ConvertedColumn[]): string {
  const raw = columns.map(rawText)
  const canonical = columns.map((column, i) => canonicalText(column, converted[i]!.clean))
  if (!hasDigest) return lakeDigest(canonical)
  const sent = fromHex(quoteIdentifier(digestColumn))
  const rewritten = columns.flatMap((column, i) =>
    raw[i] === canonical[i] || isCanonical(column) ? [] : [differs(canonical[i]!, raw[i]!)],
  )
  return rewritten.length === 0
    ? sent
    : `if(${rewritten.join(' OR ')}, if(${lakeDigest(raw)} = ${sent}, ${lakeDigest(canonical)}, 0), ${sent})`
}

/** Rows without a number of their own are numbered as they arrive, before anything can drop one; parts that are read side by side take turns. */
function numberedRows({ parts, hasDigest, row }: EngineInput, inputs: readonly string[]): string {
  const columns = [...inputs, ...(hasDigest ? [quoteIdentifier(digestColumn)] : [])].join(', ')
  const rows = parts.map(
    (part, i) =>
      `SELECT ${row ?? `${i + 1} + ${parts.length} * rowNumberInAllBlocks()`} AS ${quoteIdentifier(rowColumn)}, ${columns} FROM ${part}`,
  )
  return `(${rows.join(' UNION ALL ')})`
}
