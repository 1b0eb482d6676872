import { type Grant, type GrantState, grantStates } from '#contract/sharing.ts'
import { findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { canStep } from '../../kernel/step.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx } from '../../store/index.ts'
import { stepperOf } from '../access.ts'
import { type GrantRow, selectUseOf } from './grant-store.ts'

/** Acts of people on a grant; `resume_waiting` is what `resume` becomes while the data are not there. */
const acts = ['suspend', 'resume', 'terminate'] as const

/** Rows under a grant are for its consumer, and for its provider, whose data they are. */
export const canPreview = (actor: Actor, row: GrantRow): boolean =>
  actor.org?.id === row.consumer_org_id || actor.org?.id === row.provider_org_id

export async function presentGrant(ctx: Ctx, row: GrantRow): Promise<Grant> {
  const [grant] = await presentGrants(ctx, [row])
  return grant!
}

export async function presentGrants(ctx: Ctx, rows: readonly GrantRow[]): Promise<Grant[]> {
  const today = toLocalDate(ctx.now())
  const uses = await selectUseOf(
    ctx.db,
    rows.map(({ id }) => id),
    today,
  )
  const entries = await findPublishedEntries(
    ctx.db,
    rows.map(({ entry_id }) => entry_id),
  )
  return rows.map((row) => {
    const unavailable = whyUnavailable(row, today)
    const by = stepperOf(ctx.actor, row)
    return {
      id: row.id,
      number: row.number,
      state: row.state,
      requestId: row.request_id,
      consumer: { id: row.consumer_org_id, name: row.consumer_name },
      provider: { id: row.provider_org_id, name: row.provider_name },
      entry: { id: row.entry_id, name: row.entry_name, code: row.entry_code },
      items: row.items.map(({ code, name, dataType, isKey, mask }) => ({ item: code, mask, name, dataType, isKey })),
      rows: row.conditions,
      purpose: row.purpose,
      from: row.valid_from,
      to: row.valid_to,
      callsPerDay: row.calls_per_day,
      maxRowsPerCall: row.max_rows_per_call,
      ...(uses.get(row.id) ?? { callsToday: 0, callsTotal: 0, rowsTotal: 0 }),
      endpoint: `/share/v1/${row.number}`,
      stateReason: row.state_reason,
      isAvailable: unavailable === null,
      unavailableReason: unavailable,
      notice: noticeOf(row.state, entries.get(row.entry_id)),
      can: {
        ...Object.fromEntries(acts.map((event) => [event, canStep(grantStates, row.state, event, by)])),
        preview: unavailable === null && canPreview(ctx.actor, row),
      },
    }
  })
}

/** Why it cannot be used now and who acts next, in words; null when it can. */
export function whyUnavailable(row: Pick<GrantRow, 'state' | 'state_reason' | 'valid_from' | 'valid_to' | 'provider_name'>, today: string) {
  if (row.state === 'pending') return `数据尚未就绪，等待${row.provider_name}提供`
  if (row.state === 'suspended') return `已暂停：${row.state_reason}`
  if (row.state === 'terminated') return `已终止：${row.state_reason}`
  if (row.state === 'expired' || row.valid_to < today) return `授权期限已于 ${row.valid_to} 届满，如仍需使用请重新申请`
  if (row.valid_from > today) return `授权期限自 ${row.valid_from} 开始`
  return null
}

function noticeOf(state: GrantState, entry: PublishedEntry | undefined): string | null {
  if (!entry?.withdrawal || entry.state !== 'withdrawing' || state === 'terminated' || state === 'expired') return null
  return `提供部门拟于 ${entry.withdrawal.effectiveOn} 下架该目录（${entry.withdrawal.reason}），届时授权随之终止`
}
