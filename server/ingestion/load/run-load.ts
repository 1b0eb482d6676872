import { setTimeout as sleep } from 'node:timers/promises'
import type { Load } from '#contract/ingestion.ts'
import { messageOf } from '#contract/messages/index.ts'
import { bindResource, findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { isFinished } from '../access.ts'
import { orderDelivery } from '../agent/order-delivery.ts'
import { saveFiles } from '../append/file-store.ts'
import { loadAppend } from '../append/load-append.ts'
import { upsertHistory } from '../history/history-store.ts'
import { loadCompare } from '../mode/load-compare.ts'
import { loadIncremental } from '../mode/load-incremental.ts'
import { replay } from '../mode/replay.ts'
import { type PlanRow, selectPlan, updateGround } from '../plan/plan-store.ts'
import { recordRunEvent } from '../lineage/record-run-event.ts'
import { refuseShrinking } from '../schedule/refuse-shrinking.ts'
import { baseMoved } from '../version/make-version.ts'
import { selectSourceOfPlan } from '../source/source-store.ts'
import { waitOf } from '../harm/wait-of.ts'
import { settleQuarantine } from '../quarantine/settle-quarantine.ts'
import { releaseSlices } from '../slice/slice-store.ts'
import { explainFailure } from './explain-failure.ts'
import { keepError, noError } from '../kept-error.ts'
import { dropTables, type LoadTables, tablesOf } from './lake-tables.ts'
import { type Access, loadFull, type LoadWork } from './load-full.ts'
import type { Outcome } from './load-object.ts'
import { claimLoad, holdLoad, type LoadRow, selectLoad, stepLoad, supersedeFailed, supersedeLoads, touchLoad } from './load-store.ts'
import { silenceMs } from './run-load-job.ts'
import { watchLoad } from './watch-load.ts'

const modes: Record<Load['kind'], (ctx: Ctx, access: Access, work: LoadWork) => Promise<Outcome>> = {
  full: loadFull,
  replay,
  incremental: loadIncremental,
  compare: loadCompare,
  append: loadAppend,
}

const tries = 3
const pauseMs = 1500

interface Run {
  load: LoadRow
  plan: PlanRow
  entry: PublishedEntry
  tables: LoadTables
}

/**
 * Runs one load to its end. Safe to run again after a kill at any moment: each run fills tables of its own, and only the one
 * that holds the load's newest attempt can end it, in the transaction that makes its table the entry's data.
 */
export async function runLoad(ctx: Ctx, access: Access, loadId: string): Promise<void> {
  if (await orderDelivery(ctx, loadId)) return
  while (await tryLoad(ctx, access, loadId))
    do await sleep(pauseMs)
    while (!access.stopping.aborted && !(await isLakeWhole(ctx)))
}

/** A node that is away is waited for here, and not by reading the source again and again. */
const isLakeWhole = ({ lake }: Ctx) =>
  lake.tables([]).then(
    () => true,
    () => false,
  )

/** @returns whether the load waits for another try: its source or the engine was away */
async function tryLoad(ctx: Ctx, access: Access, loadId: string): Promise<boolean> {
  const claimed = await claim(ctx, loadId)
  if (!claimed) return false
  const claimOf = { id: claimed.id, attempt: claimed.attempt }
  const tables = tablesOf(claimed.id, claimed.attempt)
  const watch = watchLoad(ctx, claimOf, tables, access.stopping)
  try {
    const run = { load: claimed, tables, ...(await findPlan(ctx, claimed)) }
    const work = {
      ...run,
      signal: watch.signal,
      onCounted: watch.expect,
      onSettled: watch.settle,
      onReconcile: async () => {
        // A source that moved is read again: then the load is being reconciled already.
        await inTx(ctx, (ctx) => stepLoad(ctx.db, claimOf, 'reconcile', { progress: 0.99 }))
        if (!(await touchLoad(ctx.db, claimOf, { touched_at: ctx.now() }))) throw conflict('value.stale')
      },
    }
    const outcome = await modes[claimed.kind](ctx, access, work)
    await refuseShrinking(ctx, claimed, run.plan, outcome)
    if (!(await succeed(ctx, run, outcome))) await dropTables(ctx.lake, tables)
    return false
  } catch (error) {
    // A commit whose answer was lost may have made the table live: then the sweep judges, not we.
    const isLive = (await selectLoad(ctx.db, 'everything', loadId))?.state === 'succeeded'
    // With a node away the tables cannot be dropped: the sweep will.
    if (!isLive)
      await dropTables(ctx.lake, tables, explainFailure(error).quarantineTable).catch((error) =>
        ctx.log.warn({ err: error, load: loadId }, 'tables are left to the sweep'),
      )
    return !isLive && !watch.signal.aborted && (await fail(ctx, claimed, error))
  } finally {
    watch.stop()
  }
}

/** Null where there is nothing to do: the load has ended, a worker that is alive has it, or its source may not be read now. */
async function claim(ctx: Ctx, loadId: string): Promise<LoadRow | null> {
  return inTx(ctx, async (ctx) => {
    const row = await selectLoad(ctx.db, 'everything', loadId)
    if (!row || isFinished(row.state)) return null
    const isTaken = row.state !== 'queued' && ctx.now().getTime() - row.touched_at.getTime() < silenceMs
    const source = isTaken ? undefined : await selectSourceOfPlan(ctx.db, row.plan_id)
    const wait = source ? waitOf(source, ctx.now()) : null
    if (wait) await holdLoad(ctx.db, loadId, ctx.now(), wait)
    if (isTaken || wait || !(await claimLoad(ctx.db, row, ctx.now()))) return null
    await recordRunEvent(ctx, row, { type: 'START' })
    return { ...row, state: 'running', attempt: row.attempt + 1 }
  })
}

async function findPlan({ db }: Ctx, load: LoadRow): Promise<{ plan: PlanRow; entry: PublishedEntry }> {
  const plan = await selectPlan(db, 'everything', load.plan_id)
  const entry = (await findPublishedEntries(db, [load.entry_id])).get(load.entry_id)
  if (!plan || !entry) throw conflict('ingestion.entry_not_published')
  return { plan, entry }
}

/** @returns false when the load was cancelled or given away meanwhile: then nothing has changed */
async function succeed(ctx: Ctx, { load, plan, tables }: Run, outcome: Outcome): Promise<boolean> {
  return inTx(ctx, async (ctx) => {
    const now = ctx.now()
    const isSame = outcome.next?.version.isSame ?? false
    const isEnded = await stepLoad(ctx.db, load, 'succeed', {
      ...numbersToColumns(outcome),
      finished_at: now,
      progress: 1,
      ...noError,
      // Where nothing has changed, the table that is live stays so.
      lake_table: isSame ? null : tables.target,
      quarantine_table: load.kind !== 'replay' && (outcome.next?.quarantine.rows ?? outcome.quarantined) > 0 ? tables.quarantine : null,
    })
    if (!isEnded) return false
    if (outcome.files) await saveFiles(ctx.db, { planId: plan.id, loadId: load.id, isAnew: outcome.next?.base === null }, outcome.files)
    await moveGround(ctx, { load, plan, tables }, outcome)
    await releaseSlices(ctx.db, load.id)
    await settleQuarantine(ctx, load, plan, outcome)
    if (!isSame) await supersedeLoads(ctx.db, load.entry_id, [load.id], now)
    await supersedeFailed(ctx.db, plan.id, load.id, now)
    await recordRunEvent(ctx, load, { type: 'COMPLETE', numbers: outcome, table: isSame ? outcome.next!.base! : tables.target })
    const { read, sent, written, quarantined, agrees } = outcome
    emit(ctx, {
      action: 'ingestion.load_succeeded',
      object: { type: 'load', id: load.id, name: load.entry_name },
      detail: {
        entryId: load.entry_id,
        planId: load.plan_id,
        read,
        sent,
        written,
        quarantined,
        agrees,
      },
    })
    return true
  })
}

/** The entry's pointer, its history's, and what the plan's next load builds on. @throws unavailable `ingestion.base_moved` */
async function moveGround(ctx: TxCtx, { load, plan, tables }: Pick<Run, 'load' | 'plan' | 'tables'>, outcome: Outcome): Promise<void> {
  const { next, watermark } = outcome
  const table = next?.version.isSame ? next.base! : tables.target
  const rows = next?.version.rows ?? outcome.written
  const { previousTable } = await bindResource(ctx, { entryId: load.entry_id, kind: 'table', table, rows, loadedAt: ctx.now() })
  if (next && next.base !== null && previousTable !== next.base) throw baseMoved()
  if (next?.history)
    await upsertHistory(ctx.db, { entry_id: load.entry_id, plan_id: plan.id, lake_table: next.history.table, at: next.history.at })
  const mark = watermark ? { column: watermark.column, watermark: watermark.value } : {}
  // A replay changes rows, not how far the source was read.
  await updateGround(
    ctx.db,
    plan.id,
    load.kind === 'replay' && plan.ground ? { ...plan.ground, table } : { table, kind: load.kind, ...mark },
  )
}

/** @returns whether it is worth another try */
async function fail(ctx: Ctx, load: LoadRow, error: unknown): Promise<boolean> {
  const { code, params, numbers, differing, isPassing, quarantineTable } = explainFailure(error)
  ctx.log.warn({ err: error, load: load.id }, 'a load did not succeed')
  if (isPassing && (load.attempt < tries || code === 'platform.lake_away'))
    return inTx(ctx, (ctx) => stepLoad(ctx.db, load, 'resume', keepError(code, params)))
  await inTx(ctx, async (ctx) => {
    const isEnded = await stepLoad(ctx.db, load, 'fail', {
      ...numbersToColumns(numbers),
      finished_at: ctx.now(),
      progress: null,
      differing: JSON.stringify(differing),
      quarantine_table: quarantineTable,
      ...keepError(code, params),
    })
    if (!isEnded) return
    // Of a load that could read none of its files: its owner sees why.
    if (numbers.files) await saveFiles(ctx.db, { planId: load.plan_id, loadId: load.id, isAnew: false }, numbers.files)
    if (quarantineTable) await supersedeFailed(ctx.db, load.plan_id, load.id, ctx.now())
    await recordRunEvent(ctx, load, { type: 'FAIL', numbers, error: { code, message: messageOf(code, 'zh', params) } })
    const object = { type: 'load', id: load.id, name: load.entry_name }
    emit(ctx, { action: 'ingestion.load_failed', result: 'failed', object, detail: { entryId: load.entry_id, planId: load.plan_id, code } })
  })
  return false
}

const numbersToColumns = ({ read, sent, written, quarantined, agrees, reasons, next, watermark, sourceRows }: Partial<Outcome>) => ({
  read_rows: read ?? null,
  sent_rows: sent ?? null,
  written_rows: written ?? null,
  quarantined_rows: quarantined ?? null,
  agrees: agrees ?? null,
  inserted_rows: next?.version.inserted ?? null,
  changed_rows: next?.version.changed ?? null,
  deleted_rows: next?.version.deleted ?? null,
  unchanged_rows: next?.version.unchanged ?? null,
  watermark: watermark?.value ?? null,
  source_rows: sourceRows ?? null,
  reasons: JSON.stringify(reasons ?? []),
})
