import { Button, Checkbox, Space } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { levels } from '#contract/catalog.ts'
import type { EntryStorage } from '#contract/ingestion/retention.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useSeekList } from '../../api/index.ts'
import { type Column, DataTable, FilterBar, formatCount, formatInstant, PageHeader, ToneTag, useFilters, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { ProposeDrawer } from './propose-drawer.tsx'
import { RetentionDrawer } from './retention-drawer.tsx'
import { retentionText } from './text.ts'

interface Opened {
  act: 'rule' | 'proposal'
  line: EntryStorage
}

export function StoragePage() {
  const t = useText(retentionText).storage
  const [opened, open] = useState<Opened>()
  const [{ quarantinePast }, setFilters, clear] = useFilters('quarantinePast')
  const isPastOnly = quarantinePast === 'true'
  const list = useSeekList('list_entry_storage', { query: { quarantinePast: isPastOnly ? 'true' : undefined } })
  const columns = useStorageColumns(open)
  const close = () => open(undefined)
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <FilterBar onClear={isPastOnly ? clear : undefined}>
        <Checkbox checked={isPastOnly} onChange={({ target }) => setFilters({ quarantinePast: target.checked ? 'true' : undefined })}>
          {t.onlyPast}
        </Checkbox>
      </FilterBar>
      <DataTable
        label={t.title}
        list={list}
        columns={columns}
        rowKey={(line) => line.entryId}
        empty={isPastOnly ? { why: t.nonePast, todo: t.nonePastTodo } : { why: t.empty, todo: t.emptyTodo }}
      />
      {opened?.act === 'rule' && <RetentionDrawer line={opened.line} onClose={close} />}
      {opened?.act === 'proposal' && <ProposeDrawer line={opened.line} onClose={close} />}
    </>
  )
}

function useStorageColumns(open: (opened: Opened) => void): Column<EntryStorage>[] {
  const shared = useText(ingestionText)
  const { storage: t, rule, proposal } = useText(retentionText)
  return [
    { key: 'entry', title: shared.entry, render: (line) => line.entryName },
    { key: 'org', title: shared.org, render: (line) => line.org.name },
    { key: 'level', title: t.level, render: (line) => levels[line.level], nowrap: true },
    { key: 'rows', title: t.rows, align: 'right', render: (line) => formatCount(line.rows) },
    { key: 'loaded', title: t.loaded, render: (line) => formatInstant(line.loadedAt), nowrap: true },
    {
      key: 'cold',
      title: t.cold,
      render: ({ isCold }) => <ToneTag tone={isCold ? 'neutral' : 'progress'}>{isCold ? t.isCold : t.isHot}</ToneTag>,
    },
    { key: 'kept', title: t.kept, render: ({ retention }) => (retention ? t.months(retention.months) : t.notSet), nowrap: true },
    {
      key: 'limit',
      title: t.limit,
      render: ({ keptUntil, retention }) => (keptUntil ? (retention?.dateItem ? t.before : t.after)(keptUntil) : '—'),
    },
    {
      key: 'quarantine',
      title: t.quarantine,
      render: ({ entryId, quarantine }) => (quarantine ? <Waiting entryId={entryId} quarantine={quarantine} /> : '—'),
    },
    {
      key: 'acts',
      title: shared.actions,
      render: (line) =>
        line.can.setRetention && (
          <Space>
            <Button size="small" onClick={() => open({ act: 'rule', line })}>
              {rule.act}
            </Button>
            <Button size="small" danger onClick={() => open({ act: 'proposal', line })}>
              {proposal.act}
            </Button>
          </Space>
        ),
    },
  ]
}

function Waiting({ entryId, quarantine }: { entryId: string; quarantine: NonNullable<EntryStorage['quarantine']> }) {
  const { rows, since, keptUntil, isPast } = quarantine
  const t = useText(retentionText).storage
  return (
    <>
      {isPast && <ToneTag tone="bad">{t.overdue}</ToneTag>}
      <div>
        <Link to={portalPath('plans', { entryId })}>{t.waiting(formatCount(rows), formatInstant(since).slice(0, 10))}</Link>
      </div>
      {keptUntil && !isPast && <div className="dt-muted">{t.settleBy(keptUntil)}</div>}
    </>
  )
}
