import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RouteName, routes } from '#contract/index.ts'
import { type Answer, call, type Input, saveFile } from './call.ts'
import type { ProblemError } from './problem-error.ts'

type Specs = typeof routes
/** Routes that are asked, not acted: GET with a JSON answer. */
export type ReadRoute = {
  [N in RouteName]: Specs[N]['method'] extends 'GET' ? (Specs[N]['output'] extends 'file' ? never : N) : never
}[RouteName]
export type FileRoute = { [N in RouteName]: Specs[N]['output'] extends 'file' ? N : never }[RouteName]

/** The key under which an answer is kept; `[name]` alone names all answers of a route. */
export const routeKey = (name: RouteName, input: unknown) => [name, input] as const

interface ReadOptions<A> {
  enabled?: boolean
  keepPrevious?: boolean
  pollWhile?: (answer: A) => boolean
  pollEveryMs?: number
}

/**
 * The answer of a GET route, kept by name and input: `const entry = useRoute('get_entry', { params: { entryId } })`.
 * `entry.data`, `entry.error?.problem`, `entry.isPending`. `enabled: false` waits. `pollWhile`: asked again while a job
 * of the page runs, and only then.
 */
export function useRoute<N extends ReadRoute>(name: N, input: Input<N>, options: ReadOptions<Answer<N>> = {}) {
  const { pollWhile } = options
  return useQuery<Answer<N>, ProblemError>({
    queryKey: routeKey(name, input),
    queryFn: ({ signal }) => call(name, input, signal),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious && { placeholderData: keepPreviousData as never }),
    ...(pollWhile && {
      refetchInterval: ({ state }) => (state.data !== undefined && pollWhile(state.data) ? (options.pollEveryMs ?? 1000) : false),
    }),
  })
}

/** For what a job changed, not an act of this page: `forget('get_entry')` has its answers fetched again. */
export function useForget(): (...names: RouteName[]) => void {
  const client = useQueryClient()
  return (...names) => {
    for (const stale of names) void client.invalidateQueries({ queryKey: [stale] })
  }
}

export interface ActionOptions<N extends RouteName> {
  /** Routes whose answers are no longer true once the act is done. */
  invalidates?: RouteName[]
  onDone?: (answer: Answer<N>) => void
  onFailed?: (error: ProblemError) => void
}

export interface Action<N extends RouteName> {
  /** Resolves with the answer, or with undefined when it failed: the problem is then in `error`. */
  run(input: Input<N>): Promise<Answer<N> | undefined>
  isRunning: boolean
  error: ProblemError | null
  reset(): void
}

/** An act by route name: `const submit = useAction('submit_revision', { invalidates: ['get_revision'] })`. */
export function useAction<N extends RouteName>(name: N, options: ActionOptions<N> = {}): Action<N> {
  const client = useQueryClient()
  const mutation = useMutation<Answer<N>, ProblemError, Input<N>>({
    mutationFn: (input) => call(name, input),
    onSuccess: async (answer) => {
      // What to do never waits for other lists to be fetched again.
      for (const stale of ['get_my_work', ...(options.invalidates ?? [])]) void client.invalidateQueries({ queryKey: [stale] })
      options.onDone?.(answer)
    },
    onError: (error) => options.onFailed?.(error),
  })
  return {
    run: (input) => mutation.mutateAsync(input).catch(() => undefined),
    isRunning: mutation.isPending,
    error: mutation.error,
    reset: mutation.reset,
  }
}

/** A file route as a button's act: fetches and saves. */
export function useDownload<N extends FileRoute>(name: N) {
  const mutation = useMutation<void, ProblemError, Input<N>>({
    mutationFn: async (input) => saveFile((await call(name, input)) as Parameters<typeof saveFile>[0]),
  })
  return {
    run: (input: Input<N>) => mutation.mutateAsync(input).catch(() => undefined),
    isRunning: mutation.isPending,
    error: mutation.error,
  }
}
