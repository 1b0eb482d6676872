import type { Load } from '#contract/ingestion.ts'
import type { LoadSlice } from '#contract/source-settings.ts'
import { useRoute } from '../../api/index.ts'
import { type Column, DataTable, formatCount, formatInstant, ToneTag, useText, wholeList } from '../../ui/index.ts'
import { isRunning } from './is-running.ts'
import { loadText } from './text.ts'

/** The parts of a big load, each compared with its source; nothing for small ones. */
export function SliceList({ load }: { load: Load }) {
  const { page: t, five } = useText(loadText)
  const query = useRoute('list_load_slices', { params: { loadId: load.id } }, { pollWhile: () => isRunning(load), pollEveryMs: 3000 })
  const slices = query.data?.items ?? []
  if (slices.length === 0) return null
  const columns: Column<LoadSlice>[] = [
    { key: 'range', title: t.range, render: ({ range }) => <code>{range}</code> },
    {
      key: 'done',
      title: t.isDone,
      render: ({ isDone, takenFrom }) => (
        <ToneTag tone={isDone ? 'good' : 'neutral'}>{takenFrom ? t.taken : isDone ? t.done : t.notDone}</ToneTag>
      ),
    },
    { key: 'read', title: five.read, align: 'right', render: ({ read }) => formatCount(read) },
    { key: 'written', title: five.written, align: 'right', render: ({ written }) => formatCount(written) },
    { key: 'quarantined', title: five.quarantined, align: 'right', render: ({ quarantined }) => formatCount(quarantined) },
    { key: 'finished', title: t.times, render: ({ finishedAt }) => formatInstant(finishedAt) },
  ]
  return (
    <section className="dt-panel">
      <h2>{t.slices}</h2>
      <p className="dt-muted">{t.slicesPurpose}</p>
      <DataTable label={t.slices} list={wholeList(slices)} columns={columns} rowKey={({ number }) => String(number)} empty={{ why: '' }} />
    </section>
  )
}
