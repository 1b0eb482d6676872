import type { RowCondition } from '#contract/sharing.ts'
import { useText } from '../ui/index.ts'
import { sharingText } from './text.ts'

/** The rows that are asked for or granted, in words. */
export function ConditionList({ rows, nameOf }: { rows: readonly RowCondition[]; nameOf: (code: string) => string }) {
  const t = useText(sharingText)
  if (rows.length === 0) return t.allRows
  return (
    <ul className="dt-plain-list">
      {rows.map((row) => (
        <li key={JSON.stringify(row)}>{[nameOf(row.item), t.operator[row.operator], t.list([row.value].flat())].join(' ')}</li>
      ))}
    </ul>
  )
}
