import { timingSafeEqual } from 'node:crypto'
import type { RouteSpec } from '#contract/route.ts'
import { scopes } from '#contract/scopes.ts'
import { systemActor } from '../kernel/actor.ts'
import { AppError, type ErrorDetails } from '../kernel/errors.ts'
import type { Ctx } from '../store/index.ts'
import { mustChangePassword } from './sessions/password-rules.ts'
import { deleteSession, type SessionRow, selectSession, touchSession } from './sessions/session-store.ts'
import { sessionLimits } from './sessions/start-session.ts'
import { toActor } from './sessions/to-actor.ts'

interface Arrival {
  spec: RouteSpec
  transport: { sessionToken: string | null; method: string; header(name: string): string | undefined }
}

const unauthenticated = (code: string) => new AppError('unauthenticated', code)

/**
 * Turns a request into the ctx of its caller, or refuses it. A route without a session gets an actor that can do nothing.
 * @throws unauthenticated `security.no_session` `security.session_expired`; forbidden `security.missing_scope` `http.csrf`
 */
export async function admitSession(base: Ctx, { spec, transport }: Arrival): Promise<Ctx> {
  if (spec.needs === 'public' || spec.needs === 'signature') return { ...base, actor: systemActor('visitor') }
  const row = transport.sessionToken ? await selectSession(base.db, transport.sessionToken) : undefined
  if (!row) throw unauthenticated('security.no_session')
  await checkAge(base, row)
  const actor = toActor(row)
  const refuse = (code: string, details: ErrorDetails = {}) => new AppError('forbidden', code, { ...details, caller: actor })
  if (transport.method !== 'GET' && !isCsrfToken(row, transport.header('x-csrf-token'))) throw refuse('http.csrf')
  if (mustChangePassword(base, row) && !spec.path.startsWith(ownSession)) throw refuse('security.password_must_change')
  if (spec.needs !== 'session' && !actor.scopes.has(spec.needs))
    throw refuse('security.missing_scope', { params: { scope: scopes[spec.needs] }, actor: 'security_admin' })
  return { ...base, actor }
}

async function checkAge(base: Ctx, row: SessionRow): Promise<void> {
  const now = base.now()
  const idleMs = now.getTime() - row.last_seen_at.getTime()
  if (now >= row.expires_at || idleMs > sessionLimits.idleMinutes * 60_000) {
    await deleteSession(base.db, row.token_hash)
    throw unauthenticated('security.session_expired')
  }
  if (idleMs > sessionLimits.touchSeconds * 1000) await touchSession(base.db, row.token_hash, now)
}

function isCsrfToken(row: SessionRow, sent: string | undefined): boolean {
  const expected = Buffer.from(row.csrf_token)
  const actual = Buffer.from(sent ?? '')
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

/** What may be done before a one-time or outdated password is changed: declared paths, so no request can look like one (V02). */
const ownSession = '/api/v1/security/sessions/current'
