import { Alert } from 'antd'
import { useRoute } from '../api/index.ts'
import { useHasScope } from '../shell/index.ts'
import { EmptyState, Loaded, PageHeader, useText } from '../ui/index.ts'
import { ImportCalendarYear } from './import-calendar-year.tsx'
import { dutyText } from './text.ts'
import { YearCalendar } from './year-calendar.tsx'

export function CalendarPage() {
  const t = useText(dutyText).calendar
  const query = useRoute('list_calendar_years', {})
  const mayImport = useHasScope('duty:calendar')
  const last = Math.max(...(query.data?.years ?? []).map(({ year }) => year), new Date().getFullYear() - 1)
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} actions={mayImport && <ImportCalendarYear nextYear={last + 1} />} />
      <Alert type="info" showIcon className="dt-problem" title={t.unknown} description={mayImport ? undefined : t.who} />
      <Loaded query={query}>
        {({ years }) =>
          years.length === 0 ? (
            <EmptyState why={t.empty} todo={t.emptyTodo} />
          ) : (
            years.toSorted((a, b) => b.year - a.year).map((year) => <YearCalendar key={year.year} year={year} />)
          )
        }
      </Loaded>
    </>
  )
}
