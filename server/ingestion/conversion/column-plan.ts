import type { Item } from '#contract/catalog.ts'
import type { conversions, MappingColumn } from '#contract/ingestion.ts'
import type { LakeType } from '../../kernel/lake-types.ts'

/** What a load needs to know of an item. */
export type LoadItem = Pick<Item, 'code' | 'name' | 'dataType' | 'length' | 'scale' | 'isKey' | 'isRequired' | 'sensitiveKind'>

/** How the values of a source column reach the engine. */
export interface Arrival {
  /** `text`: any text. The others: numbers and truths that the engine has already read, and that always fit the item; `value`: of its own type. */
  as: 'text' | 'integer' | 'float' | 'truth' | 'value'
  /** The source wrote the text from a value of a type of its own, in its canonical form. */
  isTyped: boolean
  /** Of which kind that type is; `text` where it is text, or something else that is kept as text. */
  kind: LakeType['kind']
  /** Of a decimal: digits after the point, null where the source does not say. */
  scale: number | null
  /** Every number of the source's type is within the range of the item; only what is no number could fail. */
  fits: boolean
  /** False where the engine's column cannot hold a null: of a text file, that knows none. */
  isNullable: boolean
  /** Files know no difference between an empty text and no value; databases do. */
  isEmptyMissing: boolean
  /** The source promises a value in every row. */
  isNeverNull: boolean
  /** Longest text in characters that the source promises; null: it promises nothing. */
  maxLength: number | null
}

/** One item of the entry, the source column that fills it, and everything that decides how. */
export interface ColumnPlan {
  item: LoadItem
  type: LakeType
  /** Column of the source. */
  source: string
  /** Its name among the engine's input: not a possible item code. */
  input: string
  arrival: Arrival
  conversion: Exclude<(typeof conversions)[number], 'auto'>
  format: string
  missing: readonly string[]
  trim: boolean
}

const natural = {
  text: 'text',
  integer: 'integer',
  decimal: 'decimal',
  float: 'float',
  date: 'date',
  time: 'datetime',
  truth: 'boolean',
} as const

export const naturalConversion = ({ kind }: LakeType): ColumnPlan['conversion'] => natural[kind]

/** The conversion that a mapping means: `auto` follows the item's data type. */
export const conversionOf = (mapping: Pick<MappingColumn, 'conversion'>, type: LakeType): ColumnPlan['conversion'] =>
  mapping.conversion === 'auto' ? natural[type.kind] : mapping.conversion

/** A text item may be filled by any conversion, which then normalises its text; a typed item only by its own kind. */
export const canConvert = (conversion: ColumnPlan['conversion'], type: LakeType): boolean =>
  type.kind === 'text' || conversion === natural[type.kind] || (conversion === 'integer' && type.kind === 'decimal')

export const inputName = (index: number): string => `#${index}`
