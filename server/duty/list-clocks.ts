import type { Clock, ListedClock } from '#contract/duty.ts'
import { type Actor, orgOf } from '../kernel/actor.ts'
import { invalid } from '../kernel/errors.ts'
import { cutPage } from '../kernel/page.ts'
import { isExtendable } from '../kernel/clock.ts'
import { toLocalDate } from '../kernel/working-days.ts'
import type { Ctx, Tx } from '../store/index.ts'
import { selectCalendar } from './calendar-store.ts'
import { type ClockFilter, type ClockRow, type ClockScope, selectClocks, selectClocksOf, toLegalClock } from './clock-store.ts'
import { presentClock } from './present-clock.ts'

/** The bureau watches every clock; anybody else those of the organisation acted for. */
export const clocksVisibleTo = (actor: Actor): ClockScope =>
  orgOf(actor).kind === 'bureau' ? 'everything' : { ownerOrgId: orgOf(actor).id }

const cursorShape = /^(\d{4}-\d{2}-\d{2})_([0-9a-f-]{36})$/

/** @throws invalid `value.cursor` */
export async function listClocks(
  ctx: Ctx,
  { cursor, limit, ...filter }: ClockFilter & { cursor?: string | undefined; limit: number },
): Promise<{ items: ListedClock[]; next: string | null }> {
  const [, dueOn, id] = cursorShape.exec(cursor ?? '') ?? []
  if (cursor && !(dueOn && id)) throw invalid('value.cursor')
  const today = toLocalDate(ctx.now())
  const calendar = await selectCalendar(ctx.db)
  const after = dueOn && id ? { dueOn, id } : null
  const rows = await selectClocks(ctx.db, clocksVisibleTo(ctx.actor), { ...filter, today }, { after, limit: limit + 1 })
  return cutPage(
    rows,
    limit,
    (row) => `${row.due_on}_${row.id}`,
    (row) => presentListed(ctx.actor, row, presentClock(row, today, calendar)),
  )
}

/** Consent to a change of the catalog is given here, since its version is not the bureau's to see yet; to a request on its own page. */
function presentListed(actor: Actor, row: ClockRow, clock: Clock): ListedClock {
  const legal = toLegalClock(row)
  const isConsenting = clock.rule === 'catalog_update' && actor.org?.kind === 'bureau' && actor.scopes.has('catalog:publish')
  return { ...clock, maxExtensionDays: legal.terms.maxExtensionDays, can: { extend: isConsenting && isExtendable(legal, clock) } }
}

/** For the rooms of the objects: clocks by object, newest first. Who may see the object may see its clocks. */
export async function clocksOf(ctx: { db: Ctx['db'] | Tx; now: Ctx['now'] }, objectIds: readonly string[]): Promise<Map<string, Clock[]>> {
  if (objectIds.length === 0) return new Map()
  const today = toLocalDate(ctx.now())
  const calendar = await selectCalendar(ctx.db)
  const rows = await selectClocksOf(ctx.db, objectIds)
  return Map.groupBy(
    rows.map((row) => presentClock(row, today, calendar)),
    ({ objectId }) => objectId,
  )
}
