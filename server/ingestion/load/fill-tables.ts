import { rowColumn, type TypedItem } from '../../kernel/lake-types.ts'
import { type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { digestColumn, type EngineInput } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { type Convert, convertColumn } from '../conversion/convert-column.ts'
import { makeDefinitions, withSql } from '../conversion/definitions.ts'
import { createFanOut, createTarget, dropInput, faultColumn, type LoadTables } from './lake-tables.ts'

export interface Filling {
  lake: LakeEngine
  tables: LoadTables
  items: readonly TypedItem[]
  columns: readonly ColumnPlan[]
  input: EngineInput
  signal: AbortSignal
  /** Tests give a broken one. */
  convert?: Convert
}

/**
 * Moves every row of the source into the target table or into quarantine, in one pass of the engine: no row becomes an object
 * here. Where the plan proves that no value can be refused, the pass goes straight into the target.
 */
export async function fillTables({ lake, tables, items, columns, input, signal, convert = convertColumn }: Filling): Promise<void> {
  const q = quoteIdentifier
  const definitions = makeDefinitions()
  const converted = columns.map((column) => convert(column, definitions))
  const faults = converted.flatMap(({ isWrong, isMissing }, i) => [
    ...(isWrong ? [`${isWrong}, ${2 * i + 1}`] : []),
    ...(isMissing ? [`${isMissing}, ${2 * i + 2}`] : []),
  ])
  const inputs = columns.map(({ input }) => q(input))
  const digest = input.digest === null ? [] : [q(digestColumn)]
  const hasDigest = digest.length > 0
  const into = [q(rowColumn), ...columns.map(({ item }) => q(item.code)), ...digest]
  const values = [q(rowColumn), ...converted.map(({ value }) => value), ...digest]
  const from = numberedRows(input, inputs)
  if (!input.row) await createTarget(lake, tables, items, hasDigest)
  const isDirect = faults.length === 0
  if (!isDirect) await createFanOut(lake, tables, columns, hasDigest)
  const fault = isDirect ? [] : [`multiIf(${faults.join(', ')}, 0)`]
  await lake.command(
    isDirect
      ? `INSERT INTO lake.${q(tables.target)} (${into.join(', ')}) ${withSql(definitions)}SELECT ${values.join(', ')} FROM ${from}`
      : `INSERT INTO lake.${q(tables.input)} (${[...into, q(faultColumn), ...inputs].join(', ')})
         ${withSql(definitions)}SELECT ${[...values, ...fault, ...inputs].join(', ')} FROM ${from}`,
    { ...input.parameters, ...definitions.parameters },
    { signal, threads: 2, settings: { ...input.settings, parallel_view_processing: 1, max_insert_threads: input.parts.length } },
  )
  if (!isDirect) await dropInput(lake, tables)
}

/** Rows without a number of their own are numbered as they arrive, before anything can drop one; parts that are read side by side take turns with the numbers. */
function numberedRows({ parts, digest, row }: EngineInput, inputs: readonly string[]): string {
  const rows = parts.map(
    (part, i) =>
      `SELECT ${row ?? `${i + 1} + ${parts.length} * rowNumberInAllBlocks()`} AS ${quoteIdentifier(rowColumn)}, ${inputs.join(', ')}${digest ? `, ${digest} AS ${quoteIdentifier('#digested')}` : ''} FROM ${part}`,
  )
  return `(SELECT * ${digest ? `EXCEPT (${quoteIdentifier('#digested')}), ${quoteIdentifier('#digested')} AS ${quoteIdentifier(digestColumn)}` : ''} FROM (${rows.join(' UNION ALL ')}))`
}
