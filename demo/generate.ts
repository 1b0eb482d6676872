/**
 * Invented persons and enterprises, the same for the same seed, with a known amount of dirt: how many rows of which kind
 * are wrong is decided before the first row is written, and every dirty row is wrong in exactly one way.
 */

/** A deterministic source of numbers (mulberry32): enough for a demo, never for a secret. */
export type Random = (below: number) => number
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}
export const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/**
 * Visits every number below `size` once, far apart in any order that looks like chance, starting with `first`: a step of
 * about the golden section. Nothing is kept in memory, whatever the size.
 */
export function* scatter(size: number, first: number): Generator<number, never> {
  let step = Math.max(1, Math.floor(size * 0.618_034))
  while (gcd(step, size) !== 1) step++
  for (let at = first % size; ; at = (at + step) % size) yield at
}

/** How to make one kind of table. `Kind` names the ways in which its rows can be wrong, besides being there twice. */
export interface RowMaker<Kind extends string> {
  columns: readonly { code: string; name: string }[]
  kinds: readonly Kind[]
  /** How many different rows there can be. */
  capacity: number
  /** The values of row `unique` (0 ≤ unique < capacity), in the order of the columns: no two share their key. */
  make(unique: number, random: Random): string[]
  /** Spoils a row in place, in this way only. */
  spoil(row: string[], kind: Kind, random: Random): void
}

export interface GenerateOptions {
  seed: number
  /** All rows, dirty and repeated ones included. */
  rows: number
  /** Share of rows with dirt, spread evenly over the kinds. */
  dirtRate?: number
  /** What the header line says: official names (default) or column codes. */
  header?: 'name' | 'code'
}

export interface Generated<Kind extends string> {
  columns: readonly { code: string; name: string }[]
  rows: number
  /** Exactly so many rows of each kind; known in advance. */
  tally: Readonly<Record<Kind | 'duplicate_row', number>>
  /** CSV text (RFC 4180, `\n`, header first) in pieces of about 200 kB. Each call starts again with the same text. */
  chunks(): AsyncGenerator<string>
}

const ROWS_PER_CHUNK = 1000

export function generate<Kind extends string>(
  maker: RowMaker<Kind>,
  { seed, rows, dirtRate = 0.02, header = 'name' }: GenerateOptions,
): Generated<Kind> {
  const kinds = [...maker.kinds, 'duplicate_row'] as const
  const perKind = Math.round((rows * dirtRate) / kinds.length)
  if (!(rows >= 1 && perKind * kinds.length < rows)) throw new RangeError(`${rows} rows cannot hold ${perKind} of each kind of dirt`)
  if (rows > maker.capacity) throw new RangeError(`at most ${maker.capacity} different rows`)
  const tally = Object.fromEntries(kinds.map((kind) => [kind, perKind])) as Generated<Kind>['tally']

  async function* chunks() {
    const random = seededRandom(seed)
    const uniques = scatter(maker.capacity, random(maker.capacity))
    // The first row has the last rank, so that it is clean and can be repeated.
    const ranks = scatter(rows, rows - 1)
    let lastClean = ''
    let text = `${maker.columns.map((column) => column[header]).join(',')}\n`
    for (let i = 0; i < rows; i++) {
      const kind = kinds[Math.floor(ranks.next().value / perKind)]
      if (kind === 'duplicate_row') text += lastClean
      else {
        const row = maker.make(uniques.next().value, random)
        if (kind !== undefined) maker.spoil(row, kind as Kind, random)
        const line = `${row.map(toCell).join(',')}\n`
        if (kind === undefined) lastClean = line
        text += line
      }
      if (i % ROWS_PER_CHUNK === ROWS_PER_CHUNK - 1 || i === rows - 1) {
        yield text
        text = ''
      }
    }
  }
  return { columns: maker.columns, rows, tally, chunks }
}

const toCell = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
