// A word of letters as pinyin, looked for in the readings of symbols.
import { type Alphabet, type SymbolClass, toClass } from '../reading/alphabet.ts'
import { ANY_READING, IN_CONTEXT, type Reading } from '../document.ts'
import { SORTED_SYMBOLS } from '../segment/field-index.ts'
import { addPair, addPlace, addRun, addSymbol, type FieldSearch } from './finds.ts'
import { listPairs, type PairList, walkRuns } from './find-positions.ts'
import { buildGraph, listCuts, NOWHERE, type Side, type SpellingGraph } from './spelling-graph.ts'
import type { TermView } from './term-view.ts'

interface Spelling {
  graph: SpellingGraph
  /** The symbols that alone are an occurrence. */
  whole: SymbolClass
  /** By inner node, the symbols that can stand directly before, after it. */
  before: SymbolClass[]
  after: SymbolClass[]
  /** Symbol → its syllables. */
  readings: Record<Reading, Readings>
  /** Each is a set of nodes of which every occurrence over several characters passes at least one. */
  cuts: readonly (readonly number[])[]
}
type Readings = readonly (readonly number[])[]

export function viewSpelling(term: string, alphabet: Alphabet): TermView {
  const graph = buildGraph(term, alphabet.syllables)
  const readAs = (syllables: readonly number[]) => {
    const read = (any: boolean) => syllables.flatMap((syllable) => alphabet.read(syllable, any))
    return toClass(alphabet, read(false), read(true))
  }
  const toClasses = (sides: Side[]) => sides.map(({ steps }) => readAs(steps.map(({ syllable }) => syllable)))
  const spelling: Spelling = {
    graph,
    whole: readAs(alphabet.syllables.byPart.get(term) ?? []),
    before: toClasses(graph.back),
    after: toClasses(graph.forth),
    readings: { [IN_CONTEXT]: alphabet.readings(false), [ANY_READING]: alphabet.readings(true) },
    cuts: listCuts(graph),
  }
  const heads = graph.inner.filter((node) => graph.back[node]!.steps.some(({ to }) => to === 0))
  return {
    name: 'pinyin',
    first: toClass(
      alphabet,
      [spelling.whole, ...heads.map((node) => spelling.before[node]!)].flatMap(({ list }) => list),
    ),
    findEnd: (text, at, reading) => findEndFrom(spelling, heads, text, at, reading),
    match: (search) => matchSpelling(search, spelling),
  }
}

function findEndFrom(spelling: Spelling, heads: readonly number[], text: Uint16Array, at: number, reading: Reading): number {
  const { graph, whole, readings } = spelling
  let end = whole.has[text[at]!]! >= reading ? at + 1 : -1
  for (const node of heads) {
    if (findStart(graph, readings[reading], text, at, node) === at)
      end = Math.max(end, findEnd(graph, readings[reading], text, at + 1, node))
  }
  return end
}

function matchSpelling(search: FieldSearch, spelling: Spelling): void {
  for (const symbol of spelling.whole.list) addSymbol(search, symbol, spelling.whole.has[symbol] as Reading)
  for (const crossing of findCheapestCut(search, spelling)) matchCrossing(search, spelling, crossing)
}

/** A node with the pairs that can stand around it. */
interface Crossing {
  node: number
  pairs: PairList
}

/** Positions are sorted by what stands behind them: where nothing stands before, most need not be looked at. */
function findCheapestCut({ field }: FieldSearch, { graph, cuts, before, after }: Spelling): Crossing[] {
  const costOf = ({ node, pairs }: Crossing) => (graph.back[node]!.steps.every(({ to }) => to === 0) ? pairs.cost / 8 : pairs.cost)
  const crossings = new Map<number, Crossing>()
  let cheapest: Crossing[] = []
  let lowest = Number.POSITIVE_INFINITY
  for (const cut of cuts) {
    const found = cut.map((node) => {
      const crossing = crossings.get(node) ?? { node, pairs: listPairs(field, before[node]!, after[node]!) }
      crossings.set(node, crossing)
      return crossing
    })
    const cost = found.reduce((sum, crossing) => sum + costOf(crossing), 0)
    if (cost < lowest) [cheapest, lowest] = [found, cost]
    if (lowest === 0) break
  }
  return cheapest
}

function matchCrossing(search: FieldSearch, spelling: Spelling, { node, pairs }: Crossing): void {
  const [before, after] = [spelling.before[node]!.has, spelling.after[node]!.has]
  for (const [i, pair] of pairs.pairs.entries()) {
    const [first, second] = [pairs.firsts[i]!, search.field.pairs.seconds[pair]!]
    const reading = Math.min(before[first]!, after[second]!) as Reading
    const ways = findWays(spelling, node, { first, second, reading })
    if (isOccurrence(search, spelling, ways)) {
      addPair(search, { pair, first, second, reading }) // every place is one, and where extents differ of these two only
    } else if (reading === ANY_READING) matchPlaces(search, spelling, pair, [ways])
    // An occurrence in context is worth more than any other there, so others are then not looked for.
    else matchPlaces(search, spelling, pair, [ways, findWays(spelling, node, { first, second, reading: ANY_READING })])
  }
}

/** From a node on: the nodes to the left of the symbol before it and to the right of the symbol behind it. */
interface Ways {
  lefts: readonly number[]
  rights: readonly number[]
  reading: Reading
}

