// The index of one field of one segment, immutable. For each pair of adjacent symbols it lists the text positions where the
// pair stands, ascending; for each symbol, the values that contain it; for each value, the documents that have it.
// A term is looked up by its rarest pair and read on from there in the text: exact for any length, nothing is guessed.
import { SEPARATOR } from './alphabet.ts'

/** One text position in 2^6 is mapped to its value; the rest is walked. */
export const BLOCK_BITS = 6

export interface FieldText {
  /** SEPARATOR value SEPARATOR value … SEPARATOR */
  text: Uint16Array
  /** Value → its first position; one more entry: where the next would begin. */
  starts: Uint32Array
}

export interface FieldIndex extends FieldText {
  /** Position >> BLOCK_BITS → the value there. */
  blocks: Uint32Array
  pairs: Pairs
  /** Symbol → the values that contain it. */
  values: Lists
  /** Value → the documents that have it. */
  docs: Lists
}

/** Lists end to end: list `i` is `members[offsets[i]] … members[offsets[i + 1] - 1]`. */
export interface Lists {
  offsets: Uint32Array
  members: Uint32Array
}

/** Pairs are numbered by first symbol, then by second. */
export interface Pairs {
  /** Symbol → the first pair that begins with it. */
  offsets: Uint32Array
  seconds: Uint16Array
  /** Pair → the positions of its first symbol. */
  positions: Lists
}

/** `values` and `docs` run in parallel: every (value, document) of the field, documents ascending. */
export function buildFieldIndex(field: FieldText, symbols: number, values: Uint32Array, docs: Uint32Array): FieldIndex {
  return {
    ...field,
    blocks: buildBlocks(field),
    pairs: buildPairs(field.text, symbols),
    values: buildValueLists(field, symbols),
    docs: group(docs, (_doc, i) => values[i] as number, field.starts.length - 1),
  }
}

/** Sorts members into lists by key; within a list their order is kept. */
function group(members: Uint32Array, keyOf: (member: number, i: number) => number, lists: number): Lists {
  const offsets = new Uint32Array(lists + 1)
  for (let i = 0; i < members.length; i++) increment(offsets, keyOf(members[i] as number, i) + 1)
  accumulate(offsets)
  const next = offsets.slice()
  const sorted = new Uint32Array(members.length)
  for (let i = 0; i < members.length; i++) {
    const member = members[i] as number
    sorted[increment(next, keyOf(member, i))] = member
  }
  return { offsets, members: sorted }
}

function buildBlocks({ text, starts }: FieldText): Uint32Array {
  const blocks = new Uint32Array((text.length >> BLOCK_BITS) + 1)
  let value = 0
  for (let block = 0; block < blocks.length; block++) {
    while (value + 2 < starts.length && (starts[value + 1] as number) <= block << BLOCK_BITS) value++
    blocks[block] = value
  }
  return blocks
}

/** Radix sort of the positions: by second symbol, then, keeping that order, by first. */
function buildPairs(text: Uint16Array, symbols: number): Pairs {
  const bySecond = group(listPairPositions(text), (position) => text[position + 1] as number, symbols)
  const byBoth = group(bySecond.members, (position) => text[position] as number, symbols)
  const members = byBoth.members
  const isFirst = (i: number) => {
    const [here, before] = [members[i] as number, members[i - 1] as number]
    return i === 0 || text[here] !== text[before] || text[here + 1] !== text[before + 1]
  }
  let count = 0
  for (let i = 0; i < members.length; i++) if (isFirst(i)) count++
  const pairs = { offsets: new Uint32Array(symbols + 1), seconds: new Uint16Array(count), starts: new Uint32Array(count + 1) }
  let pair = 0
  for (let i = 0; i < members.length; i++) {
    if (!isFirst(i)) continue
    const at = members[i] as number
    increment(pairs.offsets, (text[at] as number) + 1)
    pairs.seconds[pair] = text[at + 1] as number
    pairs.starts[pair++] = i
  }
  pairs.starts[count] = members.length
  accumulate(pairs.offsets)
  return { offsets: pairs.offsets, seconds: pairs.seconds, positions: { offsets: pairs.starts, members } }
}

function listPairPositions(text: Uint16Array): Uint32Array {
  const positions = new Uint32Array(text.length)
  let count = 0
  for (let at = 0; at + 1 < text.length; at++) {
    if (text[at] !== SEPARATOR && text[at + 1] !== SEPARATOR) positions[count++] = at
  }
  return positions.slice(0, count)
}

function buildValueLists({ text, starts }: FieldText, symbols: number): Lists {
  const lastIn = new Int32Array(symbols).fill(-1)
  const seen = { symbols: new Uint16Array(text.length), values: new Uint32Array(text.length) }
  let count = 0
  for (let value = 0; value + 1 < starts.length; value++) {
    for (let at = starts[value] as number; text[at] !== SEPARATOR; at++) {
      const symbol = text[at] as number
      if (lastIn[symbol] === value) continue
      lastIn[symbol] = value
      seen.symbols[count] = symbol
      seen.values[count++] = value
    }
  }
  return group(seen.values.subarray(0, count), (_value, i) => seen.symbols[i] as number, symbols)
}

/** Returns the count before. */
function increment(counts: Uint32Array, at: number): number {
  const before = counts[at] as number
  counts[at] = before + 1
  return before
}

function accumulate(counts: Uint32Array): void {
  for (let i = 1; i < counts.length; i++) counts[i] = (counts[i] as number) + (counts[i - 1] as number)
}
