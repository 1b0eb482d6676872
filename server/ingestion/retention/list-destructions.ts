import type { DestructionState } from '#contract/ingestion/retention.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { deciderOf, presentDestruction } from './present-destruction.ts'
import { selectDestructions } from './retention-store.ts'

interface DestructionQuery {
  state?: DestructionState | undefined
  toDecide?: boolean | undefined
  cursor?: string | undefined
  limit: number
}

export async function listDestructions({ db, actor }: Ctx, { toDecide, ...query }: DestructionQuery) {
  const decider = toDecide ? deciderOf(actor) : undefined
  if (decider === null) return { items: [], next: null }
  const rows = await selectDestructions(db, visibleTo(actor), { ...query, decider })
  return { items: rows.map((row) => presentDestruction(actor, row)), next: rows.length === query.limit ? rows.at(-1)!.id : null }
}
