import { Readable } from 'node:stream'
import type { Item } from '#contract/catalog.ts'
import { conflict } from '../../kernel/errors.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { type Ctx, type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { type ActRow, selectActs } from '../quarantine/act-store.ts'
import type { Replayed } from '../quarantine/settle-quarantine.ts'
import { fillTables } from './fill-tables.ts'
import { createTarget, dropTable, type LoadTables, quarantineColumns } from './lake-tables.ts'
import { type Access, type LoadWork, needKey } from './load-full.ts'
import { LoadFailure } from './load-failure.ts'
import { countReasons, countTable, hasTable, type Outcome } from './load-object.ts'
import { planColumns, wantedColumns } from './plan-columns.ts'

const q = quoteIdentifier

/**
 * Builds a table of the live rows and the corrected ones, which go through the same conversion as any row. What is still wrong
 * stays in quarantine.
 */
export async function loadReplay(
  ctx: Ctx,
  _access: Access,
  { plan, entry, tables, signal, onCounted, onReconcile }: LoadWork,
): Promise<Outcome & { replayed: Replayed }> {
  const { lake } = ctx
  if (!entry.table) throw conflict('ingestion.nothing_corrected')
  const live = await countTable(lake, entry.table)
  await copyLive(lake, entry.table, tables, entry.content.items, signal)
  const { acts, loadId } = await fillCorrected(ctx, { plan, entry, tables, signal }, false)
  onCounted(live + acts.length)
  await onReconcile()
  const { refused, reasons } = await findRefused(lake, tables.quarantine)
  const written = await countTable(lake, tables.target)
  const read = live + acts.length
  const outcome = { read, sent: read, written, quarantined: refused.length, agrees: null, reasons }
  if (written + refused.length !== read)
    throw new LoadFailure('ingestion.counts_differ', { read, sent: read, written, quarantined: refused.length }, outcome)
  return { ...outcome, replayed: replayedOf(loadId, acts, refused) }
}

/** Converts the corrected rows like any others, into the target or the quarantine of these tables. */
export async function fillCorrected(ctx: Ctx, work: Filling, isKeyed: boolean): Promise<{ loadId: string; acts: ActRow[] }> {
  const loadId = work.plan.quarantine_load_id
  if (!loadId) throw conflict('ingestion.nothing_corrected')
  const acts = await selectActs(ctx.db, loadId, { states: ['corrected'] })
  await fillActs(ctx, work, acts, isKeyed)
  return { loadId, acts }
}

type Filling = Pick<LoadWork, 'plan' | 'entry' | 'tables' | 'signal'>

/** The same of rows that nobody has kept yet. */
export async function fillActs(
  { lake }: Pick<Ctx, 'lake'>,
  { plan, entry, tables, signal }: Filling,
  acts: readonly Pick<ActRow, 'row_number' | 'corrected'>[],
  isKeyed: boolean,
): Promise<void> {
  const { items } = entry.content
  const asked = wantedColumns(plan.mapping, isKeyed ? items.map(needKey) : items)
  // Corrected texts are a person's: as little is promised of them as of a file.
  const arrival = {
    as: 'text',
    isTyped: false,
    kind: 'text',
    scale: null,
    fits: false,
    isNullable: true,
    isEmptyMissing: true,
    isNeverNull: false,
    maxLength: null,
  } as const
  const columns = planColumns(asked, { arrivals: asked.wanted.map(() => arrival) })
  const corrected = `c${tables.input.slice('in'.length)}`
  try {
    await insertCorrected(lake, corrected, columns, acts)
    const input = { parts: [`lake.${q(corrected)}`], parameters: {}, settings: {}, row: q(rowColumn), hasDigest: false, isSnapshot: false }
    await fillTables({ lake, tables, items: entry.content.items, columns, input, withDigest: false, isKeyed, signal })
  } finally {
    await dropTable(lake, corrected)
  }
}

/** Corrected rows that are wrong still. */
export async function findRefused(lake: LakeEngine, quarantine: string): Promise<Pick<Replayed, 'refused'> & Pick<Outcome, 'reasons'>> {
  if (!(await hasTable(lake, quarantine))) return { refused: [], reasons: [] }
  return { refused: await refusedRows(lake, quarantine), reasons: await countReasons(lake, quarantine) }
}

export function replayedOf(loadId: string, acts: readonly ActRow[], refused: Replayed['refused']): Replayed {
  const still = new Set(refused.map(({ row }) => row))
  const rows = acts.map(({ row_number }) => Number(row_number)).filter((row) => !still.has(row))
  return { loadId, rows, refused }
}

async function copyLive(lake: LakeEngine, live: string, tables: LoadTables, items: readonly Item[], signal: AbortSignal): Promise<void> {
  const found = await lake.measure<{ name: string }>("SELECT name FROM system.columns WHERE database = 'lake' AND table = {live:String}", {
    live,
  })
  const there = new Set(found.map(({ name }) => name))
  const columns = [rowColumn, ...items.map(({ code }) => code).filter((code) => there.has(code))].map(q).join(', ')
  await createTarget(lake, tables, items, false)
  await lake.command(`INSERT INTO lake.${q(tables.target)} (${columns}) SELECT ${columns} FROM lake.${q(live)}`, {}, { signal })
}

/** A few rows that people wrote: the one place where rows are objects. */
async function insertCorrected(
  lake: LakeEngine,
  table: string,
  columns: readonly ColumnPlan[],
  acts: readonly Pick<ActRow, 'row_number' | 'corrected'>[],
): Promise<void> {
  await dropTable(lake, table)
  await lake.define(
    `CREATE TABLE lake.${q(table)} (${q(rowColumn)} UInt64, ${columns.map(({ input }) => `${q(input)} Nullable(String)`).join(', ')}) ENGINE = Memory`,
  )
  const lines = acts.map(({ row_number, corrected }) =>
    JSON.stringify({
      [rowColumn]: Number(row_number),
      ...Object.fromEntries(columns.map(({ input, item }) => [input, corrected?.[item.code] ?? null])),
    }),
  )
  await lake.insertStream(`lake.${table}`, 'JSONEachRow', Readable.from([lines.join('\n')]))
}

async function refusedRows(lake: LakeEngine, table: string): Promise<Replayed['refused']> {
  const rows = await lake.measure<{ row: string; reason: string }>(
    `SELECT ${q(rowColumn)} AS row, ${q(quarantineColumns.reason)} AS reason FROM lake.${q(table)} ORDER BY row LIMIT 100000`,
  )
  return rows.map(({ row, reason }) => ({ row: Number(row), reason }))
}
