// A word of letters as pinyin: the ways to cut it into syllables, of which the first may lack its beginning and the last
// its end. The ways form a graph over the nodes of the term, so their number, which can be exponential, never matters.
import type { Alphabet, SyllableIndex } from './alphabet.ts'
import type { ViewName } from './document.ts'
import { type SymbolClass, toClass } from './symbol-class.ts'
import type { TermView } from './term-view.ts'

const LONGEST_SYLLABLE = 6
const NOWHERE = -1

interface Graph {
  length: number
  /** The nodes between the ends that lie on a way from end to end, ascending. */
  inner: number[]
  /** Node → syllable → node on the other side of it, NOWHERE when it does not fit. A cut-off syllable leads to the end. */
  back: Map<number, Int16Array>
  forth: Map<number, Int16Array>
}

export function spellTerm(name: ViewName & ('pinyin' | 'anyPinyin'), term: string, alphabet: Alphabet): TermView {
  const any = name === 'anyPinyin'
  const graph = buildGraph(term, alphabet.syllables)
  const readAs = (syllables: readonly number[]) => toClass(alphabet, syllables.flatMap((syllable) => alphabet.read(syllable, any)))
  const toClasses = (steps: Map<number, Int16Array>) =>
    new Map(graph.inner.map((node): [number, SymbolClass] => [node, readAs(listSteps(steps.get(node) as Int16Array))]))
  const before = toClasses(graph.back)
  const after = toClasses(graph.forth)
  const whole = readAs(alphabet.syllables.byPart.get(term) ?? [])
  return {
    name,
    whole: whole.list.length > 0 ? whole : null,
    heads: graph.inner.filter((node) => graph.back.get(node)?.includes(0)),
    cuts: listCuts(graph),
    before: (node) => before.get(node) as SymbolClass,
    after: (node) => after.get(node) as SymbolClass,
    isPair: (first, second, node) =>
      leadsOnlyTo(0, graph.back.get(node), alphabet.readings(first, any)) && leadsOnlyTo(term.length, graph.forth.get(node), alphabet.readings(second, any)),
    findStart: (text, at, node) => findStart(graph, (symbol) => alphabet.readings(symbol, any), text, at, node),
    findEnd: (text, at, node) => findEnd(graph, (symbol) => alphabet.readings(symbol, any), text, at, node),
  }
}

function leadsOnlyTo(end: number, steps: Int16Array | undefined, readings: readonly number[]): boolean {
  return readings.every((syllable) => steps?.[syllable] === end || steps?.[syllable] === NOWHERE)
}

type Readings = (symbol: number) => readonly number[]

function findStart(graph: Graph, readings: Readings, text: Uint16Array, at: number, node: number): number {
  if (node === 0) return at + 1
  const steps = graph.back.get(node) as Int16Array
  let start = -1
  for (const syllable of readings(text[at] as number)) {
    const to = steps[syllable] as number
    const found = to === NOWHERE ? -1 : findStart(graph, readings, text, at - 1, to)
    if (found >= 0 && (start < 0 || found < start)) start = found
  }
  return start
}

function findEnd(graph: Graph, readings: Readings, text: Uint16Array, at: number, node: number): number {
  if (node === graph.length) return at
  const steps = graph.forth.get(node) as Int16Array
  let end = -1
  for (const syllable of readings(text[at] as number)) {
    const to = steps[syllable] as number
    if (to !== NOWHERE) end = Math.max(end, findEnd(graph, readings, text, at + 1, to))
  }
  return end
}

function buildGraph(term: string, syllables: SyllableIndex): Graph {
  const length = term.length
  const nodes = Array.from({ length: Math.max(length - 1, 0) }, (_, i) => i + 1)
  const isSyllable = (from: number, to: number) => syllables.exact.has(term.slice(from, to))
  const fromStart = new Set<number>()
  for (const node of nodes) {
    const joins = spans(node - LONGEST_SYLLABLE, node).some((from) => fromStart.has(from) && isSyllable(from, node))
    if (joins || syllables.bySuffix.has(term.slice(0, node))) fromStart.add(node)
  }
  const toEnd = new Set<number>()
  for (const node of nodes.toReversed()) {
    const joins = spans(node + 1, node + 1 + LONGEST_SYLLABLE).some((to) => toEnd.has(to) && isSyllable(node, to))
    if (joins || syllables.byPrefix.has(term.slice(node))) toEnd.add(node)
  }
  const inner = nodes.filter((node) => fromStart.has(node) && toEnd.has(node))
  const graph: Graph = { length, inner, back: new Map(), forth: new Map() }
  for (const node of inner) {
    const [back, forth] = [0, 0].map(() => new Int16Array(syllables.names.length).fill(NOWHERE)) as [Int16Array, Int16Array]
    for (const syllable of syllables.bySuffix.get(term.slice(0, node)) ?? []) back[syllable] = 0
    for (const syllable of syllables.byPrefix.get(term.slice(node)) ?? []) forth[syllable] = length
    for (const other of inner) {
      if (other < node) setStep(back, syllables.exact.get(term.slice(other, node)), other)
      if (other > node) setStep(forth, syllables.exact.get(term.slice(node, other)), other)
    }
    graph.back.set(node, back)
    graph.forth.set(node, forth)
  }
  return graph
}

function setStep(steps: Int16Array, syllable: number | undefined, to: number): void {
  if (syllable !== undefined) steps[syllable] = to
}

function spans(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function listSteps(steps: Int16Array): number[] {
  return [...steps.keys()].filter((syllable) => steps[syllable] !== NOWHERE)
}

/** Every way has exactly one step over a given letter, so the near ends of the steps over that letter cut all ways. */
function listCuts({ length, inner, back, forth }: Graph): number[][] {
  const steps = inner.flatMap((node) => [
    ...[...new Set(back.get(node))].filter((to) => to !== NOWHERE).map((to) => ({ from: to, to: node })),
    ...[...new Set(forth.get(node))].filter((to) => to === length).map((to) => ({ from: node, to })),
  ])
  const cuts = spans(0, length).map((letter) => {
    const over = steps.filter(({ from, to }) => from <= letter && letter < to)
    return [...new Set(over.map(({ from, to }) => (from > 0 ? from : to)))]
  })
  return inner.length === 0 ? [] : [...new Map(cuts.map((cut) => [cut.join(), cut])).values()]
}
