// The index of one field of one segment, immutable: the documents of each symbol, of each pair of adjacent symbols and of
// each value; and for each pair the text positions where it stands, sorted by what follows. Words of one or two characters are
// answered by sets of documents; longer ones are narrowed down among the positions and read on in the text. Nothing is guessed.
import { SEPARATOR } from '../reading/alphabet.ts'
import { createDocSetsBuilder, type DocSets } from './doc-sets.ts'
import { accumulate, group, increment, type Lists, listUpTo, walk } from './lists.ts'
import { buildLongRuns, type LongRuns } from './long-runs.ts'

/** One text position in 2^6 is mapped to its value; the rest is walked. */
export const BLOCK_BITS = 6

export interface FieldText {
  /** SEPARATOR value SEPARATOR value … SEPARATOR */
  text: Uint16Array
  /** Value → its first position; one more entry: where the next would begin. */
  starts: Uint32Array
}

export interface FieldIndex extends FieldText {
  symbols: SegmentSymbols
  /** Position >> BLOCK_BITS → the value there. */
  blocks: Uint32Array
  /** Number of a symbol → the values that begin with it. */
  firsts: Lists
  pairs: Pairs
  /** By the number of the symbol. */
  docsOfSymbol: DocSets
  docsOfPair: DocSets
  docsOfValue: DocSets
  /** By how many symbols are alike: more than a pair, and as many as positions are sorted by. */
  longRuns: ReadonlyMap<number, LongRuns>
}

/** The symbols of a segment are numbered anew, in their order, so that a small segment has short tables. */
export interface SegmentSymbols {
  /** Symbol → its number here; 0 or nothing when it does not occur. */
  numbers: Uint16Array
  /** One more than the highest number. */
  count: number
}

/** As many symbols decide the order of positions. */
export const SORTED_SYMBOLS = 4

/** Pairs are numbered by first symbol, then by second. */
export interface Pairs {
  /** Number of a symbol → the first pair that begins with it. */
  offsets: Uint32Array
  seconds: Uint16Array
  /** Pair → the positions of its first symbol, sorted by the two symbols that follow the pair. */
  positions: Lists
}

export function numberSymbols(texts: readonly Uint16Array[], alphabetSize: number): SegmentSymbols {
  const numbers = new Uint16Array(alphabetSize)
  for (const text of texts) for (const symbol of text) numbers[symbol] = 1
  numbers[SEPARATOR] = 0
  let count = 1
  for (let symbol = 1; symbol < alphabetSize; symbol++) if (numbers[symbol] === 1) numbers[symbol] = count++
  return { numbers, count }
}

/** A field without its postings. */
export interface BareField extends FieldText {
  symbols: SegmentSymbols
  /** How many documents the segment has. */
  documents: number
}

/** `values` and `docs` run in parallel: every (value, document) of the field, documents ascending. */
export function buildFieldIndex({ documents, ...field }: BareField, values: Uint32Array, docs: Uint32Array): FieldIndex {
  const { numbers, count } = field.symbols
  const valueCount = field.starts.length - 1
  const blocks = buildBlocks(field)
  const pairs = buildPairs(field.text, field.symbols)
  const docLists = group(docs, values, valueCount)
  const docsOf = (lists: Lists, toValues: (lists: Lists, list: number, visit: (value: number) => void) => void) => {
    const sets = createDocSetsBuilder(lists.offsets.length - 1, documents)
    for (let list = 0; list + 1 < lists.offsets.length; list++) {
      toValues(lists, list, (value) => walk(docLists, value, sets.add))
      sets.next()
    }
    return sets.finish()
  }
  const visitDocs = (at: number, visit: (doc: number) => void) => walk(docLists, findValue({ starts: field.starts, blocks }, at), visit)
  const toLongRuns = (symbols: number) => buildLongRuns(field.text, pairs.positions.members, { symbols, documents, visitDocs })
  return {
    ...field,
    blocks,
    longRuns: new Map([3, SORTED_SYMBOLS].map((symbols) => [symbols, toLongRuns(symbols)])),
    firsts: group(
      listUpTo(valueCount),
      Uint16Array.from({ length: valueCount }, (_, value) => numbers[field.text[field.starts[value]!]!]!),
      count,
    ),
    pairs,
    docsOfSymbol: docsOf(buildValueLists(field), walk),
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
function buildPairs(text: Uint16Array, { numbers, count }: SegmentSymbols): Pairs {
  const numbered = new Uint16Array(text.length + SORTED_SYMBOLS) // behind the end there is no symbol
  for (let at = 0; at < text.length; at++) numbered[at] = numbers[text[at]!]!
  let members = listPairPositions(text)
  const keys = new Uint16Array(members.length)
  for (let ahead = SORTED_SYMBOLS - 1; ahead >= 0; ahead--) {
    for (let i = 0; i < members.length; i++) keys[i] = numbered[members[i]! + ahead]!
    members = group(members, keys, count).members
  }
  const isFirst = (i: number) => {
    const [here, before] = [members[i]!, members[i - 1]!]
    return i === 0 || numbered[here] !== numbered[before] || numbered[here + 1] !== numbered[before + 1]
  }
  let total = 0
  for (let i = 0; i < members.length; i++) if (isFirst(i)) total++
  const pairs = { offsets: new Uint32Array(count + 1), seconds: new Uint16Array(total), starts: new Uint32Array(total + 1) }
  let pair = 0
  for (let i = 0; i < members.length; i++) {
    if (!isFirst(i)) continue
    const at = members[i]!
    increment(pairs.offsets, numbered[at]! + 1)
    pairs.seconds[pair] = text[at + 1]!
    pairs.starts[pair++] = i
  }
  pairs.starts[total] = members.length
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

function buildValueLists({ text, starts, symbols }: Omit<BareField, 'documents'>): Lists {
  const lastIn = new Int32Array(symbols.count).fill(-1)
  const seen = { symbols: new Uint16Array(text.length), values: new Uint32Array(text.length) }
  let count = 0
  for (let value = 0; value + 1 < starts.length; value++) {
    for (let at = starts[value]!; text[at] !== SEPARATOR; at++) {
      const symbol = symbols.numbers[text[at]!]!
      if (lastIn[symbol] === value) continue
      lastIn[symbol] = value
      seen.symbols[count] = symbol
      seen.values[count++] = value
    }
  }
  return group(seen.values.subarray(0, count), seen.symbols.subarray(0, count), symbols.count)
}
