import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamProof } from '#contract/stream/stream.ts'
import { rowColumn } from '../../../kernel/lake-types.ts'
import { AppError, conflict } from '../../../kernel/errors.ts'
import { type Ctx, quoteIdentifier } from '../../../store/index.ts'
import { digestColumn } from '../../connectors/connector.ts'
import type { ColumnPlan } from '../../conversion/column-plan.ts'
import { longStatement } from '../../conversion/definitions.ts'
import { storedText } from '../../digest/canonical-text.ts'
import { lakeDigest } from '../../digest/source-digest.ts'
import type { Access } from '../../load/load-full.ts'
import { dropTables, tablesOf } from '../../load/lake-tables.ts'
import { copyObject } from '../copy-object.ts'
import type { PreparedStream } from '../prepare-stream.ts'
import {
  type CopyTables,
  createStreamTables,
  deletedColumn,
  dropStreamTable,
  keyNames,
  proofTables,
  versionColumn,
} from '../stream-tables.ts'

const q = quoteIdentifier
const keysNamed = 100
const patienceMs = 600_000

interface Proving {
  stream: PreparedStream
  /** Highest row number of the table when the proof begins, while nothing is being applied. */
  row: number
  /** Everything up to here is in the lake. */
  reached: () => number
  /** The source has emptied its table since. */
  hasEmptied: () => boolean
  signal: AbortSignal
}

/**
 * Compares what a stream holds with its source: a second copy is read as any load, each row with the digest that its source made of it,
 * and every row that no change has touched since the proof began must be the same here and there. Needs no quiet moment.
 * @throws conflict `ingestion.stream_proof_overtaken` where the source emptied its table, or the stream did not come after, meanwhile
 */
export async function proveContents(ctx: Ctx, access: Access, proving: Proving): Promise<Omit<StreamProof, 'at' | 'error'>> {
  const { stream, signal } = proving
  const { claim, row, plan, entry, asked, log, object, columns, tables, hold } = stream
  const proof = proofTables(tables)
  const scratch = tablesOf(row.id, claim.attempt)
  const clear = async () => {
    for (const table of [proof.target, proof.quarantine]) await dropStreamTable(ctx.lake, table)
    await dropTables(ctx.lake, scratch)
  }
  await clear()
  try {
    await createStreamTables(ctx.lake, proof, entry.content.items, columns, object.keys.length, 0, true)
    const copying = { plan, entry, asked, keys: object.keys, tables: proof, scratch, signal, verify: 'content' } as const
    const { written, quarantined } = await copyObject(ctx, access, copying)
    await awaitPlace(proving, (await log.measure(hold, proving.reached())).position)
    const found = await compare(ctx, tables, proof, columns, object.keys.length, proving.row)
    if (proving.hasEmptied()) throw conflict('ingestion.stream_proof_overtaken')
    return { ...found, rows: written + quarantined, agrees: found.lacking + found.extra + found.changed === 0 }
  } finally {
    await clear()
  }
}

/** Whatever the second copy may have seen has come by the log as well. */
async function awaitPlace({ reached, signal }: Proving, place: number): Promise<void> {
  for (const end = performance.now() + patienceMs; reached() < place; await sleep(200, undefined, { signal }))
    if (performance.now() > end) throw new AppError('conflict', 'ingestion.stream_proof_overtaken')
}

type Found = Pick<StreamProof, 'moving' | 'lacking' | 'extra' | 'changed' | 'keys'>

/**
 * One state a key and side: 0 not there, 1 in quarantine, else the digest of its values. Each table is read once, without FINAL: a
 * change that is being written meanwhile is either not seen, or makes its key a moving one.
 */
async function compare(
  { lake }: Ctx,
  tables: CopyTables,
  proof: CopyTables,
  columns: readonly ColumnPlan[],
  keys: number,
  row: number,
): Promise<Found> {
  const names = keyNames(keys).join(', ')
  // The key came as columns of its own, after the others.
  const texts = [...columns.map((column) => storedText(column, q(column.item.code))), ...keyNames(keys)]
  const values = `greatest(${lakeDigest(texts)}, 2)`
  const side = (table: string, number: number, there: string) =>
    `SELECT ${names}, ${number} AS side, if(${deletedColumn}, 0, ${there}) AS state, ${versionColumn} AS version, ${q(rowColumn)} AS row FROM lake.${q(table)}`
  const sides = [
    side(tables.target, 0, values),
    side(tables.quarantine, 1, 'toUInt64(1)'),
    side(proof.target, 2, `greatest(${q(digestColumn)}, 2)`),
    side(proof.quarantine, 3, 'toUInt64(1)'),
  ]
  const last = (number: number) => `argMaxIf(state, (version, row), side = ${number})`
  const [found] = await lake.measure<Record<keyof Found, string> & { keys: string[] }>(
    `SELECT countIf(has_moved) AS moving, countIf(NOT has_moved AND here = 0 AND there != 0) AS lacking,
       countIf(NOT has_moved AND here != 0 AND there = 0) AS extra, countIf(NOT has_moved AND here != 0 AND there != 0 AND here != there) AS changed,
       groupArrayIf(${keysNamed})(name, NOT has_moved AND here != there) AS keys
     FROM (SELECT arrayStringConcat([${names}], ' / ') AS name, maxIf(row, side < 2) > {row:UInt64} AS has_moved,
         greatest(${last(0)}, ${last(1)}) AS here, greatest(${last(2)}, ${last(3)}) AS there
       FROM (${sides.join(' UNION ALL ')}) GROUP BY ${names})`,
    { row: String(row) },
    { priority: 'bulk', threads: 2, seconds: 3600, settings: { ...longStatement, max_bytes_before_external_group_by: 2 ** 29 } },
  )
  const { keys: named, ...counts } = found!
  const number = (text: string) => Number(text)
  return {
    moving: number(counts.moving),
    lacking: number(counts.lacking),
    extra: number(counts.extra),
    changed: number(counts.changed),
    keys: named.map((key) => key.slice(0, 200)),
  }
}
