import { quoteIdentifier } from '../../../store/index.ts'
import { type Arrival, inputName, naturalConversion } from '../../conversion/column-plan.ts'
import type { WantedColumn } from '../connector.ts'

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

/** Not Int128: of 39 digits it holds some numbers, and the lake none. */
const integerDigits: Record<string, number> = { Int8: 3, Int16: 5, Int32: 10, Int64: 19, UInt8: 3, UInt16: 5, UInt32: 10, UInt64: 20 }

/**
 * Whether every value of the engine's type is one of the item's type, the very same: then no text need be made and read again. Not
 * so of floats, whose text says whether they are numbers at all and how many digits they mean, nor of times of another zone.
 */
export function isOwnValue(engineType: string | undefined, { type, conversion, missing }: WantedColumn): boolean {
  const bare = /^(?:LowCardinality\()?(?:Nullable\()?(.*?)\)*$/.exec(engineType ?? '')![1]!
  const [, name = '', list = ''] = /^(\w+)(?:\((.*))?$/.exec(bare) ?? []
  if (missing.length > 0 || conversion !== naturalConversion(type)) return false
  const [size = 0, scale = 0] = list.split(',').map(Number)
  switch (type.kind) {
    case 'integer':
      return (integerDigits[name] ?? Infinity) <= (type.size > 64 ? 38 : 19)
    case 'decimal':
      return name === 'Decimal' && scale <= type.scale && size - scale <= type.size - type.scale
    case 'date':
      return name === 'Date' || name === 'Date32'
    case 'time':
      return (name === 'DateTime' && list === "'UTC'") || (name === 'DateTime64' && /^[0-6], 'UTC'$/.test(list))
    case 'truth':
      return name === 'Bool'
    case 'text':
    case 'float':
      return false
  }
}

/** A value of the item's own type arrives as it is, anything else as the engine's own text of it, which is exact for every type. */
export const arrivalOf = (
  { engineType }: EngineColumn,
  wanted: WantedColumn,
  as: Pick<Arrival, 'isNullable' | 'isEmptyMissing'>,
): Arrival => ({
  as: isOwnValue(engineType, wanted) ? 'value' : 'text',
  isTyped: !isText(engineType),
  kind: kindOf(engineType),
  scale: null,
  fits: false,
  isNeverNull: false,
  maxLength: null,
  ...as,
})

/** The column as that value or text, under the name that a load gives it. */
export const ship = ({ name, engineType }: EngineColumn, wanted: WantedColumn, index: number): string => {
  const column = quoteIdentifier(name)
  const shipped = isOwnValue(engineType, wanted) ? `CAST(${column} AS ${wanted.type.column})` : textOf(column, engineType)
  return `${shipped} AS ${quoteIdentifier(inputName(index))}`
}

function textOf(column: string, engineType: string | undefined): string {
  if (isText(engineType)) return column
  const text = `CAST(${column} AS Nullable(String))`
  // As other sources write a time: without the zeros that end a fraction.
  return /^(Nullable\()?DateTime64\([1-9]/.test(engineType!) ? `replaceRegexpOne(${text}, '[.]?0*$', '')` : text
}
