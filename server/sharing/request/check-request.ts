import type { PublishedEntry } from '../../catalog/index.ts'
import type { RequestContent } from '#contract/sharing.ts'
import { type Actor, orgOf } from '../../kernel/actor.ts'
import { AppError, conflict, type FieldProblem, forbidden, invalid, notFound } from '../../kernel/errors.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx, TxCtx } from '../../store/index.ts'
import { findGrantProblems } from '../decision/try-grant.ts'

/**
 * Whether the caller's organisation may ask for this entry at all.
 * @throws value.not_found; `sharing.not_a_sharing_body` `sharing.entry_not_published` `sharing.own_entry` `sharing.not_shared`
 */
export function requireShareable(actor: Actor, entry: PublishedEntry | undefined): PublishedEntry {
  if (!entry) throw notFound('value.not_found')
  const org = orgOf(actor)
  // Order 809 art. 3: sharing is between organisations with public duties; developers use authorised operation.
  if (org.kind === 'developer') throw forbidden('sharing.not_a_sharing_body')
  if (entry.state !== 'published') throw conflict('sharing.entry_not_published', { entry: entry.name })
  if (entry.provider.id === org.id) throw invalid('sharing.own_entry', { entry: entry.name })
  if (entry.content.sharingType === 'not_shared')
    throw conflict('sharing.not_shared', { entry: entry.name, basis: entry.content.sharingBasis || '—' })
  return entry
}

const required = ['basis', 'scenario', 'purpose', 'from', 'to'] as const

/**
 * What is missing or wrong in an application (Order 809 art. 20), every problem at once: the applicant is told once.
 * Pointers lead into the request.
 */
export function findRequestProblems(
  ctx: Pick<Ctx | TxCtx, 'profile' | 'now'>,
  entry: PublishedEntry,
  content: RequestContent,
): FieldProblem[] {
  const { from, to, mode } = content
  const missing = required.filter((name) => !content[name]).map((name) => ({ pointer: `/content/${name}`, code: 'value.required' }))
  const wanted = { items: content.items.map((item) => ({ item, mask: 'none' as const })), rows: content.rows }
  const inItems = findGrantProblems(ctx, entry.content.items, wanted).map((problem) => ({
    ...problem,
    // An asked item is a plain code: there is nothing below it to point at.
    pointer: `/content${problem.pointer.replace(/^(\/items\/\d+)\/item$/, '$1')}`,
  }))
  return [
    ...missing,
    ...(from && to && from > to ? [{ pointer: '/content/to', code: 'sharing.period_reversed' }] : []),
    ...(to && to < toLocalDate(ctx.now()) ? [{ pointer: '/content/to', code: 'sharing.period_over' }] : []),
    ...(mode !== 'api' ? [{ pointer: '/content/mode', code: 'sharing.mode_not_offered' }] : []),
    ...inItems,
  ]
}

/** @throws invalid `sharing.incomplete` with every problem at once */
export function requireComplete(ctx: Pick<Ctx | TxCtx, 'profile' | 'now'>, entry: PublishedEntry, content: RequestContent): void {
  const problems = findRequestProblems(ctx, entry, content)
  if (problems.length > 0) throw new AppError('invalid', 'sharing.incomplete', { params: { count: problems.length }, problems })
}
