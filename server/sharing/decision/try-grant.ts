import type { Item } from '#contract/catalog.ts'
import type { MaskName, RowCondition } from '#contract/sharing.ts'
import { AppError, type FieldProblem } from '../../kernel/errors.ts'
import { mintGrant } from '../../security/index.ts'
import type { Ctx } from '../../store/index.ts'

/** What is asked or decided: items with their masks, and the rows. */
export interface Wanted {
  items: readonly { item: string; mask: MaskName }[]
  rows: readonly RowCondition[]
}

/**
 * Everything that would keep a grant from being compiled over these items, found before anything is saved: a policy that
 * fails at its first use, or silently does nothing, is the field's commonest complaint. Pointers as in a Decision.
 */
export function findGrantProblems(ctx: Pick<Ctx, 'profile'>, items: readonly Item[], { items: wanted, rows }: Wanted): FieldProblem[] {
  const trial = { decisionId: 'trial', holderOrgId: 'trial', purpose: 'trial', table: 'trial', maxRows: 1 }
  try {
    mintGrant(ctx, { ...trial, tableItems: items, items: wanted, rows })
    return []
  } catch (error) {
    if (error instanceof AppError && error.details.problems) return error.details.problems
    throw error
  }
}
