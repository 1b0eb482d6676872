import { type Load, loadStates } from '#contract/ingestion.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { notFound } from '../../kernel/errors.ts'
import { canStep } from '../../kernel/step.ts'
import type { Ctx } from '../../store/index.ts'
import { canWrite, isFinished, visibleTo } from '../access.ts'
import { presentError } from '../kept-error.ts'
import { type LoadRow, selectLoad } from './load-store.ts'

/** On which side of a load somebody stands: its owner's, or none. */
export const stepperOf = (actor: Actor, ownerOrgId: string) => ({
  sides: new Set(actor.org?.id === ownerOrgId ? (['provider'] as const) : []),
  scopes: actor.scopes,
})

export const presentLoad = ({ actor, language }: Pick<Ctx, 'actor' | 'language'>, row: LoadRow): Load => ({
  id: row.id,
  planId: row.plan_id,
  entryId: row.entry_id,
  entryName: row.entry_name,
  org: { id: row.org_id, name: row.org_name },
  kind: row.kind,
  state: row.state,
  read: row.read_rows,
  sent: row.sent_rows,
  written: row.written_rows,
  quarantined: row.quarantined_rows,
  agrees: row.agrees,
  inserted: row.inserted_rows,
  changed: row.changed_rows,
  deleted: row.deleted_rows,
  unchanged: row.unchanged_rows,
  sourceRows: row.source_rows,
  watermark: row.watermark,
  progress: row.progress,
  startedBy: row.started_by,
  queuedAt: row.queued_at.toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  estimatedEnd: isFinished(row.state) ? null : (row.estimated_end?.toISOString() ?? null),
  waiting:
    row.state === 'queued' && row.waits_for
      ? {
          code: row.waits_for,
          detail: messageOf(row.waits_for, language, row.waits_params ?? {}),
          until: row.waits_until?.toISOString() ?? null,
        }
      : null,
  finishedAt: row.finished_at?.toISOString() ?? null,
  error: presentError(row, language),
  reasons: row.reasons.map(({ column, reason, count }) => ({ column, reason, detail: summaryOf(reason, language), count })),
  differing: row.differing,
  can: {
    cancel: canStep(loadStates, row.state, 'cancel', stepperOf(actor, row.org_id)),
    readQuarantine: keepsRefused(row) && canWrite(actor, row.org_id),
  },
})

/** A load that failed by too many wrong rows: they can be looked at until the plan's next load. */
export const keepsRefused = (row: LoadRow): boolean => row.state === 'failed' && row.quarantine_table !== null && row.superseded_at === null

/** @throws value.not_found, also where it belongs to somebody else */
export async function getLoad(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<LoadRow> {
  const row = await selectLoad(ctx.db, visibleTo(ctx.actor), id)
  if (!row) throw notFound('value.not_found')
  return row
}

/** Of many rows at once: what differs from row to row is left out. */
const summaryOf = (reason: string, language: Language) => messageOf(reason, language).replace(/\{\w+\}/g, '…')
