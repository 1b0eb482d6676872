import { createHash } from 'node:crypto'
import type { SourceStructure } from '#contract/ingestion/drift.ts'
import type { Item } from '#contract/catalog.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Sealer } from '../../security/index.ts'
import type { Ctx } from '../../store/index.ts'
import type { Connector, Reading, Since } from '../connectors/connector.ts'
import type { ColumnPlan } from '../conversion/column-plan.ts'
import { onKnownStructure } from '../drift/on-known-structure.ts'
import type { Reach } from '../connectors/open-connector.ts'
import type { PlanRow } from '../plan/plan-store.ts'
import { quarantineLimitOf } from '../quarantine/limit-quarantine.ts'
import { connectorOf } from '../source/connector-of.ts'
import { selectSource } from '../source/source-store.ts'
import { dropTables, type LoadTables } from './lake-tables.ts'
import { isMoved, loadObject, type ObjectLoad, type Outcome } from './load-object.ts'
import { planColumns, wantedColumns } from './plan-columns.ts'
import type { PublishedEntry } from '../../catalog/index.ts'
import { findSlices } from '../slice/find-slices.ts'
import { loadSliced } from '../slice/load-sliced.ts'
import type { LoadRow } from './load-store.ts'

/** What the room needs to reach its sources. */
export interface Access {
  sealer: Sealer
  reach: Reach
  /** Aborts when the program ends: loads stop, and go on when it starts again. */
  stopping: AbortSignal
  /** Log that a source may keep for a change stream. Beyond it the stream lets go, before the source's disk is in danger. */
  streamLimitBytes: number
}

export interface LoadWork {
  load: LoadRow
  plan: PlanRow
  entry: PublishedEntry
  tables: LoadTables
  signal: AbortSignal
  onCounted: (rows: number) => void
  /** Rows of a slice that is done; `isNew`: by this run. */
  onSettled: (rows: number, isNew: boolean) => void
  onReconcile: () => Promise<void>
  /** For modes that find rows again by their key: the target lies in its order, and no row is without it. */
  isKeyed?: boolean
  /** Not the whole object, but what is new in it. */
  since?: Since
  /** Called with the reading before it closes: what else a mode asks of its source. */
  onRead?: (reading: Reading) => Promise<void>
  /** Rows bring the hashes that their source makes of them, where it does. */
  hashesRows?: boolean
  /** A mode that knows a shorter way than reading the whole object; null: it does not. */
  readLess?: (object: WholeObject, readWhole: (object: WholeObject) => Promise<Outcome>) => Promise<Outcome | null>
}

/** An object as it will be read, whole or in slices. */
export type WholeObject = Omit<ObjectLoad, 'asSnapshot'>

const fills = 3

/**
 * Reads the whole object of a plan into fresh tables: a big one in slices. One that is read in one go and moves meanwhile is read
 * again, at last as one snapshot.
 */
export async function loadFull(ctx: Ctx, access: Access, work: LoadWork): Promise<Outcome> {
  const { plan } = work
  const source = await selectSource(ctx.db, 'everything', plan.source_id)
  if (!source) throw conflict('ingestion.source_gone')
  const connector = connectorOf(ctx, access, source, work.load.id)
  return onKnownStructure(ctx, connector, work, (structure) => readAll(ctx, connector, { ...work, structure }))
}

async function readAll(ctx: Ctx, connector: Connector, work: LoadWork & { structure: SourceStructure }): Promise<Outcome> {
  const { plan, entry, tables, signal } = work
  const items = work.isKeyed ? entry.content.items.map(needKey) : entry.content.items
  const asked = wantedColumns(plan.mapping, items)
  const full = new AbortController()
  const ending = AbortSignal.any([signal, full.signal])
  const reading = await connector.openReading(plan.object, plan.dialect, asked.wanted, ending, work.since)
  try {
    const columns = planColumns(asked, reading)
    await work.onRead?.(reading)
    const isHashed = work.hashesRows && (await reading.hashesRows?.(columns))
    const object: WholeObject = {
      lake: ctx.lake,
      reading,
      columns,
      items: entry.content.items,
      tables,
      verify: plan.verify,
      ...(work.isKeyed && { isKeyed: true }),
      ...(isHashed && { rowHash: recipeOf(columns) }),
      quarantineLimit: quarantineLimitOf(plan),
      full,
      signal,
      onCounted: work.onCounted,
      onReconcile: work.onReconcile,
    }
    const readWhole = (object: WholeObject) => readObject(ctx, work, object)
    return (await work.readLess?.(object, readWhole)) ?? (await readWhole(object))
  } finally {
    await reading.close()
  }
}

async function readObject(ctx: Ctx, work: LoadWork & { structure: SourceStructure }, object: WholeObject): Promise<Outcome> {
  const slices = await findSlices(ctx, work, object, work.structure.stamp)
  const isSliced = slices.length > 0
  for (let fill = 1; ; fill++) {
    try {
      // Rows of blocks that moved could be read twice, or not at all: then one statement reads all of them.
      if (isSliced && fill === 1) return await loadSliced(ctx, { work, object, slices })
      return await loadObject({ ...object, asSnapshot: isSliced || fill === fills })
    } catch (error) {
      if (!isMoved(error) || fill === fills || work.signal.aborted) throw error
      await dropTables(ctx.lake, object.tables)
    }
  }
}

/** A number that is another one whenever the same row of the source could become another row of the lake. */
const recipeOf = (columns: readonly ColumnPlan[]): string =>
  String(BigInt(`0x${createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 15)}`))

export const needKey = <T extends Pick<Item, 'isKey' | 'isRequired'>>(item: T): T => (item.isKey ? { ...item, isRequired: true } : item)
