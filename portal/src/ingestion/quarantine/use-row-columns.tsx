import { Button, Checkbox } from 'antd'
import type { Plan } from '#contract/ingestion.ts'
import { type Column, formatCount, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { useItemNames } from '../use-item-names.ts'
import type { RowState } from './quarantine-filters.tsx'
import type { Row } from './quarantine-page.tsx'
import { quarantineText } from './text.ts'

interface RowColumnsInput {
  plan: Plan
  rows: readonly Row[]
  state: RowState
  mayAct: boolean
  chosen: ReadonlySet<string>
  choose: (chosen: ReadonlySet<string>) => void
  onEdit: (row: Row) => void
}

/** A quarantined row: why, and its values with the wrong one marked. */
export function useRowColumns({ plan, rows, state, mayAct, chosen, choose, onEdit }: RowColumnsInput): Column<Row>[] {
  const shared = useText(ingestionText)
  const t = useText(quarantineText)
  const nameOf = useItemNames(plan.entryId)
  const isWaiting = (state === 'open' || state === 'corrected') && mayAct
  const items = plan.mapping.map(({ item }) => item)
  const toggle = (ids: readonly string[], isOn: boolean) => {
    const after = new Set(chosen)
    for (const id of ids) isOn ? after.add(id) : after.delete(id)
    choose(after)
  }
  const isAll = rows.length > 0 && rows.every((row) => chosen.has(row.id))
  const select: Column<Row> = {
    key: 'select',
    width: 40,
    title: (
      <Checkbox
        aria-label={t.selectAll}
        checked={isAll}
        onChange={(event) =>
          toggle(
            rows.map((row) => row.id),
            event.target.checked,
          )
        }
      />
    ),
    render: (row) => (
      <Checkbox
        aria-label={t.select(formatCount(row.row))}
        checked={chosen.has(row.id)}
        onChange={(event) => toggle([row.id], event.target.checked)}
      />
    ),
  }
  const act: Column<Row> = {
    key: 'act',
    title: shared.actions,
    render: (row) => (
      <Button size="small" onClick={() => onEdit(row)}>
        {t.correct}
      </Button>
    ),
  }
  return [
    ...(isWaiting ? [select] : []),
    { key: 'row', title: t.row, align: 'right', render: (row) => formatCount(row.row) },
    { key: 'column', title: t.column, render: (row) => (row.column ? nameOf(row.column) : t.wholeRow) },
    { key: 'why', title: t.why, render: (row) => row.detail },
    ...items.map(
      (item): Column<Row> => ({
        key: `value ${item}`,
        title: nameOf(item),
        render: (row) => (
          <span className={row.column === item ? 'dt-wrong-value' : undefined}>
            {row.values[item] || <span className="dt-muted">{shared.emptyValue}</span>}
          </span>
        ),
      }),
    ),
    ...(isWaiting ? [act] : []),
  ]
}
