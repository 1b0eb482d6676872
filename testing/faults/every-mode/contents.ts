import type { LoadMode } from '../../../contract/ingestion.ts'

// What each object of the sources holds in its so-many-eth version. Pure: who reads an entry knows what it must hold. Every row bears
// the version that made it what it is; the newest of them is that of the object.

export interface Row {
  id: number
  version: number
}

export interface Kind {
  name: string
  mode: LoadMode
  verify: 'count' | 'content'
  at: 'folder' | 'database'
  object: string
  rowsAt(version: number): Row[]
}

const range = (from: number, below: number): number[] => Array.from({ length: below - from }, (_, i) => from + i)

/** Rows of the file that cannot be loaded: they go to quarantine. */
export const dirtyRows = 7
/** Sizes differ from version to version, so that halves and mixtures show. */
const replaced = (size: number) => (version: number) => range(1, size + 1 + 10 * (version % 50)).map((id) => ({ id, version }))

export const window = 300
export const step = 5
export const every = 30
/** Each version brings five keys and changes every thirtieth one; the row's version is that of its last change. */
const changed = (id: number, version: number): Row => {
  const first = Math.max(0, Math.ceil((id - window) / step))
  return { id, version: Math.max(first, version - ((((version - id) % every) + every) % every)) }
}
const grown = (version: number) => range(1, window + step * version + 1).map((id) => changed(id, version))
/** The five oldest keys go too. */
const moved = (version: number) => grown(version).slice(step * version)

export const rowsOfFile = 20
export const rowsOfFileAt = (version: number): Row[] => range(1, rowsOfFile + 1).map((i) => ({ id: version * 100 + i, version }))

export const kinds: readonly Kind[] = [
  { name: 'full', mode: { kind: 'full' }, verify: 'content', at: 'folder', object: 'full.csv', rowsAt: replaced(1500) },
  { name: 'sliced', mode: { kind: 'full' }, verify: 'content', at: 'database', object: 'sliced', rowsAt: replaced(1500) },
  {
    name: 'incremental',
    mode: { kind: 'incremental', column: 'changed_at', windowSeconds: 0 },
    verify: 'count',
    at: 'database',
    object: 'incremental',
    rowsAt: grown,
  },
  { name: 'compare', mode: { kind: 'compare', keepHistory: false }, verify: 'content', at: 'database', object: 'compared', rowsAt: moved },
  { name: 'history', mode: { kind: 'compare', keepHistory: true }, verify: 'count', at: 'database', object: 'kept', rowsAt: moved },
  {
    name: 'append',
    mode: { kind: 'append' },
    verify: 'content',
    at: 'folder',
    object: 'append/*.csv',
    rowsAt: (version) => range(1, version + 1).flatMap(rowsOfFileAt),
  },
]
/** Its state is compared with its source's when nothing is left to come. */
export const streamed = { name: 'stream', mode: { kind: 'stream' }, verify: 'count', at: 'database', object: 'streamed' } as const

/** What is compared of many rows: as `sumsSql` has the lake work it out. */
export interface Sums {
  rows: number
  ids: number
  sum: number
  products: number
  newest: number
}
export const sumsSql = 'count() AS rows, uniqExact(id) AS ids, sum(id) AS sum, sum(id * version) AS products, max(version) AS newest'

export function sumsOf(rows: readonly Row[]): Sums {
  const sums = { rows: rows.length, ids: rows.length, sum: 0, products: 0, newest: 0 }
  for (const { id, version } of rows) {
    sums.sum += id
    sums.products += id * version
    sums.newest = Math.max(sums.newest, version)
  }
  return sums
}
