import { type Destruction, type DestructionKind, destructionStates } from '#contract/ingestion/retention.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { refuseForeign } from '../source/present-source.ts'
import { presentDestruction } from './present-destruction.ts'
import { limitOf, retentionOf } from './retention-of.ts'
import { insertDestruction, selectDestruction, selectStorage, type StorageRow } from './retention-store.ts'

interface Proposal {
  entryId: string
  kind: DestructionKind
  reason: string
  citation: string
}

/**
 * Proposes to destroy data of one's own organisation. Somebody else of it decides.
 * @throws value.not_found; forbidden `ingestion.not_owner`; conflict `ingestion.destruction_not_withdrawn` `ingestion.destruction_no_limit`
 * `ingestion.destruction_nothing` `ingestion.destruction_open`
 */
export async function proposeDestruction(ctx: Ctx, { entryId, kind, reason, citation }: Proposal): Promise<Destruction> {
  const [entry] = await selectStorage(ctx.db, visibleTo(ctx.actor), { entryId, limit: 1 })
  if (!entry) throw notFound('value.not_found')
  refuseForeign(ctx.actor, entry.org_id)
  const cutoff = kind === 'rows' ? cutoffOf(ctx, entry) : null
  if (kind === 'entry' && entry.entry_state !== 'withdrawn') throw conflict('ingestion.destruction_not_withdrawn')
  if (kind === 'quarantine' && !(await hasQuarantine(ctx, entryId))) throw conflict('ingestion.destruction_nothing')
  const id = newId(ctx.now().getTime())
  return inTx(ctx, async (ctx) => {
    const { actor } = ctx
    const proposed = { proposed_by_id: actor.id, proposed_by: actor.name, proposed_at: ctx.now() }
    const row = {
      id,
      entry_id: entryId,
      org_id: entry.org_id,
      kind,
      state: destructionStates.initial,
      reason,
      citation,
      cutoff,
      ...proposed,
    }
    if (!(await insertDestruction(ctx.db, row))) throw conflict('ingestion.destruction_open')
    emit(ctx, {
      action: 'ingestion.destruction_proposed',
      object: { type: 'destruction', id, name: entry.entry_name },
      detail: { entryId, kind, cutoff, citation },
    })
    return presentDestruction(actor, (await selectDestruction(ctx.db, visibleTo(actor), id))!)
  })
}

function cutoffOf(ctx: Ctx, entry: StorageRow): string {
  const retention = retentionOf(ctx.profile, entry)
  if (!retention?.dateItem) throw conflict('ingestion.destruction_no_limit')
  return limitOf(retention, entry.loaded_at, toLocalDate(ctx.now())).keptUntil
}

const hasQuarantine = async ({ db }: Ctx, entryId: string) =>
  (await db
    .selectFrom('ingestion.plan')
    .select('id')
    .where('entry_id', '=', entryId)
    .where('quarantine_load_id', 'is not', null)
    .executeTakeFirst()) !== undefined
