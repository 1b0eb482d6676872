import { Segmented, Select } from 'antd'
import type { Plan } from '#contract/ingestion.ts'
import { useRoute } from '../../api/index.ts'
import { Filter, FilterBar, useFilters, useText } from '../../ui/index.ts'
import { useItemNames } from '../use-item-names.ts'
import { quarantineText } from './text.ts'

const states = ['open', 'corrected', 'replayed', 'discarded'] as const
export type RowState = (typeof states)[number]

/** State, reason and item; the choices are the reasons of the load that set these rows aside. */
export function QuarantineFilters({ plan, loadId }: { plan: Plan; loadId: string | undefined }) {
  const t = useText(quarantineText)
  const [filters, set] = useFilters('state', 'reason', 'column', 'loadId')
  const nameOf = useItemNames(plan.entryId)
  const load = useRoute('get_load', { params: { loadId: loadId ?? '' } }, { enabled: loadId !== undefined })
  const reasons = load.data?.reasons ?? plan.lastLoad?.reasons ?? []
  const reasonWords = new Map(reasons.map(({ reason, detail }) => [reason, detail]))
  const codes = new Set(reasons.map(({ column }) => column).filter(Boolean))
  if (filters.reason && !reasonWords.has(filters.reason)) reasonWords.set(filters.reason, filters.reason)
  if (filters.column) codes.add(filters.column)
  const state = (filters.state ?? 'open') as RowState
  return (
    <FilterBar onClear={filters.reason || filters.column ? () => set({ reason: undefined, column: undefined }) : undefined}>
      {!filters.loadId && (
        <Segmented<RowState>
          aria-label={t.stateLabel}
          value={state}
          onChange={(chosen) => set({ state: chosen === 'open' ? undefined : chosen })}
          options={states.map((value) => ({ value, label: t.state[value] }))}
        />
      )}
      <Filter label={t.column}>
        <Select
          aria-label={t.column}
          placeholder={t.any}
          allowClear
          value={filters.column}
          onChange={(column?: string) => set({ column })}
          options={[...codes].map((code) => ({ value: code, label: nameOf(code) }))}
          popupMatchSelectWidth={false}
        />
      </Filter>
      <Filter label={t.reason}>
        <Select
          aria-label={t.reason}
          className="dt-filter-long"
          placeholder={t.any}
          allowClear
          value={filters.reason}
          onChange={(reason?: string) => set({ reason })}
          options={[...reasonWords].map(([value, label]) => ({ value, label }))}
          popupMatchSelectWidth={false}
        />
      </Filter>
    </FilterBar>
  )
}
