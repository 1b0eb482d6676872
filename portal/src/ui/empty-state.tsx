import { InboxOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'

export interface EmptyStateProps {
  /** Why there is nothing. */
  why: ReactNode
  /** What can be done, or who acts next. */
  todo?: ReactNode
  action?: ReactNode
}

/** Nothing to show: says why, and what to do or who acts next. */
export function EmptyState({ why, todo, action }: EmptyStateProps) {
  return (
    <div className="dt-empty">
      <InboxOutlined aria-hidden className="dt-empty-icon" />
      <p className="dt-empty-why">{why}</p>
      {todo && <p className="dt-muted">{todo}</p>}
      {action && <div className="dt-no-print">{action}</div>}
    </div>
  )
}
