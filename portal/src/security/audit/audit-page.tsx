import { Button, Checkbox, DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import type { AuditEntry } from '#contract/security.ts'
import { type Input as CallInput, useDownload, useSeekList } from '../../api/index.ts'
import { OrganisationSelect } from '../../shell/index.ts'
import {
  type Column,
  DataTable,
  Filter,
  FilterBar,
  formatInstant,
  PageHeader,
  ProblemAlert,
  ToneTag,
  toChoices,
  useFilters,
  useLanguage,
  useText,
} from '../../ui/index.ts'
import { actionWord } from './action-words.ts'
import { AuditDrawer, resultTones } from './audit-drawer.tsx'
import { auditText } from './text.ts'
import { VerifyAudit } from './verify-audit.tsx'

const filterNames = ['from', 'to', 'orgId', 'actorId', 'objectType', 'objectId', 'decisionId', 'result', 'dataOnly'] as const

/** Who saw what under which decision, and why. */
export function AuditPage() {
  const t = useText(auditText)
  const [filters, setFilters, clear] = useFilters(...filterNames)
  const [shown, setShown] = useState<AuditEntry | null>(null)
  const query = filters as CallInput<'list_audit'>['query']
  const list = useSeekList('list_audit', { query })
  const download = useDownload('export_audit')
  const columns = useAuditColumns(setShown)
  return (
    <>
      <PageHeader
        title={t.title}
        purpose={t.purpose}
        actions={
          <>
            <VerifyAudit />
            <Button title={t.exportHint} loading={download.isRunning} onClick={() => download.run({ query })}>
              {t.export}
            </Button>
          </>
        }
      />
      <ProblemAlert error={download.error} />
      <AuditFilters filters={filters} onChange={setFilters} onClear={clear} />
      <DataTable
        label={t.title}
        list={list}
        columns={columns}
        rowKey={(entry) => String(entry.seq)}
        empty={{ why: t.empty, todo: t.emptyTodo }}
      />
      <AuditDrawer
        entry={shown}
        onClose={() => setShown(null)}
        onNarrow={(only) => {
          clear()
          setFilters(only)
          setShown(null)
        }}
      />
    </>
  )
}

export type AuditFilters = Record<(typeof filterNames)[number], string | undefined>

function AuditFilters({
  filters,
  onChange,
  onClear,
}: {
  filters: AuditFilters
  onChange: (changed: Partial<AuditFilters>) => void
  onClear: () => void
}) {
  const t = useText(auditText)
  const dateFilter = (name: 'from' | 'to') => (
    <Filter label={t[name]}>
      <DatePicker
        aria-label={t[name]}
        value={filters[name] ? dayjs(filters[name]) : null}
        onChange={(value) => onChange({ [name]: value?.format('YYYY-MM-DD') })}
      />
    </Filter>
  )
  return (
    <FilterBar onClear={Object.values(filters).some(Boolean) ? onClear : undefined}>
      {dateFilter('from')}
      {dateFilter('to')}
      <Filter label={t.org}>
        <OrganisationSelect value={filters.orgId} onChange={(orgId) => onChange({ orgId })} />
      </Filter>
      <Filter label={t.result}>
        <Select
          aria-label={t.result}
          allowClear
          placeholder={t.all}
          value={filters.result}
          options={toChoices(t.results)}
          onChange={(result) => onChange({ result })}
        />
      </Filter>
      <Filter label={t.decision}>
        <Input.Search
          key={filters.decisionId}
          aria-label={t.decision}
          placeholder={t.decisionPlaceholder}
          defaultValue={filters.decisionId}
          allowClear
          onSearch={(decisionId) => onChange({ decisionId: decisionId.trim() })}
        />
      </Filter>
      <Checkbox
        checked={filters.dataOnly === 'true'}
        onChange={(event) => onChange({ dataOnly: event.target.checked ? 'true' : undefined })}
      >
        {t.dataOnly}
      </Checkbox>
    </FilterBar>
  )
}

function useAuditColumns(onShow: (entry: AuditEntry) => void): Column<AuditEntry>[] {
  const t = useText(auditText)
  const { language } = useLanguage()
  return [
    { key: 'at', title: t.at, nowrap: true, width: 150, render: (entry) => formatInstant(entry.at) },
    {
      key: 'who',
      title: t.who,
      render: (entry) => (
        <>
          {entry.actor.kind === 'system' ? t.kinds.system : entry.actor.name}
          <div className="dt-muted">{entry.org?.name}</div>
        </>
      ),
    },
    { key: 'action', title: t.action, render: (entry) => actionWord(entry.action, language) },
    {
      key: 'object',
      title: t.object,
      render: ({ object }) =>
        object && (
          <>
            {object.name ?? object.id}
            <div className="dt-muted">{t.objects[object.type] ?? ''}</div>
          </>
        ),
    },
    {
      key: 'why',
      title: t.why,
      width: '22%',
      render: (entry) => (
        <>
          {entry.purpose}
          {entry.decisionId && <div className="dt-muted dt-mono">{entry.decisionId}</div>}
        </>
      ),
    },
    { key: 'result', title: t.result, render: (entry) => <ToneTag tone={resultTones[entry.result]}>{t.results[entry.result]}</ToneTag> },
    {
      key: 'detail',
      title: '',
      render: (entry) => (
        <Button size="small" onClick={() => onShow(entry)}>
          {t.detail}
        </Button>
      ),
    },
  ]
}
