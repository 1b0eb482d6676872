import { conflict } from '../../kernel/errors.ts'
import { type Ctx, inTx, type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import type { LoadWork, WholeObject } from '../load/load-full.ts'
import { createKeyedTarget, createQuarantine, createTarget, dropTables, type LoadTables, tablesOf } from '../load/lake-tables.ts'
import { LoadFailure } from '../load/load-failure.ts'
import { countQuarantine, countReasons, type Outcome } from '../load/load-object.ts'
import { mostRows, refuseMuch, tooMuch } from '../quarantine/limit-quarantine.ts'
import { type FilledSlice, fillSlice } from './fill-slice.ts'
import { finishSlice, replaceSlices, type SliceRow } from './slice-store.ts'

const q = quoteIdentifier

export interface SlicedLoad {
  work: LoadWork
  object: WholeObject
  slices: readonly SliceRow[]
}

/** Slices read side by side, where their source allows it; the lake would not take more at once. */
const lines = 2

/**
 * Reads the slices that are not done yet, a few at a time, each proved on its own and kept; then joins all of them in the load's
 * target by hard links. Stopped at any moment, it goes on from what is done. A slice is of one moment; the slices are not.
 * @throws LoadFailure `ingestion.slice_differs` `ingestion.source_moved` `ingestion.quarantine_limit`
 */
export async function loadSliced(ctx: Ctx, { work, object, slices }: SlicedLoad): Promise<Outcome> {
  const { load } = work
  const done = slices.filter(({ state }) => state === 'done')
  const waiting = slices.filter(({ state }) => state !== 'done')
  work.onCounted(slices.reduce((sum, { read_rows, expected_rows }) => sum + (read_rows ?? expected_rows), 0))
  for (const { read_rows } of done) work.onSettled(read_rows!, false)
  const proofs: Promise<void>[] = []
  const finish = async (slice: SliceRow, onRead: () => void) => {
    const filled = await readSlice(ctx, { work, object, slice, onRead })
    done.push({ ...slice, ...filled, state: 'done' })
    work.onSettled(filled.read_rows, true)
    const quarantined = done.reduce((sum, { quarantined_rows }) => sum + quarantined_rows!, 0)
    if (quarantined <= mostRows(object.quarantineLimit, null)) return
    object.full?.abort()
    throw tooMuch(object.quarantineLimit, { read: 0, quarantined }, null)
  }
  // A slice is proved while the next one is read.
  const read = async () => {
    for (let slice = waiting.shift(); slice && !work.signal.aborted; slice = waiting.shift()) {
      const { promise: isRead, resolve: onRead } = Promise.withResolvers<void>()
      const proof = finish(slice, onRead).catch((error: unknown) => {
        // The other slices that are being read are not lost; no more are begun.
        waiting.length = 0
        throw error
      })
      proofs.push(proof)
      await Promise.race([isRead, proof.catch(() => {})])
    }
  }
  await Promise.all(Array.from({ length: lines }, read))
  const ends = await Promise.allSettled(proofs)
  const errors = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as unknown)
  if (errors.length > 0) return stop(ctx, { work, object, slices }, done, errors)
  work.signal.throwIfAborted()
  await work.onReconcile()
  if (await object.reading.hasShifted?.(slices.map(({ bounds }) => bounds))) {
    await inTx(ctx, (ctx) => replaceSlices(ctx.db, load.id, []))
    throw new LoadFailure('ingestion.source_moved', { before: '-', after: '-' }, {})
  }
  return join(ctx.lake, object, done)
}

interface OneSlice {
  work: LoadWork
  object: WholeObject
  slice: SliceRow
  /** The source has given all its rows; what is left is between the lake and us. */
  onRead: () => void
}

