import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { type Revision, revisionStates } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useRoute } from '../../api/index.ts'
import { type Column, DataTable, formatInstant, StateTag, useText } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { DifferenceTable } from './difference-table.tsx'
import { entryText } from './text.ts'

/** All versions of an entry that the reader may see, each comparable with the one before. */
export function VersionList({ entryId }: { entryId: string }) {
  const t = useText(entryText).versions
  const shared = useText(catalogText)
  const query = useRoute('list_revisions', { params: { entryId } })
  const [compared, setCompared] = useState<Revision | null>(null)
  const columns: Column<Revision>[] = [
    {
      key: 'number',
      title: t.version,
      render: (revision) => <Link to={portalPath('revision', { revisionId: revision.id })}>{shared.version(revision.number)}</Link>,
    },
    { key: 'state', title: shared.state, render: (revision) => <StateTag table={revisionStates} state={revision.state} /> },
    { key: 'author', title: t.author, render: (revision) => revision.author },
    { key: 'updatedAt', title: shared.updatedAt, nowrap: true, render: (revision) => formatInstant(revision.updatedAt) },
    { key: 'reason', title: t.reason, width: '30%', render: (revision) => revision.changeReason },
    {
      key: 'compare',
      title: shared.actions,
      render: (revision) => (
        <Button size="small" onClick={() => setCompared(revision)}>
          {t.compare}
        </Button>
      ),
    },
  ]
  return (
    <>
      <DataTable
        label={t.version}
        list={{ rows: query.data?.items ?? [], isLoading: query.isPending, error: query.error, reload: () => void query.refetch() }}
        columns={columns}
        rowKey={(revision) => revision.id}
        empty={{ why: t.empty }}
      />
      {compared && (
        <section className="dt-panel dt-below">
          <h2>{t.compareTitle(compared.number, compared.number > 1 ? compared.number - 1 : null)}</h2>
          <DifferenceTable revisionId={compared.id} />
        </section>
      )}
    </>
  )
}
