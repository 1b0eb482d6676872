import type { ChangeSink, Taken, Texts } from './change-log.ts'

/** The last state of a key within a batch. */
export interface Change {
  keys: Texts
  /** Null: the row is gone. */
  values: Texts | null
  version: number
}

/** Changes that are applied as one. */
export interface Batch {
  /** Everything before this place is in the lake once the batch is. */
  position: number
  /** The source emptied the table before these changes. */
  emptiedAt: number | null
  /** By key: what came earlier for the same key no longer matters. */
  changes: Map<string, Change>
  bytes: number
  /** Changes that the source made, and by how many rows they made its table longer. */
  count: number
  growth: number
}

export interface Collector extends ChangeSink {
  /** Applies what is there, unless something is being applied already. */
  flush(): Promise<void>
  /** Runs `work` while nothing is being applied. */
  whileStill<T>(work: () => Promise<T>): Promise<T>
  /** Everything up to here is in the lake. */
  reached(): number
  /** Changes that wait. */
  waiting(): number
}

/** A batch of so much is applied at once; a second one may gather meanwhile, then the source has to wait. */
const full = { changes: 50_000, bytes: 16 * 2 ** 20 }

const emptyBatch = (position: number): Batch => ({ position, emptiedAt: null, changes: new Map(), bytes: 0, count: 0, growth: 0 })
const isFull = ({ changes, bytes }: Batch) => changes.size >= full.changes || bytes >= full.bytes

/**
 * Gathers changes into batches of whole transactions. A transaction larger than a batch is applied in pieces, which carry the
 * position of the last whole one: after a crash all of it comes again. `onFailure` hears of a batch that could not be applied.
 */
export function collectChanges(from: number, apply: (batch: Batch) => Promise<void>, onFailure: (error: unknown) => void): Collector {
  let gathered = emptyBatch(from)
  /** Of the transaction that is arriving. */
  let open = emptyBatch(from)
  let reached = from
  let busy: Promise<unknown> | null = null
  /** A batch is lost from memory: no later one may carry a place beyond it. */
  let broken: { error: unknown } | null = null

  const free = () => {
    busy = null
  }
  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    while (busy) await busy
    const working = work()
    const ended = working.then(free, free)
    busy = ended
    return working
  }
  const applyGathered = async () => {
    if (broken) throw broken.error
    const batch = gathered
    if (batch.count > 0) {
      gathered = emptyBatch(batch.position)
      await apply(batch).catch((error) => {
        broken = { error }
        throw error
      })
    }
    reached = Math.max(reached, batch.position)
  }
  const flush = () => exclusively(applyGathered)
  const start = (): void => void flush().catch(onFailure)
  const giveWay = (): Taken => {
    if (!isFull(gathered)) return
    if (busy) return busy.then(start)
    start()
    return
  }
  const put = (keys: Texts, values: Texts | null, version: number) => {
    open.changes.set(keys.join('\0'), { keys, values, version })
    for (const text of values ?? keys) open.bytes += text?.length ?? 0
  }
  const join = (position: number): Taken => {
    gathered = merge(gathered, open, position)
    open = emptyBatch(position)
    return giveWay()
  }
  /** The piece of a transaction that is too large to wait for its end. */
  const spill = (): Taken => (isFull(open) ? join(gathered.position) : undefined)
  const counted = (growth: number) => {
    open.count++
    open.growth += growth
  }

  return {
    insert(keys, values, version) {
      counted(1)
      put(keys, values, version)
      return spill()
    },
    update(before, keys, values, version) {
      counted(0)
      if (before?.some((text, i) => text !== keys[i])) put(before, null, version)
      put(keys, values, version)
      return spill()
    },
    remove(keys, version) {
      counted(-1)
      put(keys, null, version)
      return spill()
    },
    empty(version) {
      open = { ...emptyBatch(open.position), emptiedAt: version, count: open.count + 1 }
    },
    commit: (position) => join(position),
    idle(position) {
      if (!busy && gathered.count === 0 && open.count === 0) reached = Math.max(reached, position)
    },
    flush,
    whileStill: exclusively,
    reached: () => reached,
    waiting: () => gathered.count + open.count,
  }
}

function merge(before: Batch, next: Batch, position: number): Batch {
  if (next.emptiedAt !== null || before.count === 0) return { ...next, position, count: before.count + next.count }
  for (const [key, change] of next.changes) before.changes.set(key, change)
  before.bytes += next.bytes
  before.count += next.count
  before.growth += next.growth
  before.position = position
  return before
}
