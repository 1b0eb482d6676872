import { Input, Select } from 'antd'
import type { Org } from '#contract/security.ts'
import { type Input as CallInput, useSeekList } from '../../api/index.ts'
import { useOrganisationName } from '../../shell/index.ts'
import { type Column, DataTable, Filter, FilterBar, PageHeader, ToneTag, toChoices, useFilters, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'
import { CreateOrganisation } from './create-organisation.tsx'
import { UpdateOrganisation } from './update-organisation.tsx'

export function OrganisationListPage() {
  const t = useText(securityText)
  const [filters, setFilters, clear] = useFilters('q', 'kind')
  const list = useSeekList('list_organisations', { query: filters as CallInput<'list_organisations'>['query'] })
  const nameOf = useOrganisationName()
  const columns: Column<Org>[] = [
    { key: 'name', title: t.organisation.name, render: (org) => org.name },
    { key: 'shortName', title: t.organisation.shortName, render: (org) => org.shortName },
    { key: 'kind', title: t.organisation.kind, render: (org) => t.organisation.kinds[org.kind] },
    { key: 'uscc', title: t.organisation.uscc, render: (org) => <span className="dt-mono">{org.uscc ?? '—'}</span> },
    { key: 'parent', title: t.organisation.parent, render: (org) => nameOf(org.parentId) ?? '—' },
    {
      key: 'state',
      title: t.organisation.state,
      render: (org) => (
        <ToneTag tone={org.active ? 'good' : 'neutral'}>{org.active ? t.organisation.active : t.organisation.inactive}</ToneTag>
      ),
    },
    {
      key: 'actions',
      title: t.actions,
      render: (org) => (
        <div className="dt-row">
          <UpdateOrganisation org={org} />
        </div>
      ),
    },
  ]
  return (
    <>
      <PageHeader title={t.organisation.title} purpose={t.organisation.purpose} actions={<CreateOrganisation />} />
      <FilterBar onClear={filters.q || filters.kind ? clear : undefined}>
        <Input.Search
          key={filters.q}
          aria-label={t.organisation.search}
          placeholder={t.organisation.search}
          defaultValue={filters.q}
          allowClear
          className="dt-filter-search"
          onSearch={(q) => setFilters({ q: q.trim() })}
        />
        <Filter label={t.organisation.kind}>
          <Select
            aria-label={t.organisation.kind}
            allowClear
            placeholder={t.organisation.all}
            value={filters.kind}
            options={toChoices(t.organisation.kinds)}
            onChange={(kind) => setFilters({ kind })}
          />
        </Filter>
      </FilterBar>
      <DataTable
        label={t.organisation.title}
        list={list}
        columns={columns}
        rowKey={(org) => org.id}
        empty={{ why: t.organisation.empty, todo: t.organisation.emptyTodo }}
      />
    </>
  )
}
