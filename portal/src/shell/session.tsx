import { useQueryClient } from '@tanstack/react-query'
import { Spin } from 'antd'
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import type { Scope } from '#contract/scopes.ts'
import type { Session } from '#contract/security.ts'
import { routeKey, useRoute } from '../api/index.ts'
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

/** Takes a session that an act brought (sign-in, another organisation, another password) as the current one. */
export function useAdoptSession(): (session: Session) => void {
  const client = useQueryClient()
  return (session) => client.setQueryData(routeKey('get_session', {}), session)
}

/** Lets in who is signed in and has a password of his own; shows the others what they have to do. */
export function SessionGate({ children }: { children: ReactNode }) {
  const t = useText(shellText)
  const client = useQueryClient()
  const query = useRoute('get_session', {})
  const session = query.data
  const wasIn = useRef(false)
  const acting = session && `${session.person.id} ${session.org.id}`
  const shown = useRef(acting)
  useEffect(() => {
    // What one organisation may see is not shown to the next, also when another tab switched.
    if (shown.current !== acting) client.removeQueries({ predicate: (kept) => kept.queryKey[0] !== 'get_session' })
    shown.current = acting
    if (acting) wasIn.current = true
  }, [acting, client])

  if (query.isPending) return <Spin fullscreen description={t.system} />
  if (query.error?.problem.status === 401) return <SignInPage hasExpired={wasIn.current} />
  if (!session)
    return (
      <EntrancePage title={t.failed.title}>
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      </EntrancePage>
    )
  if (session.mustChangePassword) return <ChangePasswordPage isForced onDone={() => {}} />
  return (
    <SessionContext value={session} key={acting}>
      {children}
    </SessionContext>
  )
}
