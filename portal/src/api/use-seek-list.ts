import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Answer, Input } from './call.ts'
import { type ReadRoute, routeKey, useRoute } from './use-route.ts'

/** Routes that answer a page: `{ items, next }`. */
export type PagedRoute = { [N in ReadRoute]: Answer<N> extends { items: unknown[]; next: string | null } ? N : never }[ReadRoute]
export type RowOf<N extends PagedRoute> = Answer<N> extends { items: (infer Row)[] } ? Row : never

const defaultLimit = 20

/**
 * A list that is paged by seeking: the server names the next page only, so the pages behind are remembered here.
 * Goes into `<DataTable list={…}>`. A changed query begins at the first page. `refreshMs`: the page on show is asked for again so often.
 */
export function useSeekList<N extends PagedRoute>(name: N, input: Input<N>, { refreshMs }: { refreshMs?: number } = {}) {
  const [limit, setLimit] = useState(defaultLimit)
  const [cursors, setCursors] = useState<string[]>([])
  const identity = JSON.stringify(input)
  const [listed, setListed] = useState(identity)
  if (listed !== identity) {
    setListed(identity)
    setCursors([])
  }
  const cursor = cursors.at(-1)
  const query = { ...(input as { query?: object }).query, limit, ...(cursor && { cursor }) }
  const answer = useRoute(name, { ...(input as object), query } as unknown as Input<N>, {
    keepPrevious: true,
    ...(refreshMs && { pollWhile: () => true, pollEveryMs: refreshMs }),
  })
  const page = answer.data as { items: RowOf<N>[]; next: string | null } | undefined
  const client = useQueryClient()
  const next = page?.next ?? null
  useEffect(() => {
    // An empty page that is not the first: its rows were handled meanwhile.
    if (cursors.length > 0 && page && page.items.length === 0 && !answer.isPlaceholderData) setCursors(cursors.slice(0, -1))
  }, [cursors, page, answer.isPlaceholderData])
  return {
    rows: page?.items ?? [],
    isLoading: answer.isPending || answer.isPlaceholderData,
    error: answer.error,
    paging: {
      page: cursors.length + 1,
      limit,
      hasPrevious: cursors.length > 0,
      hasNext: next !== null,
      previous: () => setCursors(cursors.slice(0, -1)),
      next: () => next && setCursors([...cursors, next]),
      setLimit: (value: number) => {
        setLimit(value)
        setCursors([])
      },
    },
    reload: () => void client.invalidateQueries({ queryKey: routeKey(name, input).slice(0, 1) }),
  }
}
