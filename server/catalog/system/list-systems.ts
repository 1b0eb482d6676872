import type { System } from '#contract/catalog.ts'
import { notFound } from '../../kernel/errors.ts'
import { cutPage } from '../../kernel/page.ts'
import type { Ctx } from '../../store/index.ts'
import { presentSystem } from './present-system.ts'
import { type SystemFilter, selectSystem, selectSystems } from './system-store.ts'

export async function listSystems(
  ctx: Ctx,
  { cursor, limit, ...filter }: SystemFilter & { cursor?: string | undefined; limit: number },
): Promise<{ items: System[]; next: string | null }> {
  const rows = await selectSystems(ctx.db, filter, { cursor, limit: limit + 1 })
  return cutPage(
    rows,
    limit,
    (row) => row.code,
    (row) => presentSystem(ctx.actor, row),
  )
}

export async function getSystem(ctx: Ctx, systemId: string): Promise<System> {
  const row = await selectSystem(ctx.db, systemId)
  if (!row) throw notFound('value.not_found')
  return presentSystem(ctx.actor, row)
}
