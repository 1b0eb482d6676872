import { oracleDialect as dialect } from '../../digest/source-digest.ts'
import type { SqlColumn } from '../driver/sql-statements.ts'

/** A type of Oracle as ALL_TAB_COLUMNS has it. */
export interface OracleType {
  /** `TIMESTAMP(6) WITH TIME ZONE`, `NUMBER` … */
  base: string
  /** Of a text: characters. */
  characters: number
  precision: number | null
  scale: number | null
}

type Text = Pick<SqlColumn, 'kind' | 'isTyped' | 'size' | 'scale' | 'maxLength' | 'text' | 'literal'>
type PlainText = Omit<Text, 'text'> & { text: (wanted: Parameters<Text['text']>[0], value: string) => string }

const typed = { kind: 'text', isTyped: true, size: null, scale: null, maxLength: null } as const
const asIs: PlainText['text'] = (_, value) => value
const day = 'SYYYY-MM-DD'
const second = `${day} HH24:MI:SS`
/** A year before Christ has its sign in front, with which it is no date; the others have a blank there. */
const written = (value: string, mask: string) => `LTRIM(TO_CHAR(${value}, '${mask}'))`

/** A DATE has hours too; where a day is wanted, midnight is none. */
const dateText: PlainText['text'] = (wanted, value) =>
  wanted === 'date'
    ? `CASE WHEN ${value} = TRUNC(${value}) THEN ${written(value, day)} ELSE ${written(value, second)} END`
    : written(value, second)
/** Without the zeros at the end of a fraction. A timestamp may count in ns, a time of the lake in µs: the rest is cut where a time is wanted. */
const timeText: PlainText['text'] = (wanted, value) =>
  `RTRIM(RTRIM(${written(value, `${second}.${wanted === 'time' ? 'FF6' : 'FF9'}`)}, '0'), '.')`
/** As Beijing's clocks show it. */
const zonedText: PlainText['text'] = (wanted, value) => timeText(wanted, `(${value} AT TIME ZONE 'Asia/Shanghai')`)
const timestamp = (quoted: string) => `TO_TIMESTAMP(${quoted}, 'YYYY-MM-DD HH24:MI:SS.FF')`
const number = (quoted: string) => `TO_NUMBER(${quoted})`

const texts: Record<string, PlainText> = {
  DATE: {
    ...typed,
    kind: 'time',
    text: dateText,
    literal: (quoted) => `TO_DATE(SUBSTR(${quoted}, 1, 19), 'YYYY-MM-DD HH24:MI:SS')`,
  },
  FLOAT: { ...typed, kind: 'decimal', text: (_, value) => decimalText(value), literal: number },
  BINARY_FLOAT: { ...typed, kind: 'float', text: asIs },
  BINARY_DOUBLE: { ...typed, kind: 'float', text: asIs },
  RAW: { ...typed, text: (_, value) => `LOWER(RAWTOHEX(${value}))` },
  BLOB: { ...typed, text: asIs },
  ROWID: { ...typed, text: (_, value) => `ROWIDTOCHAR(${value})` },
  XMLTYPE: { ...typed, text: (_, value) => `XMLSERIALIZE(CONTENT ${value} AS CLOB)` },
  JSON: { ...typed, text: (_, value) => `JSON_SERIALIZE(${value} RETURNING CLOB)` },
  SDO_GEOMETRY: { ...typed, text: (_, value) => `SDO_UTIL.TO_WKTGEOMETRY(${value})` },
}

/** Oracle writes .5 for 0.5. */
const decimalText = (value: string) => `REGEXP_REPLACE(TO_CHAR(${value}, 'TM9'), '^(-?)\\.', '\\10.')`

function plainText({ base, characters, scale }: OracleType): PlainText {
  const found = texts[base]
  if (found) return found
  if (base === 'NUMBER')
    return scale === 0
      ? { ...typed, kind: 'integer', text: (_, value) => `TO_CHAR(${value}, 'TM9')`, literal: number }
      : { ...typed, kind: 'decimal', text: (_, value) => decimalText(value), literal: number }
  if (/^TIMESTAMP.*ZONE$/.test(base))
    return { ...typed, kind: 'time', text: zonedText, literal: (quoted) => `FROM_TZ(${timestamp(quoted)}, 'Asia/Shanghai')` }
  if (base.startsWith('TIMESTAMP')) return { ...typed, kind: 'time', text: timeText, literal: timestamp }
  if (base.startsWith('INTERVAL')) return { ...typed, text: (_, value) => `TO_CHAR(${value})` }
  return { ...typed, isTyped: false, maxLength: characters > 0 ? characters : null, text: asIs }
}

/** How the values of a type become texts; the column is meant where no other value is given. */
export function textOf(name: string, type: OracleType): Text {
  const { text, ...rest } = plainText(type)
  return { ...rest, text: (wanted, value = dialect.name(name)) => text(wanted, value) }
}

/** `NUMBER(12,2)`, `VARCHAR2(40)`. */
export function typeName({ base, characters, precision, scale }: OracleType): string {
  if (base === 'NUMBER' && precision !== null) return scale ? `NUMBER(${precision},${scale})` : `NUMBER(${precision})`
  return /CHAR/.test(base) ? `${base}(${characters})` : base
}
