import type { Grant } from '../../kernel/grant.ts'
import { isLakeValue, renderSql } from '../../kernel/lake-types.ts'
import { type Ctx, type Lake, quoteIdentifier } from '../../store/index.ts'
import type { Sealer } from '../seal.ts'
import { conditionSql, shownSql } from './compile-query.ts'
import { isMinted } from './mint-grant.ts'

/**
 * A statement costs the engine 3 ms of processor time, a key in it 0.06 ms: callers that ask at the same time share a
 * statement, and while one runs the next gathers. A second one starts beside it only when it is well filled.
 */
const most = { keys: 64, statements: 2 }
const wellFilled = 32
const limits = {
  seconds: 10,
  memoryBytes: 256 * 2 ** 20,
  threads: 1,
  // What helps a scan and its diagnosis costs a lookup a third of its time.
  settings: {
    query_profiler_real_time_period_ns: 0,
    query_profiler_cpu_time_period_ns: 0,
    compile_expressions: 0,
    output_format_parallel_formatting: 0,
    log_processors_profiles: 0,
  },
}

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
        const { length } = queue.waiting
        if (queue.running === 0 ? length === 1 : length === wellFilled) setImmediate(run, queue)
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
    // A cast, because the engine does not parse quoted wide numbers inside an array parameter.
    type.kind === 'text' ? `${key} IN {keys:Array(String)}` : `${key} IN CAST({keys:Array(String)} AS Array(${type.value}))`,
    ...grant.conditions.map((condition, i) => conditionSql(condition, `c${i}`, parameters)),
  ]
  if (grant.columns.some(({ mask }) => mask?.kind === 'hash')) parameters.mask_key = sealer.derive('mask', grant.holderOrgId)
  // No alias can be a column's name, so the conditions see the raw columns.
  const shown = `${renderSql(type, key)} AS \`#\`, [${grant.columns.map(shownSql).join(', ')}] AS \`[]\``
  return { sql: `SELECT ${shown} FROM ${quoteIdentifier(table)} WHERE ${where.join(' AND ')}`, parameters }
}
