import { createHash } from 'node:crypto'
import type { DestructionEvidence } from '#contract/ingestion/retention.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { destroyEntry } from './destroy-entry.ts'
import { destroyQuarantine } from './destroy-quarantine.ts'
import { destroyRows, editionOf } from './destroy-rows.ts'
import { findEvidence, liveTable } from './find-evidence.ts'
import { refuseBusy } from './refuse-busy.ts'
import { retentionOf } from './retention-of.ts'
import { type DestructionRow, selectDestruction, selectStorage, updateDestruction } from './retention-store.ts'

/**
 * Destroys what was approved. The evidence is committed before anything is touched; after a kill the job goes on with it. It ends only
 * when nothing of what it names can be found.
 * @throws unavailable `ingestion.destruction_busy` while the entry is being loaded: the queue tries again
 */
export async function destroyData(ctx: Ctx, destructionId: string): Promise<void> {
  const row = await selectDestruction(ctx.db, 'everything', destructionId)
  if (row?.state !== 'approved') return
  await refuseBusy(ctx, row.entry_id)
  const dateItem = row.kind === 'rows' ? await dateItemOf(ctx, row.entry_id) : null
  const evidence = (await heldEvidence(ctx, row)) ?? (await keepEvidence(ctx, row, dateItem))
  if (row.kind === 'rows') await destroyRows(ctx, row, dateItem!, evidence)
  else if (row.kind === 'quarantine') await destroyQuarantine(ctx, row, evidence)
  else await destroyEntry(ctx, row)
  const left = await ctx.lake.tables(evidence.tables.map(({ name }) => name))
  if (left.length > 0) throw new Error(`${left.length} tables are still there`)
  await conclude(ctx, row, evidence)
}

async function dateItemOf(ctx: Ctx, entryId: string): Promise<string> {
  const [entry] = await selectStorage(ctx.db, 'everything', { entryId, limit: 1 })
  const dateItem = entry && retentionOf(ctx.profile, entry)?.dateItem
  if (!dateItem) throw new Error('the retention of the entry names no date item any more')
  return dateItem
}

/** Evidence of an earlier run; none where a load has moved the pointer since it was made. */
async function heldEvidence(ctx: Ctx, row: DestructionRow): Promise<DestructionEvidence | null> {
  if (row.kind !== 'rows' || !row.evidence) return row.evidence
  const live = await liveTable(ctx, row.entry_id)
  const before = row.evidence.tables[0]?.name
  return before && (live === before || live === editionOf(before)) ? row.evidence : null
}

async function keepEvidence(ctx: Ctx, row: DestructionRow, dateItem: string | null): Promise<DestructionEvidence> {
  const evidence = await findEvidence(ctx, row, dateItem)
  await updateDestruction(ctx.db, row.id, ['approved'], { evidence: JSON.stringify(evidence) })
  return evidence
}

async function conclude(ctx: Ctx, row: DestructionRow, evidence: DestructionEvidence): Promise<void> {
  await inTx(ctx, async (ctx) => {
    if (!(await updateDestruction(ctx.db, row.id, ['approved'], { state: 'destroyed', destroyed_at: ctx.now() }))) return
    emit(ctx, {
      action: 'ingestion.data_destroyed',
      object: { type: 'destruction', id: row.id, name: row.entry_name },
      detail: {
        entryId: row.entry_id,
        kind: row.kind,
        citation: row.citation,
        tables: evidence.tables.length,
        rows: evidence.tables.reduce((sum, { rows }) => sum + rows, 0),
        files: evidence.files.length,
        evidenceSha256: evidenceHash(evidence),
      },
    })
  })
}

/** Ties the certificate to the audit chain. Keys in a fixed order: jsonb keeps none. */
export function evidenceHash({ measuredAt, tables, files }: DestructionEvidence): string {
  const text = JSON.stringify([
    measuredAt,
    tables.map(({ name, rows, bytes, digest }) => [name, rows, bytes, digest]),
    files.map(({ name, bytes, sha256 }) => [name, bytes, sha256]),
  ])
  return createHash('sha256').update(text).digest('hex')
}
