import type { Source } from '#contract/ingestion.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import { forbidden, notFound } from '../../kernel/errors.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Ctx } from '../../store/index.ts'
import { canWrite, visibleTo } from '../access.ts'
import { type KeptCheck, type SourceRow, selectSource } from './source-store.ts'

/** A source as its organisation sees it. The secret never leaves; whether there is one does. */
export const presentSource = ({ actor, language }: Pick<Ctx, 'actor' | 'language'>, row: SourceRow): Source => ({
  id: row.id,
  org: { id: row.org_id, name: row.org_name },
  name: row.name,
  settings: row.settings,
  hasSecret: row.secret !== null,
  systemId: row.system_id,
  check: row.last_check && presentCheck(row.last_check, language),
  care: row.care,
  stopped: row.stopped_at && { at: row.stopped_at.toISOString(), by: row.stopped_by ?? '', reason: row.stop_reason ?? '' },
  version: row.version,
  can: {
    update: canWrite(actor, row.org_id),
    check: canWrite(actor, row.org_id) && row.stopped_at === null,
    stop: canWrite(actor, row.org_id) && row.stopped_at === null,
    release: canWrite(actor, row.org_id) && row.stopped_at !== null,
  },
})

function presentCheck({ params, detail = '', ...check }: KeptCheck, language: Language): NonNullable<Source['check']> {
  return { ...check, detail: params && check.code ? messageOf(check.code, language, params) : detail }
}

/** @throws value.not_found, also where it belongs to somebody else */
export async function getSource(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<SourceRow> {
  const row = await selectSource(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}

/** A source that the caller may use. @throws value.not_found; forbidden `ingestion.not_owner` */
export async function getOwnSource(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<SourceRow> {
  const row = await getSource(ctx, id)
  refuseForeign(ctx.actor, row.org_id)
  return row
}

export function refuseForeign(actor: Actor, ownerOrgId: string): void {
  if (!canWrite(actor, ownerOrgId)) throw forbidden('ingestion.not_owner')
}
