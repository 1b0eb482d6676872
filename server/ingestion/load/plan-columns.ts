import type { Item } from '#contract/catalog.ts'
import type { MappingColumn } from '#contract/ingestion.ts'
import { conflict } from '../../kernel/errors.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import type { Reading, WantedColumn } from '../connectors/connector.ts'
import { type ColumnPlan, canConvert, conversionOf, inputName } from '../conversion/column-plan.ts'

/** What a mapping asks of its source. The entry may have changed since the plan was made: what is gone is not asked for. */
export function wantedColumns(
  mapping: readonly MappingColumn[],
  items: readonly Item[],
): { mapped: { line: MappingColumn; item: Item }[]; wanted: WantedColumn[] } {
  const mapped = mapping.flatMap((line) => {
    const item = items.find(({ code }) => code === line.item)
    return item && canConvert(conversionOf(line, lakeTypeOf(item)), lakeTypeOf(item)) ? [{ line, item }] : []
  })
  const unfilled = items.find((item) => item.isRequired && !mapped.some((one) => one.item === item))
  if (unfilled) throw conflict('ingestion.item_unmapped', { item: unfilled.name })
  const wanted = mapped.map(({ line, item }) => {
    const type = lakeTypeOf(item)
    return { column: line.column, type, conversion: conversionOf(line, type), missing: line.missing }
  })
  return { mapped, wanted }
}

/** The columns of a load, once the source has said how each will arrive. */
export const planColumns = ({ mapped, wanted }: ReturnType<typeof wantedColumns>, { arrivals }: Pick<Reading, 'arrivals'>): ColumnPlan[] =>
  mapped.map(({ line, item }, i) => ({
    item,
    type: wanted[i]!.type,
    source: line.column,
    input: inputName(i),
    arrival: arrivals[i]!,
    conversion: wanted[i]!.conversion,
    format: line.format,
    missing: line.missing,
    trim: line.trim,
  }))
