import type { EntryStorage } from '#contract/ingestion/retention.ts'
import type { Level } from '#contract/catalog.ts'
import type { z } from 'zod'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx } from '../../store/index.ts'
import { canWrite, visibleTo } from '../access.ts'
import { lateSince, limitOf, quarantineKeptUntil, retentionOf } from './retention-of.ts'
import { selectStorage, type StorageRow } from './retention-store.ts'

interface StorageQuery {
  cursor?: string | undefined
  limit: number
  quarantinePast?: boolean | undefined
}

export async function listEntryStorage(ctx: Ctx, { quarantinePast, ...query }: StorageQuery) {
  const before = quarantinePast ? lateSince(ctx) : undefined
  if (before === null) return { items: [], next: null }
  const rows = await selectStorage(ctx.db, visibleTo(ctx.actor), { ...query, ...(before && { quarantinedBefore: before }) })
  return { items: rows.map((row) => presentStorage(ctx, row)), next: rows.length === query.limit ? rows.at(-1)!.entry_id : null }
}

export function presentStorage(ctx: Pick<Ctx, 'actor' | 'profile' | 'now'>, row: StorageRow): EntryStorage {
  const retention = retentionOf(ctx.profile, row)
  const limit = retention && limitOf(retention, row.loaded_at, toLocalDate(ctx.now()))
  const mayWrite = canWrite(ctx.actor, row.org_id)
  return {
    entryId: row.entry_id,
    entryName: row.entry_name,
    org: { id: row.org_id, name: row.org_name },
    level: row.level as z.infer<typeof Level>,
    rows: row.rows,
    loadedAt: row.loaded_at.toISOString(),
    isCold: row.cooled_at !== null,
    retention,
    keptUntil: limit?.keptUntil ?? null,
    isPast: limit?.isPast ?? false,
    quarantine: presentQuarantine(ctx, row),
    can: {
      setRetention: mayWrite,
      destroyRows: mayWrite && retention?.dateItem != null,
      destroyEntry: mayWrite && row.entry_state === 'withdrawn',
    },
  }
}

function presentQuarantine(ctx: Pick<Ctx, 'profile' | 'now'>, { quarantined, quarantine_since }: StorageRow): EntryStorage['quarantine'] {
  if (quarantine_since === null) return null
  const keptUntil = quarantineKeptUntil(ctx.profile, quarantine_since)
  const isPast = keptUntil !== null && keptUntil < toLocalDate(ctx.now())
  return { rows: Number(quarantined), since: quarantine_since.toISOString(), keptUntil, isPast }
}
