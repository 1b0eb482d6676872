import { entryStates, type EntryState, type Revision, revisionStates } from '#contract/catalog.ts'
import { conflict } from '../../kernel/errors.ts'
import { buildResourceCode } from '../../kernel/resource-code.ts'
import { step, systemStepper } from '../../kernel/step.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { type Ctx, inTx, type TxCtx } from '../../store/index.ts'
import { stepperOf } from '../access.ts'
import { selectEntry, toProjection, updateEntry } from '../entry/entry-store.ts'
import { nextSerial } from '../next-serial.ts'
import { refuseTakenName } from '../refuse-taken-name.ts'
import { moveCycle } from '../resource/resource-store.ts'
import { presentRevision } from './present-revision.ts'
import { changePublished } from './revision-clocks.ts'
import { type RevisionRow, selectRevision, updateRevisionRow } from './revision-store.ts'
import { getRevisionRow, stepRevision } from './step-revision.ts'

/**
 * The data authority publishes a version: it becomes the entry, the one before it becomes history.
 * @throws forbidden `catalog.self_review`; conflict `state.refused` while a withdrawal is announced, `catalog.name_taken`
 */
export async function publishRevision(ctx: Ctx, { revisionId, opinion }: { revisionId: string; opinion: string }): Promise<Revision> {
  const row = await inTx(ctx, async (ctx) => {
    const after = await stepRevision(ctx, await getRevisionRow(ctx, revisionId), {
      event: 'publish',
      action: 'catalog.revision_published',
      opinion,
    })
    await publishEntry(ctx, after)
    await changePublished(ctx, after)
    return after
  })
  return presentRevision(ctx, row)
}

async function publishEntry(ctx: TxCtx, row: RevisionRow): Promise<void> {
  const { content } = row
  const entry = (await selectEntry(ctx.db, 'everything', row.entry_id))!
  const state = step(entryStates, entry.state as EntryState, 'publish', stepperOf(ctx.actor, entry.provider_org_id))
  const earlier = entry.published_revision_id && (await selectRevision(ctx.db, 'everything', entry.published_revision_id))
  if (earlier) {
    const superseded = step(revisionStates, earlier.state, 'supersede', systemStepper)
    if (!(await updateRevisionRow(ctx.db, earlier, { state: superseded }))) throw conflict('value.stale')
  }
  const change = {
    ...toProjection(content),
    state,
    code: entry.code ?? (await nextCode(ctx, content)),
    version: row.number,
    published_on: toLocalDate(ctx.now()),
    published_revision_id: row.id,
    open_revision_id: null,
    reached_bureau: false,
    withdrawal_reason: null,
    announced_on: null,
    effective_on: null,
  }
  const isCurrent = await refuseTakenName('catalog.name_taken', content.name, () => updateEntry(ctx.db, entry.id, entry.state, change))
  if (!isCurrent) throw conflict('value.stale')
  if (content.updateCycle !== entry.update_cycle) await moveCycle(ctx, entry.id, content.updateCycle)
}

/** The next resource code of the content's class (2017 guide: 类项目细目 / 顺序码). */
async function nextCode(ctx: TxCtx, { category, subject, topic, detail }: RevisionRow['content']): Promise<string> {
  const serial = await nextSerial(ctx.db, category + subject + topic + detail)
  return buildResourceCode({ category, subject, topic, detail, serial })
}
