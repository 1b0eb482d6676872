// Excel's dates are numbers with a format: which formats are dates, and which day a serial number means.

export type DateKind = 'date' | 'time' | 'datetime'

/** Built-in formats, ECMA-376 part 1 §18.8.30, with the Chinese ones (27–36, 50–58). */
const BUILT_IN: ReadonlyMap<number, DateKind> = new Map([
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, 'date'] as const),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56].map((id) => [id, 'time'] as const),
  [22, 'datetime'],
])

/** The kind of date that a number format shows, undefined when it shows a plain number. */
export function dateKindOf(formatId: number, code: string | undefined): DateKind | undefined {
  if (code === undefined) return BUILT_IN.get(formatId)
  // Only the first section counts; literals, colours, conditions and locales are not placeholders, elapsed [h] is.
  const placeholders = code
    .replace(/\\.|_.|\*.|"[^"]*"/g, '')
    .split(';')[0]!
    .replace(/\[(h+|m+|s+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '')
    .toLowerCase()
  if (/general|[0#?]e[+-]/.test(placeholders)) return undefined
  const hasTime = /[hs]|am\/pm|上午/.test(placeholders)
  const hasDate = /[yde]/.test(placeholders) || (/m/.test(placeholders) && !hasTime)
  if (hasDate) return hasTime ? 'datetime' : 'date'
  return hasTime ? 'time' : undefined
}

const DAY_MS = 86_400_000
const EPOCH_1900 = Date.UTC(1899, 11, 30)
const EPOCH_1904 = Date.UTC(1904, 0, 1)
const LAST_SERIAL = 2_958_466

/**
 * `42439` → `2016-03-10`; with a time of day `2016-03-10 08:30:00`; a time `08:30:00` (elapsed hours may pass 24).
 * Undefined for a day that never was: 1900-02-29 (serial 60, kept by Excel for Lotus 1-2-3), negative, past 9999.
 */
export function toDateText(raw: string, kind: DateKind, date1904: boolean): string | undefined {
  const serial = Number(raw)
  if (!Number.isFinite(serial) || serial < 0 || serial >= LAST_SERIAL - (date1904 ? 1462 : 0)) return undefined
  // Excel keeps a time of day to about a tenth of a millisecond.
  const totalMs = Math.round(serial * DAY_MS)
  if (kind === 'time' || (totalMs < DAY_MS && !date1904)) return clock(totalMs)
  const days = Math.floor(totalMs / DAY_MS)
  if (!date1904 && days === 60) return undefined
  // Before the day that never was, Excel's count is one behind.
  const epoch = date1904 ? EPOCH_1904 : days < 60 ? EPOCH_1900 + DAY_MS : EPOCH_1900
  const date = new Date(epoch + days * DAY_MS).toISOString().slice(0, 10)
  const timeMs = totalMs - days * DAY_MS
  return kind === 'date' && timeMs === 0 ? date : `${date} ${clock(timeMs)}`
}

function clock(ms: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const text = `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}`
  return ms % 1000 === 0 ? text : `${text}.${String(ms % 1000).padStart(3, '0')}`
}

/** The serial number of an ISO date or date-time, or undefined where Excel has no such day (before March 1900, after 9999). */
export function toSerial(iso: string): string | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(iso)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const isReal = new Date(ms).toISOString().startsWith(iso.slice(0, 10)) && hour < 24 && minute < 60 && second < 60
  const serial = (ms - EPOCH_1900) / DAY_MS
  return isReal && serial > 60 ? String(serial) : undefined
}
