import { DataTable, useText, wholeList } from '../ui/index.ts'
import { sourceText } from './source/text.ts'
import { ingestionText } from './text.ts'

interface Row {
  number: number
  values: (string | null)[]
}

/** The first rows as the source has them; an empty value is told from an empty text. */
export function PreviewTable({ label, columns, rows }: { label: string; columns: string[]; rows: (string | null)[][] }) {
  const shared = useText(ingestionText)
  const t = useText(sourceText).object
  return (
    <DataTable<Row>
      label={label}
      size="small"
      list={wholeList(rows.map((values, number) => ({ number, values })))}
      rowKey={(row) => String(row.number)}
      columns={columns.map((column, at) => ({
        key: `${at} ${column}`,
        title: column,
        render: (row) => row.values[at] ?? <span className="dt-muted">{shared.emptyValue}</span>,
      }))}
      empty={{ why: t.noRows, todo: t.noRowsTodo }}
    />
  )
}
