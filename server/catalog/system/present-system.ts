import type { System } from '#contract/catalog.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { SystemRow } from './system-store.ts'

export const canUpdateSystem = (actor: Actor, row: Pick<SystemRow, 'org_id'>): boolean =>
  actor.org?.id === row.org_id && actor.scopes.has('catalog:write')

export const presentSystem = (actor: Actor, row: SystemRow): System => ({
  id: row.id,
  code: row.code,
  org: { id: row.org_id, name: row.org_name },
  name: row.name,
  shortName: row.short_name,
  description: row.description,
  state: row.state as System['state'],
  network: row.network as System['network'],
  protectionLevel: row.protection_level,
  duty: row.duty,
  goLiveOn: row.go_live_on,
  builder: row.builder,
  noDataReason: row.no_data_reason,
  version: row.version,
  entryCount: row.entry_count,
  can: { update: canUpdateSystem(actor, row) },
})
