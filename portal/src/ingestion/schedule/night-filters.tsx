import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import type { ReactNode } from 'react'
import { OrganisationSelect } from '../../shell/index.ts'
import { Filter, FilterBar, useText } from '../../ui/index.ts'
import { scheduleText } from './text.ts'

interface NightFiltersProps {
  /** The night that is shown. */
  night: string | undefined
  orgId: string | undefined
  /** Whether somebody sees more than his own organisation. */
  isOverseer: boolean
  onChange: (filters: { night?: string | undefined; orgId?: string | undefined }) => void
  onClear: (() => void) | undefined
  children?: ReactNode
}

/** Which night, and whose: for the two pages of a night. */
export function NightFilters({ night, orgId, isOverseer, onChange, onClear, children }: NightFiltersProps) {
  const t = useText(scheduleText).turns
  return (
    <FilterBar onClear={onClear}>
      <Filter label={t.night}>
        <DatePicker
          aria-label={t.night}
          value={night ? dayjs(night) : null}
          allowClear={false}
          onChange={(value) => onChange({ night: value?.format('YYYY-MM-DD') })}
        />
      </Filter>
      {isOverseer && (
        <Filter label={t.org}>
          <OrganisationSelect value={orgId} onChange={(chosen) => onChange({ orgId: chosen })} />
        </Filter>
      )}
      {children}
    </FilterBar>
  )
}
