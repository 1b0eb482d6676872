import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ProblemError } from './problem-error.ts'

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ProblemError
  }
}

/** Problems that are about the session and not about the page: the session is asked again and the shell reacts. */
const sessionCodes = new Set(['security.no_session', 'security.session_expired', 'security.password_must_change'])

/**
 * Keeps answers. `onSessionProblem`: what to do when a call says that the session is over. Nothing polls: a page left open must not keep a session alive beyond its idle limit
 * (DJ-02), so counts are fetched on navigation and when the window is looked at again.
 */
export function openQueryClient(onSessionProblem: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ProblemError && sessionCodes.has(error.problem.code)) onSessionProblem()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => query.queryKey[0] !== 'get_session' && onError(error) }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // Only an unreachable or unavailable server is asked again; a refusal stays one.
        retry: (count, error) => count < 2 && error instanceof ProblemError && (error.problem.status === 0 || error.problem.status === 503),
        throwOnError: (error) => !(error instanceof ProblemError),
      },
      mutations: { retry: false },
    },
  })
}
