import { Checkbox, Select } from 'antd'
import { useEffect } from 'react'
import { type TurnState, turnStates } from '#contract/schedule/schedule.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useForget, useRoute, useSeekList } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'
import { Filter, formatInstant, LinkButton, Loaded, PageHeader, useFilters, useLanguage, useText } from '../../ui/index.ts'
import { NightCounts } from './night-counts.tsx'
import { NightFilters } from './night-filters.tsx'
import { scheduleText } from './text.ts'
import { TurnTable } from './turn-table.tsx'
import { hoursOf } from './hours-of.ts'

/** While something of the list runs it is asked for again, so that its bars move; not afterwards. */
const refreshMs = 3000

/** What ran, runs, is late, and why. */
export function TurnListPage() {
  const { turns: t, counts } = useText(scheduleText)
  const { language } = useLanguage()
  const { org } = useSession()
  const [{ night, orgId, state, late }, setFilters, clear] = useFilters('night', 'orgId', 'state', 'late')
  const counted = useRoute('count_turns', { query: { night, orgId } })
  const query = { night, orgId, state: state as TurnState | undefined, late: late === 'true' ? 'true' : undefined }
  const list = useSeekList('list_turns', { query })
  const forget = useForget()
  const moves = list.rows.some((turn) => turn.state === 'running')
  // biome-ignore lint/correctness/useExhaustiveDependencies: as long as something runs
  useEffect(() => {
    const timer = moves ? setInterval(() => forget('list_turns', 'count_turns'), refreshMs) : undefined
    return () => clearInterval(timer)
  }, [moves])
  const states = Object.entries(turnStates.states).map(([value, words]) => ({ value, label: words[language] }))
  const isOverseer = org.kind === 'bureau' || org.kind === 'operating_center'
  const shown = counted.data?.night ?? night
  const isFiltered = Boolean(night || orgId || state || late)
  return (
    <>
      <PageHeader
        title={t.title}
        purpose={shown ? t.purpose(...hoursOf(shown)) : ''}
        actions={<LinkButton to={portalPath('morning', { night, orgId })}>{t.toMorning}</LinkButton>}
      />
      <NightFilters night={shown} orgId={orgId} isOverseer={isOverseer} onChange={setFilters} onClear={isFiltered ? clear : undefined}>
        <Filter label={t.state}>
          <Select
            aria-label={t.state}
            value={state}
            placeholder={t.allStates}
            options={states}
            allowClear
            onChange={(chosen?: string) => setFilters({ state: chosen })}
            popupMatchSelectWidth={false}
          />
        </Filter>
        <Checkbox checked={late === 'true'} onChange={(event) => setFilters({ late: event.target.checked ? 'true' : undefined })}>
          {t.late}
        </Checkbox>
      </NightFilters>
      <Loaded query={counted}>
        {(found) => (
          <>
            <NightCounts counts={found.counts} night={found.night} orgId={orgId} />
            <p className="dt-muted">{t.refreshed(formatInstant(found.asOf))}</p>
          </>
        )}
      </Loaded>
      <TurnTable
        list={list}
        label={`${t.title} ${counts.due}`}
        empty={state || late ? { why: t.emptyFiltered } : { why: t.empty, todo: t.emptyTodo }}
      />
    </>
  )
}
