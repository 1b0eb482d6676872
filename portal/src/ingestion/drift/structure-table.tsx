import type { Drift, StructureColumn } from '#contract/ingestion/drift.ts'
import { type Column, DataTable, useText, wholeList } from '../../ui/index.ts'
import { driftText } from './text.ts'

interface Line {
  place: number
  before: StructureColumn | undefined
  after: StructureColumn | undefined
}

/** All columns by their place, before and now side by side. */
export function StructureTable({ drift }: { drift: Drift }) {
  const { page: t, list } = useText(driftText)
  const lines = Array.from({ length: Math.max(drift.before.length, drift.after.length) }, (_, i): Line => {
    return { place: i + 1, before: drift.before[i], after: drift.after[i] }
  })
  const shown = (column: StructureColumn | undefined) =>
    column ? <span className="dt-mono">{[column.name, column.type, column.comment].filter(Boolean).join(' · ')}</span> : t.none
  const columns: Column<Line>[] = [
    { key: 'place', title: t.column, align: 'right', width: 80, render: ({ place }) => place },
    { key: 'before', title: t.before, render: ({ before }) => shown(before) },
    { key: 'after', title: t.after, render: ({ after }) => shown(after) },
  ]
  return (
    <DataTable
      label={t.structure}
      size="small"
      list={wholeList(lines)}
      columns={columns}
      rowKey={({ place }) => String(place)}
      empty={{ why: list.empty }}
    />
  )
}
