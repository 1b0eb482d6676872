import { Button, Select, Table } from 'antd'
import type { ReactNode } from 'react'
import { EmptyState, type EmptyStateProps } from '../empty-state.tsx'
import { useText } from '../language.tsx'
import { type Failed, ProblemAlert } from '../problem-alert.tsx'
import { uiText } from '../text.ts'

export interface Column<T> {
  key: string
  title: ReactNode
  render: (row: T) => ReactNode
  width?: number | string
  align?: 'left' | 'right' | 'center'
  /** Dates, codes: what must not be broken. Right-aligned numbers never are. */
  nowrap?: boolean
  /** Order for a table that is shown whole; a paged list has the server's order. */
  sort?: (a: T, b: T) => number
}

/** What `useSeekList` gives. */
export interface SeekList<T> {
  rows: T[]
  isLoading: boolean
  error: Failed
  paging?: {
    page: number
    limit: number
    hasPrevious: boolean
    hasNext: boolean
    previous: () => void
    next: () => void
    setLimit: (limit: number) => void
  }
  reload?: () => void
}

interface DataTableProps<T> {
  /** Names the table for those who cannot see it. */
  label: string
  list: SeekList<T>
  columns: Column<T>[]
  rowKey: (row: T) => string
  /** Why it may be empty and what to do then. */
  empty: EmptyStateProps
  size?: 'small' | 'middle'
}

/** A list as a table: paged by seeking, with its problem or its reason for being empty in the table's place. */
export function DataTable<T extends object>({ label, list, columns, rowKey, empty, size = 'middle' }: DataTableProps<T>) {
  const t = useText(uiText)
  if (list.error) return <ProblemAlert error={list.error} {...(list.reload && { onRetry: list.reload })} />
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="dt-table" aria-label={t.tableOf(label)} tabIndex={0}>
        <Table<T>
          size={size}
          rowKey={rowKey}
          dataSource={list.rows}
          loading={{ spinning: list.isLoading, delay: 200 }}
          pagination={false}
          locale={{ emptyText: list.isLoading ? t.loading : <EmptyState {...empty} /> }}
          columns={columns.map((column) => ({
            key: column.key,
            title: column.title,
            render: (_: unknown, row: T) => column.render(row),
            ...(column.width !== undefined && { width: column.width }),
            ...(column.align && { align: column.align }),
            ...((column.nowrap || column.align === 'right') && { className: 'dt-nowrap' }),
            ...(column.sort && { sorter: column.sort }),
          }))}
        />
      </section>
      {list.paging && (list.paging.hasNext || list.paging.hasPrevious) && <Paging {...list.paging} />}
    </>
  )
}

function Paging({ page, limit, hasPrevious, hasNext, previous, next, setLimit }: NonNullable<SeekList<object>['paging']>) {
  const t = useText(uiText)
  return (
    <nav className="dt-paging dt-no-print" aria-label={t.page(page)}>
      <Select
        aria-label={t.pageSize}
        value={limit}
        onChange={setLimit}
        options={[20, 50, 100].map((value) => ({ value, label: t.perPage(value) }))}
      />
      <Button onClick={previous} disabled={!hasPrevious}>
        {t.previousPage}
      </Button>
      <span aria-current="page">{t.page(page)}</span>
      <Button onClick={next} disabled={!hasNext}>
        {t.nextPage}
      </Button>
    </nav>
  )
}

/** Rows that are already here, for a table that is shown whole. */
export const wholeList = <T,>(rows: T[]): SeekList<T> => ({ rows, isLoading: false, error: null })
