import { Input } from 'antd'
import { OrganisationSelect } from '../../shell/index.ts'
import { Filter, FilterBar, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'

interface PeopleFiltersProps {
  filters: { q: string | undefined; orgId: string | undefined }
  onChange: (changed: { q?: string | undefined; orgId?: string | undefined }) => void
  onClear: () => void
}

export function PeopleFilters({ filters, onChange, onClear }: PeopleFiltersProps) {
  const t = useText(securityText).people
  return (
    <FilterBar onClear={filters.q || filters.orgId ? onClear : undefined}>
      <Input.Search
        key={filters.q}
        aria-label={t.search}
        placeholder={t.search}
        defaultValue={filters.q}
        allowClear
        className="dt-filter-search"
        onSearch={(q) => onChange({ q: q.trim() })}
      />
      <Filter label={t.org}>
        <OrganisationSelect value={filters.orgId} onChange={(orgId) => onChange({ orgId })} />
      </Filter>
    </FilterBar>
  )
}
