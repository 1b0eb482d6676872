import type { Grant } from '../../kernel/grant.ts'
import { isLakeValue, renderSql } from '../../kernel/lake-types.ts'
import { type Ctx, type Lake, quoteIdentifier } from '../../store/index.ts'
import type { Sealer } from '../seal.ts'
import { conditionSql, shownSql } from './compile-query.ts'
import { isMinted } from './mint-grant.ts'

/**
 * A statement costs the engine about 2 ms, a key in it 0.06 ms: callers that ask at the same time share a statement. More
 * than two at once only wait for the processor.
 */
const most = { keys: 64, statements: 2 }
const limits = { seconds: 10, memoryBytes: 256 * 2 ** 20, threads: 1 }

type Row = (string | null)[]
interface Waiting {
  key: string
  done: (row: Row | null) => void
  fail: (error: unknown) => void
}
interface Queue {
  sql: string
  parameters: Record<string, string | string[]>
  waiting: Waiting[]
  running: number
}

/** The keyed door to content of the lake, beside read-lake.ts: one row of a grant by its key, under the same masks and conditions. */
export function openKeyReader(lake: Lake, sealer: Sealer): Pick<Ctx, 'readByKey'> {
  const queues = new WeakMap<Grant, Queue>()
  const queueOf = (grant: Grant): Queue => {
    const known = queues.get(grant)
    if (known) return known
    const queue: Queue = { ...compileLookup(grant, sealer), waiting: [], running: 0 }
    queues.set(grant, queue)
    return queue
  }
  const run = async (queue: Queue) => {
    if (queue.running >= most.statements) return
    queue.running++
    while (queue.waiting.length > 0) {
      const batch = queue.waiting.splice(0, most.keys)
      try {
        const keys = [...new Set(batch.map(({ key }) => key))]
        const found = await lake.rows<{ '#': string; '[]': Row }>(queue.sql, { ...queue.parameters, keys }, limits)
        const rows = new Map(found.map((row) => [row['#'], row['[]']]))
        for (const { key, done } of batch) done(rows.get(key) ?? null)
      } catch (error) {
        for (const { fail } of batch) fail(error)
      }
    }
    queue.running--
  }
  return {
    readByKey(grant, value) {
      if (!isMinted(grant) || !grant.keyed) throw new Error('the lake is read by minted grants only, and by key where it has one')
      const { type } = grant.keyed
      if (!isLakeValue(type, value)) throw new Error('a key is checked against its type before it is looked up')
      const key = type.kind === 'integer' ? String(BigInt(value)) : value
      const queue = queueOf(grant)
      return new Promise((done, fail) => {
        queue.waiting.push({ key, done, fail })
        // After the calls of this turn of the event loop have queued up.
        if (queue.running < most.statements && queue.waiting.length === 1) setImmediate(run, queue)
      })
    },
  }
}

/** Only the keys differ from statement to statement. */
function compileLookup(grant: Grant, sealer: Sealer): Pick<Queue, 'sql' | 'parameters'> {
  const { item, table, type } = grant.keyed!
  const key = quoteIdentifier(item)
  const parameters: Record<string, string | string[]> = {}
  const where = [
    `${key} IN CAST({keys:Array(String)} AS Array(${type.value}))`,
    ...grant.conditions.map((condition, i) => conditionSql(condition, `c${i}`, parameters)),
  ]
  if (grant.columns.some(({ mask }) => mask?.kind === 'hash')) parameters.mask_key = sealer.derive('mask', grant.holderOrgId)
  const read = [...new Set([key, ...grant.columns.map((column) => quoteIdentifier(column.item))])]
  const rows = `SELECT ${read.join(', ')} FROM ${quoteIdentifier(table)} WHERE ${where.join(' AND ')}`
  return {
    sql: `SELECT ${renderSql(type, key)} AS \`#\`, [${grant.columns.map(shownSql).join(', ')}] AS \`[]\` FROM (${rows})`,
    parameters,
  }
}