async function readSlice(ctx: Ctx, { work, object, slice, onRead }: OneSlice): Promise<FilledSlice & { finished_at: Date }> {
  const tables = tablesOf(work.load.id, work.load.attempt, slice.number)
  try {
    const filled = {
      ...(await fillSlice({ object: { ...object, tables }, bounds: slice.bounds, number: slice.number, onRead })),
      finished_at: ctx.now(),
    }
    if (!(await finishSlice(ctx.db, work.load, slice.number, filled))) throw conflict('value.stale')
    return filled
  } catch (error) {
    const isFull = error instanceof LoadFailure && error.quarantineTable !== null
    await dropTables(ctx.lake, tables, isFull ? tables.quarantine : null)
    throw error
  }
}

/** Ends the load; where too much is in quarantine, in one slice or in those so far, all of it becomes that of the load. */
async function stop({ lake }: Ctx, { object, slices }: SlicedLoad, done: readonly SliceRow[], errors: readonly unknown[]): Promise<never> {
  const full = errors.filter((error) => error instanceof LoadFailure && error.code === 'ingestion.quarantine_limit') as LoadFailure[]
  if (full.length === 0) throw errors[0]
  await joinQuarantine(lake, object, [
    ...done.map(({ quarantine_table }) => quarantine_table),
    ...full.map((error) => error.quarantineTable),
  ])
  const read = slices.reduce((sum, { read_rows, expected_rows }) => sum + (read_rows ?? expected_rows), 0)
  const { quarantine } = object.tables
  throw tooMuch(object.quarantineLimit, { read, ...(await countQuarantine(lake, quarantine)) }, quarantine)
}

/** Makes the quarantine of the load of those of its slices. */
async function joinQuarantine(
  lake: LakeEngine,
  { tables, columns, verify }: SlicedLoad['object'],
  met: readonly (string | null)[],
): Promise<void> {
  const found = met.filter((table) => table !== null)
  if (found.length > 0) await createQuarantine(lake, tables, columns, verify === 'content')
  for (const table of found) await attach(lake, tables.quarantine, table)
}

/** Makes the tables of the load of those of its slices: parts are linked, not copied. */
async function join(lake: LakeEngine, object: WholeObject, slices: readonly SliceRow[]): Promise<Outcome> {
  const { tables, items, columns, verify, isKeyed, rowHash } = object
  const carried = { withDigest: isKeyed !== 'keysOnly', withHash: rowHash !== undefined }
  await (isKeyed ? createKeyedTarget(lake, tables, items, columns, carried) : createTarget(lake, tables, items, verify === 'content'))
  for (const { lake_table } of slices) await attach(lake, tables.target, lake_table!)
  await joinQuarantine(
    lake,
    object,
    slices.map(({ quarantine_table }) => quarantine_table),
  )
  const outcome = await countAll(lake, tables, slices)
  if (outcome.written + outcome.quarantined !== outcome.read) {
    const { read, sent, written, quarantined } = outcome
    throw new LoadFailure('ingestion.counts_differ', { read, sent, written, quarantined }, outcome)
  }
  refuseMuch(object.quarantineLimit, outcome, tables.quarantine)
  return { ...outcome, agrees: verify === 'content' ? true : null }
}

const attach = (lake: LakeEngine, table: string, slice: string) =>
  lake.define(`ALTER TABLE lake.${q(table)} ATTACH PARTITION tuple() FROM lake.${q(slice)}`)

/** The five numbers: read as the source counted slice by slice, the others as they are in the lake now. */
async function countAll(lake: LakeEngine, { target, quarantine }: LoadTables, slices: readonly SliceRow[]): Promise<Outcome> {
  const hasQuarantine = slices.some(({ quarantine_table }) => quarantine_table !== null)
  const count = async (table: string) => {
    const [found] = await lake.measure<{ n: string }>(`SELECT count() AS n FROM lake.${q(table)}`)
    return Number(found!.n)
  }
  const read = slices.reduce((sum, { read_rows }) => sum + read_rows!, 0)
  return {
    read,
    sent: read,
    written: await count(target),
    quarantined: hasQuarantine ? await count(quarantine) : 0,
    agrees: null,
    reasons: hasQuarantine ? await countReasons(lake, quarantine) : [],
  }
}
