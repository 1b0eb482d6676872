import type { ExpressionBuilder } from 'kysely'
import { requestStates } from '#contract/sharing.ts'
import type { Side } from '#contract/states.ts'
import { type Actor, orgOf } from '../kernel/actor.ts'
import type { Stepper } from '../kernel/step.ts'
import type { Tables } from '../store/index.ts'

/** Which rows somebody may know of. `'everything'` is for jobs of the program and must be meant. */
export type SharingScope = { orgId: string; overseesCity: boolean } | 'everything'

/** The bureau coordinates sharing and the operating center runs it: both see what was submitted, everywhere. */
export const overseesCity = ({ org }: Actor): boolean => org?.kind === 'bureau' || org?.kind === 'operating_center'

export const visibleTo = (actor: Actor): SharingScope => ({ orgId: orgOf(actor).id, overseesCity: overseesCity(actor) })

type WithRequest = Tables & { r: Tables['sharing.request'] }
type WithGrant = Tables & { g: Tables['sharing.data_grant'] }

/** A request is its consumer's until it is submitted; its provider sees it from the day it is received. */
export function requestIsVisible(eb: ExpressionBuilder<WithRequest, 'r'>, scope: SharingScope) {
  if (scope === 'everything') return eb.val(true)
  return eb.or([
    eb('r.consumer_org_id', '=', scope.orgId),
    eb.and([eb('r.provider_org_id', '=', scope.orgId), eb('r.received_at', 'is not', null)]),
    ...(scope.overseesCity ? [eb('r.submitted_at', 'is not', null)] : []),
  ])
}

export function grantIsVisible(eb: ExpressionBuilder<WithGrant, 'g'>, scope: SharingScope) {
  if (scope === 'everything' || scope.overseesCity) return eb.val(true)
  return eb.or([eb('g.consumer_org_id', '=', scope.orgId), eb('g.provider_org_id', '=', scope.orgId)])
}

/** On which sides of a request or a grant somebody stands. */
export function stepperOf(actor: Actor, parties: { consumer_org_id: string; provider_org_id: string }): Stepper {
  const sides = new Set<Side>()
  if (actor.kind === 'system') sides.add('system')
  if (actor.org?.id === parties.consumer_org_id) sides.add('consumer')
  if (actor.org?.id === parties.provider_org_id) sides.add('provider')
  if (actor.org?.kind === 'bureau') sides.add('authority')
  return { sides, scopes: actor.scopes }
}

/**
 * Whether somebody had a hand in a request already: then he neither passes nor approves it, whichever of his organisations
 * he acts for (reliability A12). Turning it down is open to everyone who may decide.
 */
export function isBiased(actor: Actor, event: string, request: { contributor_ids: string[]; reviewer_id: string | null }): boolean {
  if (event !== 'pass' && event !== 'approve') return false
  return request.contributor_ids.includes(actor.id) || (event === 'approve' && request.reviewer_id === actor.id)
}

/** The events of a request that people take, each once. */
export const requestEvents = [...new Set(requestStates.steps.map(({ event }) => event))]
