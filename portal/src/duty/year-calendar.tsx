import type { CalendarYear } from '#contract/duty.ts'
import { useText } from '../ui/index.ts'
import { dutyText } from './text.ts'

const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

/** Twelve months with the days off and the made-up working days; a word marks them, not only a colour. */
export function YearCalendar({ year }: { year: CalendarYear }) {
  const t = useText(dutyText).calendar
  const off = new Set(year.off)
  const makeUp = new Set(year.makeUp)
  const markOf = (date: string) => (off.has(date) ? 'off' : makeUp.has(date) ? 'makeUp' : undefined)
  return (
    <section className="dt-panel">
      <h2>{t.year(year.year)}</h2>
      <p className="dt-muted">
        {t.counts(year.off.length, year.makeUp.length)}
        <br />
        {t.source(year.source)}
      </p>
      <div className="dt-months">
        {months.map((month) => (
          <Month key={month} year={year.year} month={month} markOf={markOf} />
        ))}
      </div>
    </section>
  )
}

function Month({ year, month, markOf }: { year: number; month: number; markOf: (date: string) => 'off' | 'makeUp' | undefined }) {
  const t = useText(dutyText).calendar
  return (
    <table className="dt-month">
      <caption>{t.month(month)}</caption>
      <thead>
        <tr>
          {t.weekdays.map((day) => (
            <th key={day} scope="col" className="dt-weekday">
              {day}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(year, month).map((week) => (
          <tr key={week.find(Boolean)}>
            {week.map((date, index) => {
              const mark = date && markOf(date)
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: seven places of a week
                <td key={index} className={mark ? `dt-day-${mark}` : index > 4 ? 'dt-day-weekend' : undefined}>
                  {date && Number(date.slice(8))}
                  {mark && <abbr title={mark === 'off' ? t.offDay : t.makeUpDay}>{t[mark]}</abbr>}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Weeks from Monday; null where a week reaches over the month. */
function weeksOf(year: number, month: number): (string | null)[][] {
  const first = new Date(Date.UTC(year, month - 1, 1))
  const lead = (first.getUTCDay() + 6) % 7
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const days = Array.from({ length: Math.ceil((lead + length) / 7) * 7 }, (_, place) => {
    const day = place - lead + 1
    return day < 1 || day > length ? null : `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  })
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
}