function findWays(
  { graph, readings }: Spelling,
  node: number,
  { first, second, reading }: { first: number; second: number; reading: Reading },
): Ways {
  const lead = ({ to }: Side, symbol: number) => [
    ...new Set(readings[reading][symbol]!.map((syllable) => to[syllable]!).filter((next) => next !== NOWHERE)),
  ]
  return { lefts: lead(graph.back[node]!, first), rights: lead(graph.forth[node]!, second), reading }
}

/** Whether the symbols that led these ways are an occurrence by themselves, and, where its extent matters, nothing longer. */
function isOccurrence({ areExtentsEqual }: FieldSearch, { graph }: Spelling, { lefts, rights }: Ways): boolean {
  return areExtentsEqual
    ? lefts.includes(0) && rights.includes(graph.length)
    : lefts.every((left) => left === 0) && rights.every((right) => right === graph.length)
}

/** Follows the places of a pair by the symbols that they are sorted by, as long as a way leads on. */
function matchPlaces(search: FieldSearch, spelling: Spelling, pair: number, allWays: readonly Ways[]): void {
  const { offsets } = search.field.pairs.positions
  const follow = (run: { start: number; end: number }, symbols: number, heads: readonly Head[]) =>
    walkRuns(search.field, run, symbols, (symbol, start, end) => {
      const open: Head[] = []
      for (const { ways, rights: nodes } of heads) {
        const rights = stepOn(spelling, nodes, symbol, ways.reading)
        if (rights.length === 0) continue
        // One that was complete before this symbol is shorter than the run.
        const endsHere = search.areExtentsEqual || !nodes.includes(spelling.graph.length)
        if (endsHere && isOccurrence(search, spelling, { ...ways, rights })) {
          addRun(search, { start, end, reading: ways.reading }, symbols + 1)
          break
        }
        open.push({ ways, rights })
      }
      if (open.length > 0) go({ start, end }, symbols + 1, open)
    })
  const go = (run: { start: number; end: number }, symbols: number, heads: readonly Head[]) => {
    const leadsOn = heads.some(({ rights }) => rights.some((right) => right !== spelling.graph.length))
    if (leadsOn && symbols < SORTED_SYMBOLS && run.end - run.start > FEW_PLACES) follow(run, symbols, heads)
    else lookAtPlaces(search, spelling, run, heads)
  }
  go(
    { start: offsets[pair]!, end: offsets[pair + 1]! },
    2,
    allWays.map((ways) => ({ ways, rights: ways.rights })),
  )
}

/** How far ways have come in a run. */
interface Head {
  ways: Ways
  rights: readonly number[]
}

/** So many are looked at sooner than sorted out further. */
const FEW_PLACES = 8

/** The nodes behind one more symbol; an occurrence that is complete stays so. */
function stepOn({ graph, readings }: Spelling, nodes: readonly number[], symbol: number, reading: Reading): number[] {
  const next: number[] = []
  const add = (node: number) => {
    if (node !== NOWHERE && !next.includes(node)) next.push(node)
  }
  for (const node of nodes) {
    if (node === graph.length) add(node)
    else for (const syllable of readings[reading][symbol]!) add(graph.forth[node]!.to[syllable]!)
  }
  return next
}

/** Looks at each place of a run in these ways, until one finds. */
function lookAtPlaces(
  search: FieldSearch,
  { graph, readings }: Spelling,
  run: { start: number; end: number },
  heads: readonly Head[],
): void {
  const { text, pairs } = search.field
  const { members } = pairs.positions
  for (let i = run.start; i < run.end; i++) {
    const at = members[i]!
    for (const {
      ways: { lefts, rights, reading },
    } of heads) {
      let to = -1
      for (const right of rights) to = Math.max(to, findEnd(graph, readings[reading], text, at + 2, right))
      if (to < 0) continue
      let from = -1
      for (const left of lefts) {
        const start = findStart(graph, readings[reading], text, at - 1, left)
        if (start >= 0 && (from < 0 || start < from)) from = start
      }
      if (from < 0) continue
      addPlace(search, from, to, reading)
      break
    }
  }
}

/** First position of the longest occurrence that has `node` behind position `at`; -1 when there is none. */
function findStart(graph: SpellingGraph, readings: Readings, text: Uint16Array, at: number, node: number): number {
  if (node === 0) return at + 1
  const { to } = graph.back[node]!
  const syllables = readings[text[at]!]!
  let start = -1
  for (let i = 0; i < syllables.length; i++) {
    const next = to[syllables[i]!]!
    const found = next === NOWHERE ? -1 : findStart(graph, readings, text, at - 1, next)
    if (found >= 0 && (start < 0 || found < start)) start = found
  }
  return start
}

/** Position behind the longest occurrence that has `node` before position `at`; -1 when there is none. */
function findEnd(graph: SpellingGraph, readings: Readings, text: Uint16Array, at: number, node: number): number {
  if (node === graph.length) return at
  const { to } = graph.forth[node]!
  const syllables = readings[text[at]!]!
  let end = -1
  for (let i = 0; i < syllables.length; i++) {
    const next = to[syllables[i]!]!
    if (next !== NOWHERE) end = Math.max(end, findEnd(graph, readings, text, at + 1, next))
  }
  return end
}
