import { Button } from 'antd'
import { useNavigate } from 'react-router'
import type { z } from 'zod'
import type { Source, SourceObject } from '#contract/ingestion.ts'
import { sourceKinds } from '#contract/source-settings.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { useHasScope } from '../../shell/index.ts'
import {
  type Column,
  ConfirmButton,
  DataTable,
  formatBytes,
  formatCount,
  formatInstant,
  LinkButton,
  useFilters,
  useText,
} from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { ObjectDrawer } from './object-drawer.tsx'
import { sourceText } from './text.ts'

type ObjectInfo = z.infer<typeof SourceObject>

const holdsFiles = ({ settings }: Source) => sourceKinds[settings.kind].holds === 'files'

/** The tables or files of a source. */
export function ObjectList({ source }: { source: Source }) {
  const t = useText(sourceText).page
  const [{ object }, setFilters] = useFilters('object')
  const query = useRoute('list_source_objects', { params: { sourceId: source.id } })
  const columns = useObjectColumns(source, (name) => setFilters({ object: name }))
  const todo = source.settings.kind === 'upload' ? t.noObjectsUpload : holdsFiles(source) ? t.noObjectsFolder : t.noObjectsDatabase
  const list = {
    rows: query.data?.items ?? [],
    isLoading: query.isPending,
    error: query.error,
    reload: () => void query.refetch(),
  }
  return (
    <section className="dt-panel">
      <h2>{t.objects}</h2>
      <p className="dt-muted">{t.objectsPurpose}</p>
      <DataTable label={t.objects} list={list} columns={columns} rowKey={(info) => info.name} empty={{ why: t.noObjects, todo }} />
      {object && <ObjectDrawer sourceId={source.id} object={object} onClose={() => setFilters({ object: undefined })} />}
    </section>
  )
}

function useObjectColumns(source: Source, onOpen: (name: string) => void): Column<ObjectInfo>[] {
  const shared = useText(ingestionText)
  const t = useText(sourceText).page
  const all: Column<ObjectInfo>[] = [
    {
      key: 'name',
      title: t.name,
      sort: (a, b) => a.name.localeCompare(b.name),
      render: (info) => (
        <Button type="link" className="dt-link" onClick={() => onOpen(info.name)}>
          {info.name}
        </Button>
      ),
    },
    { key: 'kind', title: t.kind, render: (info) => shared.objectKind[info.kind] },
    { key: 'comment', title: t.comment, render: (info) => info.comment || '—' },
    { key: 'rows', title: t.rows, align: 'right', render: (info) => formatCount(info.estimatedRows) },
    { key: 'size', title: t.size, align: 'right', render: (info) => (info.sizeBytes === null ? '—' : formatBytes(info.sizeBytes)) },
    { key: 'modified', title: t.modified, render: (info) => formatInstant(info.modifiedAt) },
    {
      key: 'actions',
      title: shared.actions,
      render: (info) => (
        <div className="dt-row">
          <LinkButton size="small" to={portalPath('new_plan', { sourceId: source.id, object: info.name })}>
            {t.plan}
          </LinkButton>
          <ProposeButton sourceId={source.id} object={info.name} />
        </div>
      ),
    },
  ]
  const hidden = holdsFiles(source) ? ['comment', 'rows'] : ['modified']
  return all.filter(({ key }) => !hidden.includes(key))
}

/** Reverse cataloging: a draft from the table, then the editor of the catalog. */
function ProposeButton({ sourceId, object }: { sourceId: string; object: string }) {
  const t = useText(sourceText).page
  const navigate = useNavigate()
  const propose = useAction('propose_entry')
  const create = useAction('create_entry', { invalidates: ['list_my_revisions', 'list_entries'] })
  const mayWrite = useHasScope('catalog:write')
  const run = async () => {
    const proposed = await propose.run({ params: { sourceId }, body: { object } })
    const revision = proposed && (await create.run({ body: { content: proposed.content } }))
    if (revision) navigate(portalPath('edit_revision', { revisionId: revision.id }))
    return revision
  }
  if (!mayWrite) return null
  return <ConfirmButton size="small" label={t.propose} question={t.proposeAsk} onConfirm={run} error={propose.error ?? create.error} />
}
