import type { System, SystemInput } from '#contract/catalog.ts'
import { orgOf } from '../../kernel/actor.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { nextSerial } from '../next-serial.ts'
import { refuseTakenName } from '../refuse-taken-name.ts'
import { presentSystem } from './present-system.ts'
import { insertSystem, selectSystem } from './system-store.ts'

/** Registers a business system of the caller's organisation. @throws conflict `catalog.system_name_taken` */
export async function createSystem(ctx: Ctx, input: SystemInput): Promise<System> {
  const org = orgOf(ctx.actor)
  const row = await inTx(ctx, async (ctx) => {
    const id = newId(ctx.now().getTime())
    const serial = await nextSerial(ctx.db, 'system')
    // Region code, S for system, serial: a code that says whose inventory it belongs to when inventories are joined.
    const code = `${ctx.profile.regionCode}S${String(serial).padStart(6, '0')}`
    await refuseTakenName('catalog.system_name_taken', input.name, () =>
      insertSystem(ctx.db, { id, code, org_id: org.id, ...toColumns(input) }),
    )
    emit(ctx, { action: 'catalog.system_created', object: { type: 'system', id, name: input.name }, detail: { code } })
    return (await selectSystem(ctx.db, id))!
  })
  return presentSystem(ctx.actor, row)
}

export const toColumns = (input: SystemInput) => ({
  name: input.name,
  short_name: input.shortName,
  description: input.description,
  state: input.state,
  network: input.network,
  protection_level: input.protectionLevel,
  duty: input.duty,
  go_live_on: input.goLiveOn,
  builder: input.builder,
  no_data_reason: input.noDataReason,
})
