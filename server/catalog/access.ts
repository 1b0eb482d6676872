import type { ExpressionBuilder } from 'kysely'
import { entryStates, revisionStates } from '#contract/catalog.ts'
import type { Side } from '#contract/states.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Stepper } from '../kernel/step.ts'
import type { Tables } from '../store/index.ts'

/** Which rows somebody may know of. `'everything'` is for jobs of the program and must be meant. */
export type CatalogScope = { orgId: string | null; isBureau: boolean } | 'everything'

export const visibleTo = ({ org }: Actor): CatalogScope => ({ orgId: org?.id ?? null, isBureau: org?.kind === 'bureau' })

/** States in which the entry is part of the city's catalog. */
export const inCatalog = ['published', 'withdrawing'] as const

type WithEntry = Tables & { e: Tables['catalog.entry'] }
type WithRevision = WithEntry & { r: Tables['catalog.revision'] }

/**
 * What was ever published stays readable as metadata, whatever its sharing class; an unpublished entry is its provider's,
 * and the bureau's once it has been handed over.
 */
export function entryIsVisible(eb: ExpressionBuilder<WithEntry, 'e'>, scope: CatalogScope) {
  if (scope === 'everything') return eb.val(true)
  return eb.or([
    eb('e.state', '!=', entryStates.initial),
    eb('e.provider_org_id', '=', scope.orgId),
    ...(scope.isBureau ? [eb('e.reached_bureau', '=', true)] : []),
  ])
}

/** Published versions, present and past, are everybody's; drafts are seen like unpublished entries. */
export function revisionIsVisible(eb: ExpressionBuilder<WithRevision, 'e' | 'r'>, scope: CatalogScope) {
  if (scope === 'everything') return eb.val(true)
  return eb.or([
    eb('r.state', 'in', ['published', 'superseded']),
    eb('e.provider_org_id', '=', scope.orgId),
    ...(scope.isBureau ? [eb('r.reached_bureau', '=', true)] : []),
  ])
}

/** On which sides of a provider's object somebody stands: of its own entries the bureau is provider and authority. */
export function stepperOf(actor: Actor, providerOrgId: string): Stepper {
  const sides = new Set<Side>()
  if (actor.kind === 'system') sides.add('system')
  if (actor.org?.id === providerOrgId) sides.add('provider')
  if (actor.org?.kind === 'bureau') sides.add('authority')
  return { sides, scopes: actor.scopes }
}

/** Whether somebody had a hand in a version already: then he may not pass or publish it, whatever roles he holds. */
export function isBiased(
  actor: Actor,
  event: string,
  revision: { contributor_ids: string[]; department_reviewer_id: string | null },
): boolean {
  const isGate = revisionStates.steps.some((one) => one.event === event && one.needs !== 'catalog:write')
  if (!isGate) return false
  return revision.contributor_ids.includes(actor.id) || (event === 'publish' && revision.department_reviewer_id === actor.id)
}
