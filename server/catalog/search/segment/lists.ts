// Many lists of numbers in one array.

/** Lists end to end: list `i` is `members[offsets[i]] … members[offsets[i + 1] - 1]`. */
export interface Lists {
  offsets: Uint32Array
  members: Uint32Array
}

/** Sorts members into lists by their keys, which run in parallel; within a list their order is kept. */
export function group(members: Uint32Array, keys: Uint16Array | Uint32Array, lists: number): Lists {
  const offsets = new Uint32Array(lists + 1)
  for (let i = 0; i < keys.length; i++) increment(offsets, keys[i]! + 1)
  accumulate(offsets)
  const next = offsets.slice()
  const sorted = new Uint32Array(members.length)
  for (let i = 0; i < members.length; i++) sorted[increment(next, keys[i]!)] = members[i]!
  return { offsets, members: sorted }
}

/** Visits the members of one list. */
export function walk({ offsets, members }: Lists, list: number, visit: (member: number) => void): void {
  for (let i = offsets[list]!; i < offsets[list + 1]!; i++) visit(members[i]!)
}

/** 0, 1, … end − 1 */
export function listUpTo(end: number): Uint32Array {
  return Uint32Array.from({ length: end }, (_, i) => i)
}

/** Returns the count before. */
export function increment(counts: Uint32Array, at: number): number {
  const before = counts[at]!
  counts[at] = before + 1
  return before
}

/** Counts per list, one place to the right, become offsets. */
export function accumulate(counts: Uint32Array): void {
  for (let i = 1; i < counts.length; i++) counts[i] = counts[i]! + counts[i - 1]!
}
