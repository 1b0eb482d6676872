import { conflict } from '../../kernel/errors.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { type Ctx, inTx, quoteIdentifier } from '../../store/index.ts'
import { settleDrift } from '../drift/settle-drift.ts'
import { explainFailure } from '../load/explain-failure.ts'
import { createTarget, dropTables } from '../load/lake-tables.ts'
import { type Access, type LoadWork, loadFull } from '../load/load-full.ts'
import { LoadFailure } from '../load/load-failure.ts'
import { countTable, type Outcome } from '../load/load-object.ts'
import { stagedTables } from '../mode/load-keyed.ts'
import { connectorOf } from '../source/connector-of.ts'
import { selectSource } from '../source/source-store.ts'
import { carryQuarantine, findOpenBefore } from '../version/carry-quarantine.ts'
import { cloneRows } from '../version/clone-rows.ts'
import { findBase, lastRow } from '../version/find-base.ts'
import { quarantineLimitOf, refuseMuch } from '../quarantine/limit-quarantine.ts'
import { parsePiece, spanOf } from '../connectors/kafka/piece-name.ts'
import { type FileRow, keepReason, selectFiles, selectLastPieces } from './file-store.ts'
import { findNewFiles, type FreshFile } from './find-new-files.ts'
import { findNewPieces } from './find-new-pieces.ts'

const q = quoteIdentifier

type Sums = Pick<Outcome, 'read' | 'sent' | 'written' | 'quarantined' | 'reasons'>

/**
 * 追加: adds each new file of a watched folder, or piece of a topic, once. Every file is read and reconciled on its own; one that is broken is named and
 * left out, and tried again by the next load. Stopped at any moment, nothing has been added: the next load reads the same files.
 * @throws LoadFailure `ingestion.files_broken` where no file could be read; `ingestion.counts_differ`
 */
export async function loadAppend(ctx: Ctx, access: Access, work: LoadWork): Promise<Outcome> {
  const { lake } = ctx
  const { plan, entry, tables, signal } = work
  const source = await selectSource(ctx.db, 'everything', plan.source_id)
  if (!source) throw conflict('ingestion.source_gone')
  const ground = await findBase(lake, work)
  const base = ground?.kind === 'append' ? ground.table : null
  const connector = connectorOf(ctx, access, source, work.load.id)
  const isPieces = connector.newPieces !== undefined
  const found = connector.newPieces
    ? findNewPieces(connector.newPieces, plan.object, { seen: base ? await selectLastPieces(ctx.db, plan.id) : [], now: ctx.now(), signal })
    : await findNewFiles(connector, plan.object, base ? await selectFiles(ctx.db, plan.id) : [], signal)
  await createTarget(lake, tables, entry.content.items, false)
  const isLinked = base === null || (await cloneRows(lake, base, tables.target, signal))
  const before = base ? await findOpenBefore(ctx, plan) : null
  let rowsBefore = await lastRow(lake, [...(base ? [base] : []), ...(before ? [before.table] : [])])
  const rowsOfBase = await countTable(lake, tables.target)
  const sums: Sums = { read: 0, sent: 0, written: 0, quarantined: 0, reasons: [] }
  const files: FileRow[] = []
  const defects = new Set<string>()
  // How much a piece holds is chance: of pieces the limit is of all together.
  const each = isPieces ? { ...work, plan: { ...plan, quarantine_limit: 1, quarantine_row_limit: null } } : work
  for await (const file of found.fresh) {
    const row = await addFile(ctx, access, each, { file, rowsBefore, sums, defects })
    files.push(row)
    if (row.state === 'loaded') rowsBefore = await lastRow(lake, [tables.target, ...(row.quarantined_rows ? [tables.quarantine] : [])])
  }
  files.push(...found.others)
  if (!defects.has('ingestion.structure_drifted')) await inTx(ctx, (ctx) => settleDrift(ctx, plan.id, 'gone'))
  await work.onReconcile()
  const rows = await countTable(lake, tables.target)
  const outcome: Outcome = {
    ...sums,
    agrees: plan.verify === 'content' && sums.read > 0 ? true : null,
    reasons: [...sums.reasons, ...notLoaded(files)],
  }
  refuseBroken(files, outcome)
  if (isPieces) refuseMuch(quarantineLimitOf(plan), outcome, tables.quarantine)
  if (rows !== rowsOfBase + sums.written) throw new LoadFailure('ingestion.version_differs', { rows: rowsOfBase + sums.written }, outcome)
  const quarantine = await carryQuarantine(lake, tables, { before, rowsBefore, isReread: false })
  const version = {
    rows,
    inserted: sums.written,
    changed: 0,
    deleted: 0,
    unchanged: 0,
    isSame: base !== null && isLinked && sums.written === 0,
  }
  return { ...outcome, files, next: { base, version, quarantine, history: null } }
}

