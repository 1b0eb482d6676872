// The index of one field of one segment, immutable: the documents of each symbol, of each pair of adjacent symbols and of
// each value; and for each pair the text positions where it stands, sorted by what follows. Words of one or two characters are
// answered by sets of documents; longer ones are narrowed down among the positions and read on in the text. Nothing is guessed.
import { SEPARATOR } from '../reading/alphabet.ts'
import { createDocSetsBuilder, type DocSets } from './doc-sets.ts'
import { accumulate, group, increment, type Lists, listUpTo, walk } from './lists.ts'

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
  /** Symbol → the values that begin with it. */
  firsts: Lists
  pairs: Pairs
  docsOfSymbol: DocSets
  docsOfPair: DocSets
  docsOfValue: DocSets
}

/** As many symbols decide the order of positions. */
export const SORTED_SYMBOLS = 4

/** Pairs are numbered by first symbol, then by second. */
export interface Pairs {
  /** Symbol → the first pair that begins with it. */
  offsets: Uint32Array
  seconds: Uint16Array
  /** Pair → the positions of its first symbol, sorted by the two symbols that follow the pair. */
  positions: Lists
}

export interface FieldSize {
  symbols: number
  documents: number
}

/** `values` and `docs` run in parallel: every (value, document) of the field, documents ascending. */
export function buildFieldIndex(field: FieldText, { symbols, documents }: FieldSize, values: Uint32Array, docs: Uint32Array): FieldIndex {
  const valueCount = field.starts.length - 1
  const blocks = buildBlocks(field)
  const pairs = buildPairs(field.text, symbols)
  const docLists = group(docs, (_doc, i) => values[i]!, valueCount)
  const docsOf = (lists: Lists, toValues: (lists: Lists, list: number, visit: (value: number) => void) => void) => {
    const sets = createDocSetsBuilder(lists.offsets.length - 1, documents)
    for (let list = 0; list + 1 < lists.offsets.length; list++) {
      toValues(lists, list, (value) => walk(docLists, value, sets.add))
      sets.next()
    }
    return sets.finish()
  }
  return {
    ...field,
    blocks,
    firsts: group(listUpTo(valueCount), (value) => field.text[field.starts[value]!]!, symbols),
    pairs,
    docsOfSymbol: docsOf(buildValueLists(field, symbols), walk),
    docsOfPair: docsOf(pairs.positions, (lists, pair, visit) =>
      walk(lists, pair, (at) => visit(findValue({ starts: field.starts, blocks }, at))),
    ),
    docsOfValue: docsOf({ offsets: listUpTo(valueCount + 1), members: listUpTo(valueCount) }, walk),
  }
}

/** The value that a text position lies in. */
export function findValue({ starts, blocks }: { starts: Uint32Array; blocks: Uint32Array }, at: number): number {
  let value = blocks[at >>> BLOCK_BITS]!
  while (starts[value + 1]! <= at) value++
  return value
}

function buildBlocks({ text, starts }: FieldText): Uint32Array {
  const blocks = new Uint32Array((text.length >> BLOCK_BITS) + 1)
  let value = 0
  for (let block = 0; block < blocks.length; block++) {
    while (value + 2 < starts.length && starts[value + 1]! <= block << BLOCK_BITS) value++
    blocks[block] = value
  }
  return blocks
}

/** Radix sort of the positions by the symbols that begin there, the last one first. */
function buildPairs(text: Uint16Array, symbols: number): Pairs {
  let members = listPairPositions(text)
  for (let ahead = SORTED_SYMBOLS - 1; ahead >= 0; ahead--) {
    members = group(members, (position) => text[position + ahead] ?? SEPARATOR, symbols).members
  }
  const isFirst = (i: number) => {
    const [here, before] = [members[i]!, members[i - 1]!]
    return i === 0 || text[here] !== text[before] || text[here + 1] !== text[before + 1]
  }
  let count = 0
  for (let i = 0; i < members.length; i++) if (isFirst(i)) count++
  const pairs = { offsets: new Uint32Array(symbols + 1), seconds: new Uint16Array(count), starts: new Uint32Array(count + 1) }
  let pair = 0
  for (let i = 0; i < members.length; i++) {
    if (!isFirst(i)) continue
    const at = members[i]!
    increment(pairs.offsets, text[at]! + 1)
    pairs.seconds[pair] = text[at + 1]!
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
    for (let at = starts[value]!; text[at] !== SEPARATOR; at++) {
      const symbol = text[at]!
      if (lastIn[symbol] === value) continue
      lastIn[symbol] = value
      seen.symbols[count] = symbol
      seen.values[count++] = value
    }
  }
  return group(seen.values.subarray(0, count), (_value, i) => seen.symbols[i]!, symbols)
}
