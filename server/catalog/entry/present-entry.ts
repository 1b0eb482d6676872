import { EntryContent, type Entry, type EntryState, type EntrySummary, entryStates, type Resource } from '#contract/catalog.ts'
import type { Actor } from '../../kernel/actor.ts'
import { canStep } from '../../kernel/step.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import type { Ctx, Tables } from '../../store/index.ts'
import { stepperOf, visibleTo } from '../access.ts'
import { selectResources } from '../resource/resource-store.ts'
import { selectRevisionsOf } from '../revision/revision-store.ts'
import type { EntryRow } from './entry-store.ts'

/** The provider may compile a next version whenever none is open and no withdrawal is announced. */
export const canStartRevision = (actor: Actor, row: Pick<EntryRow, 'provider_org_id' | 'state' | 'open_revision_id'>): boolean =>
  actor.org?.id === row.provider_org_id && actor.scopes.has('catalog:write') && row.open_revision_id === null && row.state !== 'withdrawing'

/** The bureau confirms not before the day that users were told. */
export const isNoticeOver = (row: Pick<EntryRow, 'effective_on'>, today: string): boolean =>
  row.effective_on !== null && row.effective_on <= today

function entryCan(actor: Actor, row: EntryRow, today: string): Record<string, boolean> {
  const by = stepperOf(actor, row.provider_org_id)
  const state = row.state as EntryState
  return {
    start_revision: canStartRevision(actor, row),
    announce_withdrawal: canStep(entryStates, state, 'announce_withdrawal', by),
    cancel_withdrawal: canStep(entryStates, state, 'cancel_withdrawal', by),
    withdraw: canStep(entryStates, state, 'withdraw', by) && isNoticeOver(row, today),
  }
}

export const presentSummary = (row: EntryRow): EntrySummary => ({
  id: row.id,
  code: row.code ?? '',
  name: row.name,
  abstract: row.abstract,
  provider: { id: row.provider_org_id, name: row.provider_name },
  system: row.system_id === null ? null : { id: row.system_id, name: row.system_name! },
  state: row.state as EntryState,
  version: row.version,
  sharingType: row.sharing_type as EntrySummary['sharingType'],
  openType: row.open_type as EntrySummary['openType'],
  updateCycle: row.update_cycle as EntrySummary['updateCycle'],
  level: row.level as EntrySummary['level'],
  itemCount: row.item_count,
  rows: row.rows,
  loadedAt: row.loaded_at?.toISOString() ?? null,
  publishedOn: row.published_on,
})

const presentResource = (row: Omit<Tables['catalog.resource'], 'loaded_at'> & { loaded_at: Date }, today: string): Resource => ({
  id: row.id,
  entryId: row.entry_id,
  kind: row.kind as Resource['kind'],
  name: row.name,
  rows: row.rows,
  loadedAt: row.loaded_at.toISOString(),
  isPastCycle: row.past_cycle_on !== null && row.past_cycle_on <= today,
})

/** The entry with its published content, or with the newest draft while nothing is published. */
export async function presentEntry(ctx: Ctx, row: EntryRow): Promise<Entry> {
  const today = toLocalDate(ctx.now())
  const versions = await selectRevisionsOf(ctx.db, visibleTo(ctx.actor), row.id)
  const shown = versions.find(({ id }) => id === row.published_revision_id) ?? versions[0]!
  const open = versions.find(({ id }) => id === row.open_revision_id)
  const content = EntryContent.strip().parse(shown.content)
  const leadOrg =
    content.leadOrgId &&
    (await ctx.db.selectFrom('security.org').select(['id', 'name']).where('id', '=', content.leadOrgId).executeTakeFirst())
  const withdrawal = row.announced_on && { reason: row.withdrawal_reason!, announcedOn: row.announced_on, effectiveOn: row.effective_on! }
  return {
    ...presentSummary(row),
    providerUscc: row.provider_uscc,
    leadOrg: leadOrg || null,
    content,
    resources: (await selectResources(ctx.db, row.id)).map((resource) => presentResource(resource, today)),
    openRevision: open ? { id: open.id, number: open.number, state: open.state } : null,
    withdrawal: withdrawal || null,
    userCount: row.user_count,
    can: entryCan(ctx.actor, row, today),
  }
}
