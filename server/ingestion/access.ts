import type { LoadState } from '#contract/ingestion.ts'
import type { Actor } from '../kernel/actor.ts'

/** Whose sources, plans and loads somebody may know of. `'everything'` is for jobs of the program and must be meant. */
export type IngestionScope = { orgId: string | null; isOverseer: boolean } | 'everything'

/** The provider's own; the bureau and the operating center read all. */
export const visibleTo = ({ org }: Actor): IngestionScope => ({
  orgId: org?.id ?? null,
  isOverseer: org?.kind === 'bureau' || org?.kind === 'operating_center',
})

/** Only the organisation that owns it changes it; who merely oversees does not. */
export const canWrite = (actor: Actor, ownerOrgId: string): boolean => actor.org?.id === ownerOrgId && actor.scopes.has('ingestion:write')

export const isFinished = (state: LoadState): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled'
