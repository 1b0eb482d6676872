import type { Item } from '#contract/catalog.ts'

/**
 * What the data types of the 2017 compilation guide are in the lake: pure data, one mapping for those who write (ingestion)
 * and those who read (security). Every column is nullable: an empty cell is a fact, and a wrong one goes to quarantine.
 */

export type TypedItem = Pick<Item, 'code' | 'dataType' | 'length' | 'scale'>

export interface LakeType {
  kind: 'text' | 'integer' | 'decimal' | 'float' | 'date' | 'time' | 'truth'
  /** ClickHouse type of a value: what a `{name:Type}` parameter is declared as. */
  value: string
  /** ClickHouse type of the column. */
  column: string
  /** Of a decimal: digits in all and after the point. Of an integer: bits. 0 otherwise. */
  size: number
  scale: number
}

/** Row number inside its table, 1 and up, UInt64, never null: the order in which rows are paged. No item may have this code. */
export const rowColumn = '_row'

/**
 * Tables of change streams (`m_…`) and their quarantines (`mq_…`) keep each version of a row until the engine has merged them:
 * readers ask for the last ones (FINAL).
 */
export const isStreamTable = (table: string): boolean => /^mq?_[0-9a-f]{32}_\d+$/.test(table)

const type = (kind: LakeType['kind'], value: string, size = 0, scale = 0): LakeType => ({
  kind,
  value,
  column: `Nullable(${value})`,
  size,
  scale,
})

const atMost = (limit: number, digits: number) => Math.min(limit, Math.max(1, digits))

/** A scale that the catalog leaves open is not a scale of 0: `unstated` decimals are kept then, on top of the length. */
function decimal({ length, scale }: Pick<Item, 'length' | 'scale'>, unstated: number): LakeType {
  const decimals = scale ?? unstated
  const digits = atMost(76, Math.max(length === null ? 38 : length + (scale === null ? unstated : 0), decimals))
  return type('decimal', `Decimal(${digits}, ${decimals})`, digits, decimals)
}

/** How an item's values are kept in the lake. */
export function lakeTypeOf(item: Pick<Item, 'dataType' | 'length' | 'scale'>): LakeType {
  switch (item.dataType) {
    case 'C':
    case 'M':
    case 'G':
      return type('text', 'String')
    case 'I':
      return (item.length ?? 0) > 19 ? type('integer', 'Int128', 128) : type('integer', 'Int64', 64)
    case 'N':
      return decimal(item, 10)
    case 'Y':
      return decimal(item, 2)
    case 'B':
    // Single precision would change a value on its way: 0.1 comes back as 0.10000000149.
    case 'F':
      return type('float', 'Float64')
    case 'D':
      return type('date', 'Date32')
    case 'T':
      // Wall-clock time as the source wrote it. In zone Asia/Shanghai the summer times of 1986–1991 would move it.
      return type('time', "DateTime64(6, 'UTC')")
    case 'L':
      return type('truth', 'Bool')
  }
}

/** A value as text, null where it is missing: `column` is a quoted name. Decimals and times carry no trailing zeros. */
export const renderSql = ({ kind }: LakeType, column: string): string =>
  // A time always has its six decimals, so the zeros that are cut are never those of the seconds. Half the cost of a pattern.
  kind === 'time' ? `trim(TRAILING '.' FROM trim(TRAILING '0' FROM toString(${column})))` : `toString(${column})`

const day = '(?:19|2[0-2])\\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const shapes = {
  integer: /^-?\d{1,38}$/,
  decimal: /^-?(\d+)(?:\.(\d+))?$/,
  float: /^-?\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?$/,
  date: new RegExp(`^${day}$`),
  time: new RegExp(`^${day}[ T](?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,6})?$`),
  truth: /^(?:true|false)$/,
}

/** Whether a text is a value of the type, exactly: nothing is rounded, cut or guessed. */
export function isLakeValue(type: LakeType, text: string): boolean {
  if (type.kind === 'text') return text.isWellFormed()
  const match = shapes[type.kind].exec(text)
  if (!match) return false
  if (type.kind === 'integer') return BigInt.asIntN(type.size, BigInt(text)) === BigInt(text)
  if (type.kind === 'decimal')
    return match[1]!.replace(/^0+/, '').length <= type.size - type.scale && (match[2] ?? '').replace(/0+$/, '').length <= type.scale
  if (type.kind === 'float') return Number.isFinite(Number(text))
  if (type.kind === 'truth') return true
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10))
}
