import { type Entry, type EntryState, entryStates } from '#contract/catalog.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { step } from '../../kernel/step.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { stepperOf, visibleTo } from '../access.ts'
import { type EntryRow, selectEntry, updateEntry } from './entry-store.ts'
import { presentEntry } from './present-entry.ts'

export type EntryEvent = (typeof entryStates.steps)[number]['event']

export interface EntryStep {
  entryId: string
  event: EntryEvent
  /** Audit name of what happened, `catalog.…`. */
  action: string
  /** What changes beside the state, and what the event tells; may refuse. */
  prepare(ctx: TxCtx, row: EntryRow): Promise<{ change: Parameters<typeof updateEntry>[3]; detail: Record<string, unknown> }>
}

/**
 * Takes one step of an entry by itself (publication is a step of its revision).
 * @throws value.not_found, `state.wrong_side`, `security.missing_scope`, `state.refused`, `value.stale`
 */
export async function stepEntry(ctx: Ctx, { entryId, event, action, prepare }: EntryStep): Promise<Entry> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await selectEntry(ctx.db, visibleTo(ctx.actor), entryId)
    if (!before) throw notFound('value.not_found')
    const state = step(entryStates, before.state as EntryState, event, stepperOf(ctx.actor, before.provider_org_id))
    const { change, detail } = await prepare(ctx, before)
    if (!(await updateEntry(ctx.db, entryId, before.state, { ...change, state }))) throw conflict('value.stale')
    emit(ctx, {
      action,
      object: { type: 'entry', id: entryId, name: before.name },
      detail: { entryId, from: before.state, to: state, ...detail },
    })
    return (await selectEntry(ctx.db, 'everything', entryId))!
  })
  return presentEntry(ctx, row)
}
