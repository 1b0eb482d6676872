import { Link } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import type { SourceStatement } from '#contract/source-settings.ts'
import { useSeekList } from '../../api/index.ts'
import { type Column, DataTable, formatCount, formatInstant, useText } from '../../ui/index.ts'
import { sourceText } from './text.ts'

/** What was run on the source: its administrators may see all of it. */
export function StatementList({ sourceId }: { sourceId: string }) {
  const t = useText(sourceText).statements
  const list = useSeekList('list_source_statements', { params: { sourceId } })
  const columns: Column<SourceStatement>[] = [
    {
      key: 'at',
      title: t.at,
      render: ({ at, loadId }) => (loadId ? <Link to={portalPath('load', { loadId })}>{formatInstant(at)}</Link> : formatInstant(at)),
    },
    { key: 'statement', title: t.statement, render: ({ statement }) => <code className="dt-wrap">{statement.slice(0, 300)}</code> },
    { key: 'took', title: t.took, align: 'right', render: ({ milliseconds }) => t.milliseconds(formatCount(milliseconds)) },
    { key: 'rows', title: t.rows, align: 'right', render: ({ rows, error }) => (error ? t.failed(error) : formatCount(rows)) },
    { key: 'by', title: t.by, render: ({ by }) => by },
  ]
  return (
    <section className="dt-panel">
      <h2>{t.title}</h2>
      <p className="dt-muted">{t.purpose}</p>
      <DataTable label={t.title} list={list} columns={columns} rowKey={({ id }) => id} empty={{ why: t.empty, todo: t.emptyTodo }} />
    </section>
  )
}
