import { Checkbox, Input } from 'antd'
import { Link } from 'react-router'
import type { System } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useSeekList } from '../../api/index.ts'
import { OrganisationSelect, useHasScope } from '../../shell/index.ts'
import { type Column, DataTable, Filter, FilterBar, LinkButton, PageHeader, ToneTag, useFilters, useText } from '../../ui/index.ts'
import { catalogWords } from '../words.ts'
import { systemText } from './text.ts'

export function SystemListPage() {
  const t = useText(systemText)
  const [filters, setFilters, clear] = useFilters('q', 'orgId', 'withoutEntries')
  const list = useSeekList('list_systems', { query: filters })
  const columns = useSystemColumns()
  const create = useHasScope('catalog:write') && (
    <LinkButton type="primary" to={portalPath('new_system')}>
      {t.list.create}
    </LinkButton>
  )
  return (
    <>
      <PageHeader title={t.list.title} purpose={t.list.purpose} actions={create} />
      <FilterBar onClear={Object.values(filters).some(Boolean) ? clear : undefined}>
        <Input.Search
          aria-label={t.list.search}
          placeholder={t.list.search}
          defaultValue={filters.q}
          onSearch={(q) => setFilters({ q: q.trim() })}
          allowClear
          className="dt-filter-search"
        />
        <Filter label={t.list.org}>
          <OrganisationSelect value={filters.orgId} onChange={(orgId) => setFilters({ orgId })} />
        </Filter>
        <Checkbox
          checked={filters.withoutEntries === 'true'}
          onChange={(event) => setFilters({ withoutEntries: event.target.checked ? 'true' : undefined })}
        >
          {t.list.onlyWithout}
        </Checkbox>
      </FilterBar>
      <DataTable
        label={t.list.title}
        list={list}
        columns={columns}
        rowKey={(system) => system.id}
        empty={{ why: t.list.empty, todo: t.list.emptyTodo, action: create }}
      />
    </>
  )
}

function useSystemColumns(): Column<System>[] {
  const t = useText(systemText)
  const words = useText(catalogWords)
  return [
    {
      key: 'name',
      title: t.list.name,
      render: (system) => <Link to={portalPath('system', { systemId: system.id })}>{system.name}</Link>,
    },
    { key: 'code', title: t.list.code, render: (system) => <span className="dt-mono">{system.code}</span> },
    { key: 'org', title: t.list.org, render: (system) => system.org.name },
    { key: 'state', title: t.list.state, render: (system) => words.systemState[system.state] },
    { key: 'network', title: t.list.network, render: (system) => words.network[system.network] },
    { key: 'protection', title: t.list.protection, render: (system) => t.page.level(system.protectionLevel) },
    { key: 'goLive', title: t.list.goLive, nowrap: true, render: (system) => system.goLiveOn ?? '—' },
    {
      key: 'entries',
      title: t.list.entries,
      align: 'right',
      render: (system) =>
        system.entryCount > 0 ? (
          <Link to={portalPath('entries', { systemId: system.id })}>{system.entryCount}</Link>
        ) : (
          <ToneTag tone={system.noDataReason ? 'neutral' : 'warning'}>{system.noDataReason || t.list.noEntries}</ToneTag>
        ),
    },
  ]
}
