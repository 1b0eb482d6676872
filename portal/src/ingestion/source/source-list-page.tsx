import { Link, useNavigate } from 'react-router'
import type { Source } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useSeekList } from '../../api/index.ts'
import { useHasScope } from '../../shell/index.ts'
import { type Column, DataTable, PageHeader, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { CheckTag } from './check-tag.tsx'
import { SourceDialogButton } from './source-dialog.tsx'
import { sourceText } from './text.ts'
import { usePlaceOf } from './use-place-of.ts'

export function SourceListPage() {
  const t = useText(sourceText).list
  const navigate = useNavigate()
  const list = useSeekList('list_sources', {})
  const columns = useSourceColumns()
  const mayWrite = useHasScope('ingestion:write')
  const create = mayWrite && <SourceDialogButton onSaved={(source) => navigate(portalPath('source', { sourceId: source.id }))} />
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} actions={create} />
      <DataTable
        label={t.title}
        list={list}
        columns={columns}
        rowKey={(source) => source.id}
        empty={{ why: t.empty, todo: mayWrite ? t.emptyTodo : t.emptyReader, action: create }}
      />
    </>
  )
}

function useSourceColumns(): Column<Source>[] {
  const shared = useText(ingestionText)
  const t = useText(sourceText).list
  const placeOf = usePlaceOf()
  return [
    { key: 'name', title: t.name, render: (source) => <Link to={portalPath('source', { sourceId: source.id })}>{source.name}</Link> },
    { key: 'kind', title: t.kind, render: (source) => shared.kind[source.settings.kind] },
    { key: 'place', title: t.place, render: (source) => <span className="dt-mono">{placeOf(source.settings)}</span> },
    { key: 'org', title: shared.org, render: (source) => source.org.name },
    { key: 'check', title: t.check, render: (source) => <CheckTag source={source} /> },
  ]
}
