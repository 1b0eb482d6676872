import type { Turn } from '#contract/schedule/schedule.ts'
import { invalid } from '../../kernel/errors.ts'
import { cutPage } from '../../kernel/page.ts'
import { nightOf } from '../../kernel/turns.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { presentTurns } from './present-turn.ts'
import { countNight, selectTurns, sumCounts, type TurnFilter, type TurnRow } from './turn-store.ts'

const cursorShape = /^(\d{10,15})_([0-9a-f-]{36})$/
const cursorOf = ({ due_at, id }: TurnRow) => `${due_at.getTime()}_${id}`

interface NightQuery {
  night?: string | undefined
  orgId?: string | undefined
}

/** The night that is named, or the one of now: since the last noon. */
export const nightAsked = (ctx: Pick<Ctx, 'now'>, night: string | undefined): string => night ?? nightOf(ctx.now())

/** Turns of one night that the caller may see. @throws invalid `value.cursor` */
export async function listTurns(
  ctx: Ctx,
  { cursor, limit, night, ...filter }: Omit<TurnFilter, 'night'> & NightQuery & { cursor?: string | undefined; limit: number },
): Promise<{ items: Turn[]; next: string | null }> {
  const [, dueAt, id] = cursorShape.exec(cursor ?? '') ?? []
  if (cursor && !(dueAt && id)) throw invalid('value.cursor')
  const after = dueAt && id ? { dueAt: new Date(Number(dueAt)), id } : null
  const asked = { ...filter, night: nightAsked(ctx, night) }
  const rows = await selectTurns(ctx.db, visibleTo(ctx.actor), asked, { after, limit: limit + 1, now: ctx.now() })
  const page = cutPage(rows, limit, cursorOf, (row) => row)
  return { items: await presentTurns(ctx, page.items), next: page.next }
}

export async function countTurns(ctx: Ctx, { night, orgId }: NightQuery) {
  const asked = nightAsked(ctx, night)
  const counts = await countNight(ctx.db, visibleTo(ctx.actor), { night: asked, orgId }, ctx.now())
  return { night: asked, counts: sumCounts(counts.values()), asOf: ctx.now().toISOString() }
}
