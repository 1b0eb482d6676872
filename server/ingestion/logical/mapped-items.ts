import type { Item } from '#contract/catalog.ts'
import type { LogicalInput } from '#contract/ingestion/logical.ts'
import { AppError, type FieldProblem } from '../../kernel/errors.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import type { WantedColumn } from '../connectors/connector.ts'
import { type ColumnPlan, conversionOf, inputName } from '../conversion/column-plan.ts'
import type { Arrival } from '../conversion/column-plan.ts'

export interface MappedItem {
  item: Item
  wanted: WantedColumn
}

/** The items that a mapping names. @throws invalid `http.invalid_input` for one that the entry does not have, or that is named twice */
export function toMapped(mapping: LogicalInput['mapping'], items: readonly Item[]): MappedItem[] {
  const problems: FieldProblem[] = []
  const mapped = mapping.flatMap(({ item: code, column }, i): MappedItem[] => {
    const item = items.find((one) => one.code === code)
    const isTwice = mapping.findIndex((other) => other.item === code) !== i
    if (!item || isTwice)
      problems.push({
        pointer: `/mapping/${i}/item`,
        code: isTwice ? 'ingestion.item_twice' : 'ingestion.item_unknown',
        params: { item: code },
      })
    if (!item || isTwice) return []
    const type = lakeTypeOf(item)
    return [{ item, wanted: { column, type, conversion: conversionOf({ conversion: 'auto' }, type), missing: [] } }]
  })
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  return mapped
}

/** The kind of a source column, however it would arrive in a load. */
export const kindOf = ({ as, kind }: Arrival): Arrival['kind'] => (as === 'text' || as === 'value' ? kind : as)

/** How each value is converted: exactly as the source has it, since its conditions are judged there. */
export const toPlans = (items: readonly MappedItem[], arrivals: readonly Arrival[]): ColumnPlan[] =>
  items.map(({ item, wanted }, i) => ({
    item,
    type: wanted.type,
    source: wanted.column,
    input: inputName(i),
    arrival: { ...arrivals[i]!, kind: kindOf(arrivals[i]!), as: 'text' },
    conversion: wanted.conversion,
    format: '',
    missing: [],
    trim: false,
  }))
