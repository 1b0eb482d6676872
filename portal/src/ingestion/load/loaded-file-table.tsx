import { Link } from 'react-router'
import type { LoadedFile } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useSeekList } from '../../api/index.ts'
import { type Column, DataTable, formatBytes, formatCount, formatInstant, ToneTag, useText } from '../../ui/index.ts'
import { loadText } from './text.ts'

const tones = { loaded: 'good', copy: 'neutral', changed: 'warning', broken: 'bad', waiting: 'progress', lost: 'bad' } as const

/** What a plan has met in its folder, and what became of it; of one that adds new files only. */
export function LoadedFileTable({ planId }: { planId: string }) {
  const { files: t } = useText(loadText)
  const list = useSeekList('list_loaded_files', { params: { planId } })
  const columns: Column<LoadedFile>[] = [
    { key: 'path', title: t.path, render: ({ path }) => <code>{path}</code> },
    { key: 'state', title: t.state, render: ({ state }) => <ToneTag tone={tones[state]}>{t.states[state]}</ToneTag> },
    { key: 'detail', title: t.detail, render: ({ state, detail }) => detail && (state === 'copy' ? t.copyOf(detail) : detail) },
    { key: 'size', title: t.size, align: 'right', nowrap: true, render: ({ sizeBytes }) => formatBytes(sizeBytes) },
    { key: 'modified', title: t.modified, nowrap: true, render: ({ modifiedAt }) => formatInstant(modifiedAt) },
    {
      key: 'numbers',
      title: t.numbers,
      align: 'right',
      nowrap: true,
      render: ({ read, written, quarantined }) => (read === null ? '—' : [read, written, quarantined].map(formatCount).join(' / ')),
    },
    { key: 'load', title: t.load, render: ({ loadId }) => <Link to={portalPath('load', { loadId })}>{t.toLoad}</Link> },
  ]
  return (
    <>
      <p className="dt-muted">{t.purpose}</p>
      <DataTable label={t.title} list={list} columns={columns} rowKey={({ path }) => path} empty={{ why: t.empty, todo: t.emptyTodo }} />
    </>
  )
}
