import { sqlserverDialect as dialect } from '../../digest/source-digest.ts'
import type { SqlColumn } from '../driver/sql-statements.ts'

/** A type of SQL Server as its catalog has it: `size` in bytes, -1 for max. */
export interface SqlserverType {
  base: string
  bytes: number
  precision: number
  scale: number
}

type Text = Pick<SqlColumn, 'kind' | 'isTyped' | 'size' | 'scale' | 'maxLength' | 'text' | 'literal'>

const cast = (type: string) => (value: string) => `CAST(${value} AS ${type})`
const typed = { kind: 'text', isTyped: true, size: null, scale: null, maxLength: null } as const
const integer = {
  ...typed,
  kind: 'integer',
  text: (_, value) => `CONVERT(nvarchar(20), ${value})`,
  literal: cast('decimal(38, 0)'),
} as const satisfies PlainText
const fixed = (size: number, scale: number, text: (value: string) => string): PlainText => ({
  ...typed,
  kind: 'decimal',
  size,
  scale,
  text: (_, value) => text(value),
  literal: cast('decimal(38, 10)'),
})

type PlainText = Omit<Text, 'text'> & { text: (wanted: Parameters<Text['text']>[0], value: string) => string }

/** Shortest where that reads back as the same number, else with every digit (style 3, since 2016). */
const floatText = (type: string) => (_: unknown, value: string) =>
  `CASE WHEN CAST(CONVERT(nvarchar(32), ${value}) AS ${type}) = ${value} THEN CONVERT(nvarchar(32), ${value}) ELSE CONVERT(nvarchar(32), ${value}, 3) END`
const float = (type: string): PlainText => ({ ...typed, kind: 'float', text: floatText(type) })

/**
 * Day and time without the zeros at the end of a fraction, which mean nothing. datetime2 counts in 100 ns, a time of the lake in µs: the
 * seventh digit is cut where a time is wanted, and kept where a text is.
 */
const timeText: PlainText['text'] = (wanted, value) => {
  const text = `CONVERT(nvarchar(27), ${value}, 121)`
  const fraction = `SUBSTRING(${text}, 21, ${wanted === 'time' ? 6 : 7})`
  return `LEFT(${text}, 19) + COALESCE('.' + NULLIF(REPLACE(RTRIM(REPLACE(${fraction}, '0', ' ')), ' ', '0'), ''), '')`
}
/** As Beijing's clocks show it. */
const zonedText: PlainText['text'] = (wanted, value) => timeText(wanted, `CAST(SWITCHOFFSET(${value}, '+08:00') AS datetime2)`)
const hexText = (_: unknown, value: string) => `LOWER(CONVERT(nvarchar(max), CAST(${value} AS varbinary(max)), 2))`
const text = (maxLength: number | null): PlainText => ({
  ...typed,
  isTyped: false,
  maxLength,
  text: (_, value) => `CAST(${value} AS nvarchar(max))`,
})
const lengthOf = (characters: number) => (characters > 0 ? characters : null)

function plainText({ base, bytes, precision, scale }: SqlserverType): PlainText {
  switch (base) {
    case 'char':
    case 'varchar':
      return text(lengthOf(bytes))
    case 'nchar':
    case 'nvarchar':
      return text(lengthOf(bytes / 2))
    case 'bit':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return integer
    case 'decimal':
    case 'numeric':
      return fixed(precision, scale, (value) => `CONVERT(nvarchar(41), ${value})`)
    case 'money':
    case 'smallmoney':
      return fixed(19, 4, (value) => `CONVERT(nvarchar(30), ${value}, 2)`)
    case 'float':
    case 'real':
      return float(base)
    case 'date':
      return { ...typed, kind: 'date', maxLength: 10, text: (_, value) => `CONVERT(nvarchar(10), ${value}, 23)`, literal: cast('date') }
    case 'datetime':
    case 'smalldatetime':
    case 'datetime2':
      return { ...typed, kind: 'time', text: timeText, literal: cast('datetime2') }
    case 'datetimeoffset':
      return { ...typed, kind: 'time', text: zonedText, literal: (quoted) => `TODATETIMEOFFSET(CAST(${quoted} AS datetime2), '+08:00')` }
    case 'uniqueidentifier':
      return { ...typed, maxLength: 36, text: (_, value) => `LOWER(CONVERT(nvarchar(36), ${value}))` }
    case 'binary':
    case 'varbinary':
    case 'image':
    case 'timestamp':
      return { ...typed, text: hexText }
    case 'geometry':
    case 'geography':
    case 'hierarchyid':
      return { ...typed, text: (_, value) => `${value}.ToString()` }
    default:
      return { ...text(null), isTyped: base === 'time' }
  }
}

/** How the values of a type become texts; the column is meant where no other value is given. */
export function textOf(name: string, type: SqlserverType): Text {
  const { text, ...rest } = plainText(type)
  return { ...rest, text: (wanted, value = dialect.name(name)) => text(wanted, value) }
}

const sized = new Set(['char', 'varchar', 'binary', 'varbinary'])
const wide = new Set(['nchar', 'nvarchar'])

/** `decimal(12,2)`, `nvarchar(max)`. */
export function typeName({ base, bytes, precision, scale }: SqlserverType): string {
  if (base === 'decimal' || base === 'numeric') return `${base}(${precision},${scale})`
  if (base === 'datetime2' || base === 'datetimeoffset' || base === 'time') return `${base}(${scale})`
  if (!sized.has(base) && !wide.has(base)) return base
  return `${base}(${bytes < 0 ? 'max' : wide.has(base) ? bytes / 2 : bytes})`
}

/** MD5 over UTF-8, in hex (digest/source-digest.ts). Joined by `+`, since CONCAT_WS takes no more than 254 texts. */
export function rowDigest(texts: readonly string[]): string {
  const [separator, absent] = ['NCHAR(31)', 'NCHAR(30)']
  const row = texts.map((each) => `COALESCE(CAST(${each} AS nvarchar(max)), ${absent})`).join(` + ${separator} + `)
  return `LOWER(CONVERT(nvarchar(32), HASHBYTES('MD5', CAST((${row}) COLLATE Latin1_General_100_BIN2_UTF8 AS varchar(max))), 2))`
}
