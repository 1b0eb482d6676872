import type { z } from 'zod'
import type { AccessKey } from '#contract/sharing.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { KeyRow } from './key-store.ts'

export const canRevoke = (actor: Actor, row: Pick<KeyRow, 'org_id' | 'state'>): boolean =>
  actor.org?.id === row.org_id && actor.scopes.has('sharing:apply') && row.state === 'active'

export const presentKey = (actor: Actor, row: KeyRow): z.input<typeof AccessKey> => ({
  id: row.id,
  accessKey: row.access_key,
  name: row.name,
  org: { id: row.org_id, name: row.org_name },
  state: row.state as 'active' | 'revoked',
  allowedAddresses: row.allowed_addresses,
  createdAt: row.created_at.toISOString(),
  expiresOn: row.expires_on,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  can: { revoke: canRevoke(actor, row) },
})
