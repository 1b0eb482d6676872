import { createHash } from 'node:crypto'
import { findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import { conflict } from '../../kernel/errors.ts'
import { type Ctx, inTx } from '../../store/index.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { dropTables, tablesOf } from '../load/lake-tables.ts'
import type { Access } from '../load/load-full.ts'
import { planColumns, wantedColumns } from '../load/plan-columns.ts'
import { type PlanRow, selectPlan } from '../plan/plan-store.ts'
import type { ChangeLog, LogObject } from './change-log.ts'
import { copyObject } from './copy-object.ts'
import { openLogOfPlan, refuseClosed } from './open-log.ts'
import { checkStructure } from './proof/check-structure.ts'
import { createStreamTables, dropCopy, type StreamTables, streamTables } from './stream-tables.ts'
import { type Origin, type StreamClaim, type StreamRow, selectStream, stepStream, touchStream } from './stream-store.ts'

/** A stream as one worker has it: what it follows, and where it writes. */
export interface PreparedStream {
  claim: StreamClaim
  row: StreamRow
  plan: PlanRow
  entry: PublishedEntry
  log: ChangeLog
  object: LogObject
  columns: ColumnPlan[]
  asked: ReturnType<typeof wantedColumns>
  tables: StreamTables
  hold: string
  origin: Origin
}

/** The worker's claim is gone: somebody paused or stopped the stream, or another worker has it. */
export class ClaimLost extends Error {}

export async function touchOrLeave(ctx: Ctx, claim: StreamClaim, change: Parameters<typeof touchStream>[2] = {}): Promise<void> {
  if (!(await touchStream(ctx.db, claim, { touched_at: ctx.now(), ...change }))) throw new ClaimLost()
}

/** Opens the source's log and, where there is no whole copy yet, copies the object. The caller closes the log. */
export async function prepareStream(ctx: Ctx, access: Access, claim: StreamClaim, signal: AbortSignal): Promise<PreparedStream> {
  const row = (await selectStream(ctx.db, 'everything', claim.id))!
  const plan = await selectPlan(ctx.db, 'everything', row.plan_id)
  const entry = (await findPublishedEntries(ctx.db, [row.entry_id])).get(row.entry_id)
  if (!plan || !entry) throw conflict('ingestion.entry_not_published')
  await checkStructure(ctx, access, plan.id, entry)
  const asked = wantedColumns(plan.mapping, entry.content.items)
  const log = await openLogOfPlan(ctx, access, plan)
  try {
    if (!row.copied_at || log.visible) await refuseClosed(ctx, plan)
    const object = await log.inspect(asked.wanted)
    const columns = planColumns(asked, object)
    const tables = streamTables(row.id, row.copy, claim.attempt)
    const shape = shapeOf(columns, object)
    const common = { claim, plan, entry, log, object, columns, asked, tables, hold: holdName(row) }
    if (row.copied_at && row.origin) {
      if (row.origin.shape !== shape) throw conflict('ingestion.stream_plan_changed')
      return { ...common, row, origin: row.origin }
    }
    const origin = await copyAnew(ctx, access, { ...common, row, shape, signal })
    return { ...common, row: (await selectStream(ctx.db, 'everything', claim.id))!, origin }
  } catch (error) {
    await log.close()
    throw error
  }
}

/** Also the name of PostgreSQL's slot: small letters, digits and `_`. */
const holdName = ({ id, copy }: StreamRow) => `datong_${id.replaceAll('-', '')}_${copy}`

/** Types of the source are part of it: what the log writes is read by them. */
function shapeOf(columns: readonly ColumnPlan[], { keys, types }: LogObject): string {
  const shape = columns.map(({ item, type, source, arrival, conversion, format, missing, trim }) => [
    item.code,
    item.isRequired,
    item.length,
    type,
    source,
    arrival,
    conversion,
    format,
    missing,
    trim,
  ])
  return createHash('sha256')
    .update(JSON.stringify([shape, keys, types]))
    .digest('hex')
}

interface Copying extends Omit<PreparedStream, 'origin'> {
  shape: string
  signal: AbortSignal
}

/**
 * First the source keeps its log, then the object is copied: every change that the copy may lack comes after the position that the log
 * is kept from. Changes that the copy has already come again and win over it, in the order of the log.
 */
async function copyAnew(ctx: Ctx, access: Access, copying: Copying): Promise<Origin> {
  const { claim, row, plan, entry, log, object, columns, tables, hold, asked, shape, signal } = copying
  await inTx(ctx, (ctx) => stepStream(ctx.db, claim, 'copy', { changed_at: ctx.now() }))
  await dropCopy(ctx.lake, tables)
  // Known before it is made: whatever happens now, somebody releases it.
  await touchOrLeave(ctx, claim, { hold })
  const { origin, position } = await log.hold(hold)
  await touchOrLeave(ctx, claim, { position_text: log.describe(position) })
  await createStreamTables(ctx.lake, tables, entry.content.items, columns, object.keys.length, position)
  const scratch = tablesOf(row.id, claim.attempt)
  await dropTables(ctx.lake, scratch)
  const outcome = await copyObject(ctx, access, { plan, entry, asked, keys: object.keys, tables, scratch, signal })
  const found: Origin = { log: origin, start: position, shape }
  await touchOrLeave(ctx, claim, {
    copied_at: ctx.now(),
    origin: JSON.stringify(found),
    position,
    applied: position,
    rows: outcome.written,
    quarantined: outcome.quarantined,
    reasons: JSON.stringify(outcome.reasons),
  })
  return found
}
