import { z } from 'zod'

/**
 * A part of an object of a source 分片: keys from `from` (included) to `below` (excluded), or blocks of its file. Null: no bound on
 * that side; the slice without a lower bound also holds the rows whose key is null. Kept as JSON with the load.
 */
export const SliceBounds = z.strictObject({
  kind: z.enum(['key', 'block']),
  /** Key column; empty for blocks. */
  column: z.string(),
  from: z.string().nullable(),
  below: z.string().nullable(),
  /** Of blocks: the source's own moment at which they were laid out, to see whether rows have moved since. */
  since: z.string().nullable().default(null),
})
export type SliceBounds = z.infer<typeof SliceBounds>

/** Rows of a slice, about: some seconds of work, and what an interruption costs at most. */
const sliceRows = 1_000_000
/** Smaller objects are read in one go. */
const worthSlicing = 200_000
const mostSlices = 1000

/** How many slices an object of so many rows, by the source's own estimate, is read in; an even number, for two go side by side. */
export const slicesOf = (estimatedRows: number): number =>
  estimatedRows < worthSlicing ? 1 : Math.min(mostSlices, 2 * Math.ceil(estimatedRows / (2 * sliceRows)))

/** Slices between boundaries that ascend in the source's own order: every key is in exactly one. */
export function sliceBetween(boundaries: readonly string[], of: Pick<SliceBounds, 'kind' | 'column' | 'since'>): SliceBounds[] {
  const inner = boundaries.filter((boundary, i) => boundary !== boundaries[i - 1])
  return [null, ...inner].map((from, i) => ({ ...of, from, below: inner[i] ?? null }))
}

/** A slice in words, for the page and for the error that names it. */
export const sliceName = ({ kind, column, from, below }: Pick<SliceBounds, 'kind' | 'column' | 'from' | 'below'>): string =>
  `${kind === 'block' ? 'block' : column} ${from === null ? '' : `≥ ${from.slice(0, 80)}`}${from !== null && below !== null ? ' , ' : ''}${below === null ? '' : `< ${below.slice(0, 80)}`}`.trim()
