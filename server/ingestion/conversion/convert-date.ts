import { quoteText } from '../../store/index.ts'
import { type Conversion, type Define, preferred } from './convert-number.ts'

/** How sources write days. The key is what a mapping names; without a name each is tried. */
export const dateFormats: Record<string, string> = {
  'yyyy-MM-dd': '([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})',
  yyyyMMdd: '([0-9]{4})([0-9]{2})([0-9]{2})',
  'yyyy/M/d': '([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})',
  'yyyy.M.d': '([0-9]{4})\\.([0-9]{1,2})\\.([0-9]{1,2})',
  yyyy年M月d日: '([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日',
}
const clock = '([0-9]{1,2})[:时点]([0-9]{1,2})(?:[:分](?:([0-9]{1,2})(\\.[0-9]{1,6})?秒?)?)?'
const compactClock = '([0-9]{2})([0-9]{2})(?:([0-9]{2})(\\.[0-9]{1,6})?)?'
const zone = '(Z|[+-][0-9]{2}:?[0-9]{2})?'

/** A declared format may be followed by a time: `yyyy-MM-dd HH:mm:ss` means the same day format. */
export const dayFormatOf = (format: string): string => (format.startsWith('yyyyMMdd') ? 'yyyyMMdd' : format.split(/[ T]/)[0]!)

const chosen = (format: string): string[] => (format === '' ? Object.values(dateFormats) : [dateFormats[dayFormatOf(format)]!])

/** The first pattern that the text has, as its groups; an empty array where it has none. */
function groupsOf(text: string, patterns: string[], define: Define): string {
  const narrow = define('narrow', `translateUTF8(ifNull(${text}, ''), '０１２３４５６７８９－．／：', '0123456789-./:')`)
  const cases = patterns.map((pattern) => `match(${narrow}, ${quoteText(pattern)}), extractGroups(${narrow}, ${quoteText(pattern)})`)
  return define('groups', `multiIf(${cases.join(', ')}, emptyArrayString())`)
}

const dayText = (g: string) => `concat(${g}[1], '-', leftPad(${g}[2], 2, '0'), '-', leftPad(${g}[3], 2, '0'))`
const clockText = (g: string) => `concat(leftPad(${g}[4], 2, '0'), ':', leftPad(${g}[5], 2, '0'), ':', leftPad(${g}[6], 2, '0'), ${g}[7])`

/** Whether the day is one that the engine's Date32 can hold, and why not. */
const dayReason = (g: string, otherwise: string) =>
  `multiIf(empty(${g}), ${quoteText(otherwise)}, toUInt16OrZero(${g}[1]) < 1900 OR toUInt16OrZero(${g}[1]) > 2299, 'ingestion.date_out_of_range', 'ingestion.no_such_date')`

/**
 * The engine's parser is lenient: 2020-02-31 becomes 2 March, and years outside 1900–2299 the nearest end. A day counts only
 * when it is written back as it was read.
 */
export function convertDate(text: string, format: string, define: Define): Conversion {
  const exact = (sql: string) => `if(toString(toDate32OrNull(${sql})) = ${sql}, toDate32OrNull(${sql}), NULL)`
  // Midnight after the day is what spreadsheets and databases add; any other time would be lost, so it is refused.
  const patterns = chosen(format).map((day) => `^${day}(?:[ T]0{1,2}:00(?::00(?:\\.0+)?)?)?$`)
  const groups = groupsOf(text, patterns, define)
  const direct = format === '' || dayFormatOf(format) === 'yyyy-MM-dd'
  const tidied = exact(define('day', dayText(groups)))
  const parsed = define('parsed', `toDate32OrNull(${text})`)
  return {
    value: direct ? preferred(text, `toString(${parsed}) = ${text}`, parsed, tidied) : `if(isNull(${text}), NULL, ${tidied})`,
    reason: dayReason(groups, 'ingestion.not_a_date'),
  }
}

/** Times are wall-clock times of Beijing; a text that names another zone is moved there. */
export function convertDateTime(text: string, format: string, define: Define): Conversion {
  const parse = (sql: string) => `toDateTime64OrNull(${sql}, 6, 'UTC')`
  const exact = (sql: string) => `if(startsWith(toString(${parse(sql)}), ${sql}), ${parse(sql)}, NULL)`
  const patterns = chosen(format).flatMap((day) => [`^${day}(?:[ T]*${clock}${zone})?$`, `^${day}${compactClock}()$`])
  const groups = groupsOf(text, patterns, define)
  const whole = define('whole', `concat(${dayText(groups)}, ' ', ${clockText(groups)})`)
  const sign = `if(startsWith(${groups}[8], '-'), -1, 1)`
  const offset = `if(${groups}[8] = 'Z', 0, ${sign} * (toInt32OrZero(substring(${groups}[8], 2, 2)) * 3600 + toInt32OrZero(right(${groups}[8], 2)) * 60))`
  const local = define('local', exact(whole))
  const moved = `if(${groups}[8] = '', ${local}, addSeconds(${local}, 28800 - ${offset}))`
  const parsed = define('parsed', parse(text))
  const direct = format === '' || dayFormatOf(format) === 'yyyy-MM-dd'
  const isPlain = `length(${text}) >= 19 AND startsWith(toString(${parsed}), ${text})`
  return {
    value: direct ? preferred(text, isPlain, parsed, moved) : `if(isNull(${text}), NULL, ${moved})`,
    reason: dayReason(groups, 'ingestion.not_a_time'),
  }
}

/** Whether a mapping may name this format. */
export const isDayFormat = (format: string): boolean => Object.hasOwn(dateFormats, dayFormatOf(format))
