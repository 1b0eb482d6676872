import { quoteIdentifier } from '../../../store/index.ts'
import { type Arrival, inputName } from '../../conversion/column-plan.ts'

/** A column as the engine describes it; `engineType` is absent in a file of text. */
export interface EngineColumn {
  name: string
  engineType?: string | undefined
}

/** The kind of an engine's type. */
export function kindOf(engineType = 'String'): Arrival['kind'] {
  if (/Date32|Date\b/.test(engineType)) return 'date'
  if (/DateTime/.test(engineType)) return 'time'
  if (/Int/.test(engineType)) return 'integer'
  if (/Decimal/.test(engineType)) return 'decimal'
  if (/Float/.test(engineType)) return 'float'
  return /Bool/.test(engineType) ? 'truth' : 'text'
}

const isText = (engineType: string | undefined) =>
  engineType === undefined || /^(LowCardinality\()?(Nullable\()?String\)*$/.test(engineType)

/** Everything arrives as the engine's own text of the value, which is exact for every type. */
export const arrivalOf = ({ engineType }: EngineColumn, as: Pick<Arrival, 'isNullable' | 'isEmptyMissing'>): Arrival => ({
  as: 'text',
  isTyped: !isText(engineType),
  kind: kindOf(engineType),
  scale: null,
  fits: false,
  isNeverNull: false,
  maxLength: null,
  ...as,
})

/** The column as that text, under the name that a load gives it. */
export const shipText = ({ name, engineType }: EngineColumn, index: number): string => {
  const column = quoteIdentifier(name)
  return `${isText(engineType) ? column : `CAST(${column} AS Nullable(String))`} AS ${quoteIdentifier(inputName(index))}`
}
