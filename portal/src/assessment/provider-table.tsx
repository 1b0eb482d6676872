import { Link } from 'react-router'
import type { Ledger } from '#contract/assessment.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type Column, DataTable, formatCount, formatShare, useText, wholeList } from '../ui/index.ts'
import { assessmentText } from './text.ts'

type Provider = Ledger['byProvider'][number]

/** The ledger by organisation; each number opens its list, each column sorts. */
export function ProviderTable({ providers }: { providers: Provider[] }) {
  const t = useText(assessmentText).ledger
  const number = (key: string, title: string, value: (row: Provider) => number, link?: (row: Provider) => string): Column<Provider> => ({
    key,
    title,
    align: 'right',
    sort: (a, b) => value(a) - value(b),
    render: (row) => (link && value(row) > 0 ? <Link to={link(row)}>{formatCount(value(row))}</Link> : formatCount(value(row))),
  })
  const share = (row: Provider) => (row.entries === 0 ? null : row.entriesWithData / row.entries)
  const columns: Column<Provider>[] = [
    { key: 'org', title: t.provider, sort: (a, b) => a.org.name.localeCompare(b.org.name, 'zh'), render: ({ org }) => org.name },
    number(
      'systems',
      t.systems,
      (row) => row.systems,
      ({ org }) => portalPath('systems', { orgId: org.id }),
    ),
    number(
      'entries',
      t.entries,
      (row) => row.entries,
      ({ org }) => portalPath('entries', { orgId: org.id, state: 'published' }),
    ),
    number('withData', t.withData, (row) => row.entriesWithData),
    {
      key: 'coverage',
      title: t.coverage,
      align: 'right',
      sort: (a, b) => (share(a) ?? -1) - (share(b) ?? -1),
      render: (row) => formatShare(share(row)),
    },
    number('rows', t.rows, (row) => row.rows),
    number(
      'received',
      t.received,
      (row) => row.requestsReceived,
      ({ org }) => portalPath('requests', { orgId: org.id }),
    ),
    number(
      'overdue',
      t.overdue,
      (row) => row.overdue,
      () => portalPath('clocks', { phase: 'overdue' }),
    ),
  ]
  return (
    <section className="dt-panel">
      <h2>{t.providers}</h2>
      <DataTable
        label={t.providers}
        size="small"
        list={wholeList(providers)}
        columns={columns}
        rowKey={({ org }) => org.id}
        empty={{ why: t.providersEmpty, todo: t.providersEmptyTodo }}
      />
    </section>
  )
}
