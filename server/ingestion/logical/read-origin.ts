import type { Item } from '#contract/catalog.ts'
import { AppError } from '../../kernel/errors.ts'
import type { GrantRows, OriginQuery, OriginRows } from '../../kernel/grant.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { type Ctx, quoteIdentifier } from '../../store/index.ts'
import type { Reading } from '../connectors/connector.ts'
import { convertColumn } from '../conversion/convert-column.ts'
import { longStatement, makeDefinitions } from '../conversion/definitions.ts'
import type { Access } from '../load/load-full.ts'
import { connectorOf } from '../source/connector-of.ts'
import type { SourceRow } from '../source/source-store.ts'
import type { LogicalRow } from './logical-store.ts'
import { type MappedItem, toMapped, toPlans } from './mapped-items.ts'

export interface OriginReading {
  row: LogicalRow
  source: SourceRow
  items: readonly Item[]
  query: OriginQuery
  /** The source, and the engine that waits for it, are let go after so long. */
  seconds: number
}

/**
 * One reading at the source: it filters, orders and cuts; the engine converts, and judges every condition once more, so that a source
 * which understands one otherwise never widens a grant.
 */
export async function readOrigin(
  ctx: Ctx,
  access: Pick<Access, 'sealer' | 'reach'>,
  { row, source, items, query, seconds }: OriginReading,
  run: (rows: OriginRows) => Promise<GrantRows>,
): Promise<GrantRows> {
  const stop = AbortSignal.timeout(seconds * 1000)
  const mapped = toMapped(row.mapping, items)
  const keys = mapped.filter(({ item }) => item.isKey)
  const codes = new Set([...query.items, ...query.conditions.map(({ item }) => item), ...keys.map(({ item }) => item.code)])
  const needed = mapped.filter(({ item }) => codes.has(item.code))
  const wanted = needed.map((one) => one.wanted)
  const opened = await orStopped(connectorOf(ctx, access, source).openReading(row.object, null, wanted, stop), stop)
  try {
    return await readNarrowed({ opened, items: needed, query, stop, run })
  } finally {
    await opened.close()
  }
}

interface Narrowing {
  opened: Reading
  items: readonly MappedItem[]
  query: OriginQuery
  stop: AbortSignal
  run: (rows: OriginRows) => Promise<GrantRows>
}

async function readNarrowed({ opened, items, query, stop, run }: Narrowing): Promise<GrantRows> {
  const plans = toPlans(items, opened.arrivals)
  const at = (code: string) => items.findIndex(({ item }) => item.code === code)
  const input = opened.narrowed!(plans, {
    conditions: query.conditions.map(({ item, operator, value, type }) => ({ column: at(item), operator, value, type })),
    orderBy: items.flatMap(({ item }, i) => (item.isKey ? [i] : [])),
    limit: query.limit,
    offset: query.after,
  })
  const definitions = makeDefinitions()
  const converted = plans.map((plan) => convertColumn(plan, definitions))
  const columns = plans.map(({ item }, i) => `${converted[i]!.value} AS ${quoteIdentifier(item.code)}`)
  const inputs = plans.map(({ input }) => quoteIdentifier(input))
  const numbered = `(SELECT {after:UInt64} + 1 + rowNumberInAllBlocks() AS ${quoteIdentifier(rowColumn)}, ${inputs.join(', ')} FROM ${input.parts[0]})`
  const late: { answer?: GrantRows } = {}
  const ask = async () => {
    late.answer = await run({
      sql: `(SELECT ${[quoteIdentifier(rowColumn), ...columns].join(', ')} FROM ${definitions.over(numbered)})`,
      parameters: { ...input.parameters, ...definitions.parameters },
      settings: { ...input.settings, ...longStatement },
      signal: stop,
    })
    return late.answer.rows.length
  }
  // In its turn, entered in the source's book, and ended at the source when it takes too long.
  await (input.run ? input.run(ask) : ask())
  return late.answer!
}

/** What has frozen while it was opened is closed when it comes to itself. */
async function orStopped(opening: Promise<Reading>, stop: AbortSignal): Promise<Reading> {
  let isLate = false
  const stopped = new Promise<never>((_, fail) =>
    stop.addEventListener(
      'abort',
      () => {
        isLate = true
        fail(new AppError('unavailable', 'ingestion.source_slow'))
      },
      { once: true },
    ),
  )
  opening.then((reading) => (isLate ? reading.close() : undefined)).catch(() => {})
  return Promise.race([opening, stopped])
}
