import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from './language.tsx'
import { type Failed, ProblemAlert } from './problem-alert.tsx'
import { uiText } from './text.ts'

interface LoadedProps<T> {
  /** A query of `useRoute`. */
  query: { data: T | undefined; error: Failed; isPending: boolean; refetch: () => unknown }
  children: (data: T) => ReactNode
}

/** Shows what a query brought, a quiet placeholder while it waits, or its problem with a way to try again. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  const t = useText(uiText)
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ProblemAlert error={query.error} onRetry={() => query.refetch()} />
  return (
    <div role="status" aria-label={t.loading}>
      <Skeleton active />
    </div>
  )
}
