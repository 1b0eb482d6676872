import { timingSafeEqual } from 'node:crypto'
import type { RouteSpec } from '#contract/route.ts'
import { roles } from '#contract/security.ts'
import type { Scope } from '#contract/scopes.ts'
import type { Actor } from '../kernel/actor.ts'
import { systemActor } from '../kernel/actor.ts'
import { AppError, forbidden } from '../kernel/errors.ts'
import type { Ctx } from '../store/index.ts'
import { deleteSession, type SessionRow, selectSession, touchSession } from './session-store.ts'

/** GB/T 22239 8.1.4.1b (DJ-02): a session ends after half an hour without a request and after half a day. */
export const sessionLimits = { idleMinutes: 30, absoluteHours: 12, touchSeconds: 30 }

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
  const ctx = { ...base, actor }
  if (transport.method !== 'GET') checkCsrf(row, transport.header('x-csrf-token'))
  if (spec.needs !== 'session') checkScope(actor, row, spec.needs)
  return ctx
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

function checkCsrf(row: SessionRow, sent: string | undefined): void {
  const expected = Buffer.from(row.csrf_token)
  const actual = Buffer.from(sent ?? '')
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) throw forbidden('http.csrf')
}

function checkScope(actor: Actor, row: SessionRow, needs: Scope): void {
  if (row.must_change_password) throw forbidden('security.password_must_change')
  if (!actor.scopes.has(needs))
    throw new AppError('forbidden', 'security.missing_scope', { params: { scope: needs }, actor: 'security_admin' })
}

/** The scopes of the roles that the person holds in the organisation acted for, and of no other. */
export function toActor(row: Pick<SessionRow, 'person_id' | 'display_name' | 'org_id' | 'org_name' | 'org_kind' | 'roles'>): Actor {
  const held = row.roles.filter((role) => role in roles)
  return {
    kind: 'person',
    id: row.person_id,
    name: row.display_name,
    org: { id: row.org_id, name: row.org_name, kind: row.org_kind },
    roles: held,
    scopes: new Set(held.flatMap((role) => roles[role].scopes as readonly Scope[])),
  }
}