interface OneFile {
  file: FreshFile
  rowsBefore: number
  sums: Sums
  /** Why files could not be loaded. */
  defects: Set<string>
}

/** Reads one file into tables of its own and, when it is proved, adds it to the next version. */
async function addFile(ctx: Ctx, access: Access, work: LoadWork, { file: fresh, rowsBefore, sums, defects }: OneFile): Promise<FileRow> {
  const { rows: fetched, ...file } = fresh
  const { lake } = ctx
  const { tables, plan, entry, signal } = work
  const staged = stagedTables(tables)
  try {
    const one = await loadFull(ctx, access, {
      ...work,
      plan: { ...plan, object: file.path },
      tables: staged,
      onCounted: () => {},
      onReconcile: async () => {},
    })
    const { sent, written, quarantined } = one
    if (fetched !== undefined && one.read !== fetched)
      throw new LoadFailure('ingestion.counts_differ', { read: fetched, sent, written, quarantined }, one)
    const names = entry.content.items.map(({ code }) => q(code)).join(', ')
    await lake.command(
      `INSERT INTO lake.${q(tables.target)} (${q(rowColumn)}, ${names}) SELECT ${q(rowColumn)} + {rowsBefore:UInt64}, ${names} FROM lake.${q(staged.target)}`,
      { rowsBefore },
      { signal, threads: 2 },
    )
    await carryQuarantine(lake, tables, { before: null, rowsBefore, isReread: false })
    addUp(sums, one)
    return { ...file, state: 'loaded', detail: null, read_rows: one.read, written_rows: one.written, quarantined_rows: one.quarantined }
  } catch (error) {
    const { code, params, isPassing } = explainFailure(error)
    if (isPassing || signal.aborted || code === 'ingestion.internal') throw error
    defects.add(code)
    const numbers = { read_rows: null, written_rows: null, quarantined_rows: null }
    const state = code === 'ingestion.file_changed' ? 'waiting' : 'broken'
    return { ...file, ...numbers, sha256: null, state, detail: keepReason(code, params) }
  } finally {
    await dropTables(lake, { ...staged, quarantine: tables.stagedQuarantine, history: staged.staged, changes: staged.staged })
  }
}

function addUp(sums: Sums, { read, sent, written, quarantined, reasons }: Outcome): void {
  sums.read += read
  sums.sent += sent
  sums.written += written
  sums.quarantined += quarantined
  for (const { column, reason, count } of reasons) {
    const same = sums.reasons.find((one) => one.column === column && one.reason === reason)
    if (same) same.count += count
    else sums.reasons.push({ column, reason, count })
  }
}

/** Files that were met and not loaded, among the reasons: by name, where a column stands otherwise. Of what is lost, how many offsets. */
const notLoaded = (files: readonly FileRow[]): Outcome['reasons'] =>
  files.flatMap(({ path, state }) =>
    state === 'loaded' ? [] : [{ column: path, reason: fileReasons[state], count: countOf(path, state) }],
  )

function countOf(path: string, state: FileRow['state']): number {
  const range = state === 'lost' ? parsePiece(path) : null
  return range ? spanOf(range) : 1
}

const fileReasons = {
  copy: 'ingestion.file_copy',
  changed: 'ingestion.file_altered',
  broken: 'ingestion.file_broken',
  waiting: 'ingestion.file_waiting',
  lost: 'ingestion.piece_lost',
}

function refuseBroken(files: readonly FileRow[], outcome: Outcome): void {
  const broken = files.filter(({ state }) => state === 'broken')
  const isAll = broken.length > 0 && !files.some(({ state, read_rows }) => state === 'loaded' && read_rows !== null)
  if (!isAll) return
  const named = broken.slice(0, 5).map(({ path }) => path)
  throw new LoadFailure('ingestion.files_broken', { count: broken.length, files: named.join('、') }, { ...outcome, files: broken })
}
