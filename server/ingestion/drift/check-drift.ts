import { isDeepStrictEqual } from 'node:util'
import { changeKinds, driftStates, type SourceStructure, type StructureChange } from '#contract/ingestion/drift.ts'
import { Item } from '#contract/catalog.ts'
import { proposeItems } from '../../catalog/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import type { LoadWork } from '../load/load-full.ts'
import { learnStructure, updateStructure } from '../plan/plan-store.ts'
import { guessItem } from '../source/guess-item.ts'
import { compareStructures } from './compare-structures.ts'
import { insertDrift, selectStanding } from './drift-store.ts'
import { judgeChanges, type Verdict } from './judge-changes.ts'
import { settleDrift } from './settle-drift.ts'

/** `load` null: a stream found it. */
type Work = Pick<LoadWork, 'plan' | 'entry'> & { load: Pick<LoadWork['load'], 'id'> | null }

/**
 * Compares the structure that a load finds with the one that its plan was made for, and keeps what it found: once, however often
 * it is found again. @throws conflict `ingestion.structure_drifted` where the plan's policy wants a person first
 */
export async function checkDrift(ctx: Ctx, work: Work, now: SourceStructure): Promise<void> {
  const { plan } = work
  if (!plan.structure) {
    if (canBeRead(now, plan.mapping)) await inTx(ctx, async (ctx) => void (await learnStructure(ctx.db, plan, now)))
    return
  }
  const changes = compareStructures(plan.structure, now, plan.mapping)
  const standing = await selectStanding(ctx.db, plan.id)
  if (changes.length === 0) {
    // One good file of a folder says nothing of the others.
    if (standing && plan.mode.kind !== 'append') await inTx(ctx, async (ctx) => void (await settleDrift(ctx, plan.id, 'gone')))
    return
  }
  const verdict = judgeChanges(plan.drift_policy, changes)
  if (!standing || !isDeepStrictEqual(standing.changes, changes)) await noteDrift(ctx, work, { now, changes, verdict })
  if (verdict === 'stop') throw conflict('ingestion.structure_drifted', { changes: inWords(changes) })
}

/** A file without a column that the plan reads is none to measure others by. Of what is no file not every column need be declared. */
const canBeRead = ({ kind, columns }: SourceStructure, mapping: LoadWork['plan']['mapping']): boolean =>
  kind !== 'file' || mapping.every(({ column }) => columns.some(({ name }) => name === column))

interface Found {
  now: SourceStructure
  changes: StructureChange[]
  verdict: Verdict
}

async function noteDrift(ctx: Ctx, { plan, entry, load }: Work, { now, changes, verdict }: Found): Promise<void> {
  const id = newId(ctx.now().getTime())
  await inTx(ctx, async (ctx) => {
    await settleDrift(ctx, plan.id, 'gone')
    const revisionId = verdict === 'go' ? await proposeNewColumns(ctx, plan.entry_id, now, changes) : null
    await insertDrift(ctx.db, {
      id,
      plan_id: plan.id,
      entry_id: plan.entry_id,
      org_id: plan.org_id,
      entry_version: entry.version,
      load_id: load?.id ?? null,
      policy: plan.drift_policy,
      state: verdict === 'go' ? 'applied' : driftStates.initial,
      found_at: ctx.now(),
      before: plan.structure!,
      after: now,
      changes,
      revision_id: revisionId,
      decided_by: null,
      decided_at: null,
      reason: '',
    })
    if (verdict === 'go') await updateStructure(ctx.db, plan, now)
    emit(ctx, {
      action: 'ingestion.drift_found',
      object: { type: 'plan', id: plan.id, name: plan.entry_name },
      detail: { driftId: id, entryId: plan.entry_id, entryVersion: entry.version, verdict, revisionId, changes: inWords(changes) },
    })
  })
}

/** New columns become items of a draft, which a person submits or not; until it is in force they are not loaded. */
async function proposeNewColumns(ctx: TxCtx, entryId: string, now: SourceStructure, changes: readonly StructureChange[]) {
  const names = new Set(changes.flatMap(({ kind, column }) => (kind === 'added' ? [column] : [])))
  if (names.size === 0) return null
  const taken = new Set<string>()
  const items = now.columns.flatMap((column, i) => {
    if (!names.has(column.name)) return []
    const item = guessItem({ ...column, samples: [] }, i, taken)
    taken.add(item.code)
    // Rows that are there already have no value for it.
    return [Item.parse({ ...item, isKey: false, isRequired: false })]
  })
  return proposeItems(ctx, { entryId, items, changeReason: `来源新增字段：${[...names].join('、')}`.slice(0, 200) })
}

const shown = 5
function inWords(changes: readonly StructureChange[]): string {
  const lines = changes
    .filter(({ effect }) => effect !== 'none')
    .map(({ kind, column, after }) =>
      `${changeKinds[kind].zh} ${column}${kind === 'renamed' || kind === 'retyped' ? ` → ${after}` : ''}`.trim(),
    )
  return `${lines.slice(0, shown).join('；')}${lines.length > shown ? '；…' : ''}`
}
