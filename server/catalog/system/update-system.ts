import type { System, SystemInput } from '#contract/catalog.ts'
import { conflict, forbidden, notFound } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { touchEntriesOfSystem } from '../entry/entry-store.ts'
import { refuseTakenName } from '../refuse-taken-name.ts'
import { toColumns } from './create-system.ts'
import { canUpdateSystem, presentSystem } from './present-system.ts'
import { selectSystem, updateSystemRow } from './system-store.ts'

/** Changes a system of the caller's organisation, from the version that the caller saw. @throws conflict `value.stale` */
export async function updateSystem(
  ctx: Ctx,
  { systemId, version, ...input }: SystemInput & { systemId: string; version: number },
): Promise<System> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await selectSystem(ctx.db, systemId)
    if (!before) throw notFound('value.not_found')
    if (!canUpdateSystem(ctx.actor, before)) throw forbidden('catalog.not_your_system', { org: before.org_name })
    const isCurrent = await refuseTakenName('catalog.system_name_taken', input.name, () =>
      updateSystemRow(ctx.db, systemId, version, toColumns(input)),
    )
    if (!isCurrent) throw conflict('value.stale')
    if (input.name !== before.name) await touchEntriesOfSystem(ctx.db, systemId)
    emit(ctx, { action: 'catalog.system_updated', object: { type: 'system', id: systemId, name: input.name } })
    return (await selectSystem(ctx.db, systemId))!
  })
  return presentSystem(ctx.actor, row)
}
