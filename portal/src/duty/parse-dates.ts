/** What was read out of a pasted text: local dates in order, each once, and the parts that hold no date. */
export interface ReadDates {
  dates: string[]
  unread: string[]
}

const single = String.raw`(?:(\d{4})\s*[年/.-])?\s*(?:(\d{1,2})\s*[月/.-])?\s*(\d{1,2})\s*日?`
const part = new RegExp(`^${single}(?:\\s*(?:至|到|~|—|–)\\s*${single})?$`)

/**
 * Reads dates as notices write them: 2027-01-01, 2027年1月1日, 1月1日（周五）, 1月1日至3日, 2月5日至2月12日. The year is that of the
 * form where the text leaves it out; in a range the second date inherits what it leaves out from the first.
 */
export function parseDates(text: string, year: number): ReadDates {
  const dates = new Set<string>()
  const unread: string[] = []
  const clean = text.replace(/[（(][^）)]*[）)]/g, ' ').replace(/\s*(至|到|~|—|–)\s*/g, '$1')
  for (const piece of clean.split(/[\s,，;；、"[\]]+/).filter(Boolean)) {
    const found = readPart(piece, year)
    if (found) for (const date of found) dates.add(date)
    else unread.push(piece)
  }
  return { dates: [...dates].sort(), unread }
}

function readPart(piece: string, year: number): string[] | undefined {
  const match = part.exec(piece)
  if (!match) return undefined
  const [, year1, month1, day1, year2, month2, day2] = match
  if (!month1) return undefined
  const from = toDate(Number(year1 ?? year), Number(month1), Number(day1))
  const to = day2 ? toDate(Number(year2 ?? year1 ?? year), Number(month2 ?? month1), Number(day2)) : from
  if (!from || !to || to < from || to.getTime() - from.getTime() > 31 * 86_400_000) return undefined
  const dates: string[] = []
  for (const day = new Date(from); day <= to; day.setUTCDate(day.getUTCDate() + 1)) dates.push(day.toISOString().slice(0, 10))
  return dates
}

/** Undefined for a date that does not exist. */
function toDate(year: number, month: number, day: number): Date | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined
}
