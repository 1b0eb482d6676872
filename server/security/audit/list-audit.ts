import type { AuditEntry } from '#contract/security.ts'
import { invalid } from '../../kernel/errors.ts'
import { cutPage } from '../../kernel/page.ts'
import type { Ctx } from '../../store/index.ts'
import { type AuditFilter, presentEntry, selectEntries } from './audit-store.ts'

/** Newest first. The auditor sees every organisation's entries: that is the office. @throws invalid `value.cursor` */
export async function listAudit(
  ctx: Ctx,
  { cursor, limit, ...filter }: AuditFilter & { cursor?: string | undefined; limit: number },
): Promise<{ items: AuditEntry[]; next: string | null }> {
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw invalid('value.cursor')
  const beyond = cursor === undefined ? undefined : Number(cursor)
  const rows = await selectEntries(ctx.db, filter, { order: 'desc', beyond, limit: limit + 1 })
  return cutPage(rows, limit, ({ seq }) => String(seq), presentEntry)
}
