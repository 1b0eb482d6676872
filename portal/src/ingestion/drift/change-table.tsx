import type { Drift, StructureChange } from '#contract/ingestion/drift.ts'
import { type Column, DataTable, ToneTag, useText, wholeList } from '../../ui/index.ts'
import { useItemNames } from '../use-item-names.ts'
import { driftText } from './text.ts'

const tones = { none: 'neutral', compatible: 'good', breaking: 'warning' } as const

/** Each change with what was and what is, and the items that it touches. */
export function ChangeTable({ drift }: { drift: Drift }) {
  const { page: t, kinds, effects, list } = useText(driftText)
  const nameOf = useItemNames(drift.entryId)
  const columns: Column<StructureChange>[] = [
    { key: 'column', title: t.column, render: ({ column }) => <span className="dt-mono">{column || t.none}</span> },
    {
      key: 'kind',
      title: t.kind,
      render: ({ kind, isCertain }) => (
        <>
          {kinds[kind]}
          {!isCertain && <div className="dt-muted">{t.likely}</div>}
        </>
      ),
    },
    { key: 'before', title: t.before, render: ({ before }) => <span className="dt-mono">{before || t.none}</span> },
    { key: 'after', title: t.after, render: ({ after }) => <span className="dt-mono">{after || t.none}</span> },
    { key: 'effect', title: t.effect, render: ({ effect }) => <ToneTag tone={tones[effect]}>{effects[effect]}</ToneTag> },
    { key: 'items', title: t.items, render: ({ items }) => (items.length > 0 ? items.map(nameOf).join(t.comma) : t.none) },
  ]
  return (
    <DataTable
      label={t.changes}
      size="small"
      list={wholeList(drift.changes)}
      columns={columns}
      rowKey={(change) => `${change.kind} ${change.column}`}
      empty={{ why: list.empty }}
    />
  )
}
