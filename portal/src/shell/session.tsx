import { QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { Spin } from 'antd'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import type { Scope } from '#contract/scopes.ts'
import type { Session } from '#contract/security.ts'
import { openQueryClient, type ProblemError, routeKey, useRoute } from '../api/index.ts'
import { ProblemAlert, useText } from '../ui/index.ts'
import { ChangePasswordPage } from './change-password-page.tsx'
import { EntrancePage } from './entrance-page.tsx'
import { SignInPage } from './sign-in-page.tsx'
import { shellText } from './text.ts'

const SessionContext = createContext<Session | null>(null)

/** The session; inside the gate there always is one. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession outside of SessionGate')
  return session
}

/** May the person, for the organisation acted for, do this kind of act? Single objects say it by their own `can`. */
export const useHasScope = (scope: Scope | 'session'): boolean => {
  const { scopes } = useSession()
  return scope === 'session' || scopes.includes(scope)
}

const AdoptContext = createContext<(session: Session) => void>(() => {})

/** Takes a session that an act brought (sign-in, another organisation, another password) as the current one. */
export const useAdoptSession = () => useContext(AdoptContext)

/** Lets in who is signed in and has a password of his own; shows the others what they have to do. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const query = useRoute('get_session', {})
  const adopt = useCallback((session: Session) => client.setQueryData(routeKey('get_session', {}), session), [client])
  const askAgain = useCallback(() => void client.invalidateQueries({ queryKey: ['get_session'] }), [client])
  const wasIn = useRef(false)
  useEffect(() => {
    if (query.data) wasIn.current = true
  }, [query.data])
  return (
    <AdoptContext value={adopt}>
      {query.isPending ? (
        <Waiting />
      ) : query.error?.problem.status === 401 ? (
        <SignInPage hasExpired={wasIn.current} />
      ) : !query.data ? (
        <Unreachable error={query.error} onRetry={askAgain} />
      ) : query.data.mustChangePassword ? (
        <ChangePasswordPage isForced onDone={() => {}} />
      ) : (
        <ActingFor key={`${query.data.person.id} ${query.data.org.id}`} session={query.data} onSessionProblem={askAgain}>
          {children}
        </ActingFor>
      )}
    </AdoptContext>
  )
}

/**
 * Everything inside belongs to one person acting for one organisation. Its answers are kept apart: what one organisation
 * may see is never shown to the next, also when another tab switched.
 */
function ActingFor({ session, onSessionProblem, children }: { session: Session; onSessionProblem: () => void; children: ReactNode }) {
  const [client] = useState(() => openQueryClient(onSessionProblem))
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </SessionContext>
  )
}

function Waiting() {
  return <Spin fullscreen description={useText(shellText).system} />
}

function Unreachable({ error, onRetry }: { error: ProblemError | null; onRetry: () => void }) {
  return (
    <EntrancePage title={useText(shellText).failed.title}>
      <ProblemAlert error={error} onRetry={onRetry} />
    </EntrancePage>
  )
}
