// A word of letters as pinyin: the ways to cut it into syllables, of which the first may lack its beginning and the last
// its end. The ways form a graph over the nodes of the term, so their number, which can be exponential, never matters.
import type { Alphabet, SyllableIndex } from './alphabet.ts'
import { ANY_READING, IN_CONTEXT } from './document.ts'
import { toClass } from './symbol-class.ts'
import type { TermView } from './term-view.ts'

const LONGEST_SYLLABLE = 6
const NOWHERE = -1

/** A syllable on one side of a node and the node on its other side; a cut-off syllable leads to the end of the term. */
interface Step {
  syllable: number
  to: number
}

interface Graph {
  length: number
  /** The nodes between the ends that lie on a way from end to end, ascending. */
  inner: number[]
  /** By inner node. */
  back: Side[]
  forth: Side[]
}

/** The steps from a node in one direction. */
interface Side {
  steps: Step[]
  /** Syllable → where it leads. */
  to: Int16Array
}

export function spellTerm(term: string, alphabet: Alphabet): TermView {
  const graph = buildGraph(term, alphabet.syllables)
  const readAs = (syllables: readonly number[]) => {
    const read = (any: boolean) => syllables.flatMap((syllable) => alphabet.read(syllable, any))
    return toClass(alphabet, read(false), read(true))
  }
  const toClasses = (sides: Side[]) => sides.map(({ steps }) => readAs(steps.map(({ syllable }) => syllable)))
  const before = toClasses(graph.back)
  const after = toClasses(graph.forth)
  const whole = readAs(alphabet.syllables.byPart.get(term) ?? [])
  const heads = graph.inner.filter((node) => graph.back[node]?.steps.some(({ to }) => to === 0))
  const readings = { [IN_CONTEXT]: alphabet.readings(false), [ANY_READING]: alphabet.readings(true) }
  return {
    name: 'pinyin',
    whole,
    first: toClass(
      alphabet,
      [whole, ...heads.map((node) => before[node]!)].flatMap(({ list }) => list),
    ),
    heads,
    cuts: listCuts(graph),
    before: (node) => before[node]!,
    after: (node) => after[node]!,
    isPair: (first, second, node, reading) =>
      leadsOnlyTo(0, graph.back[node], readings[reading][first]) && leadsOnlyTo(term.length, graph.forth[node], readings[reading][second]),
    findStart: (text, at, node, reading) => findStart(graph, readings[reading], text, at, node),
    findEnd: (text, at, node, reading) => findEnd(graph, readings[reading], text, at, node),
  }
}

function leadsOnlyTo(end: number, side: Side | undefined, syllables: readonly number[] | undefined): boolean {
  return syllables?.every((syllable) => side?.to[syllable] === end || side?.to[syllable] === NOWHERE) ?? false
}

/** Symbol → its syllables. */
type Readings = readonly (readonly number[])[]

function findStart(graph: Graph, readings: Readings, text: Uint16Array, at: number, node: number): number {
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

function findEnd(graph: Graph, readings: Readings, text: Uint16Array, at: number, node: number): number {
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
  const graph: Graph = { length, inner, back: [], forth: [] }
  const toStep = (syllable: number | undefined, to: number): Step[] => (syllable === undefined ? [] : [{ syllable, to }])
  for (const node of inner) {
    const back = [
      ...(syllables.bySuffix.get(term.slice(0, node)) ?? []).map((syllable) => ({ syllable, to: 0 })),
      ...inner
        .filter((other) => other < node && other >= node - LONGEST_SYLLABLE)
        .flatMap((other) => toStep(syllables.exact.get(term.slice(other, node)), other)),
    ]
    const forth = [
      ...(syllables.byPrefix.get(term.slice(node)) ?? []).map((syllable) => ({ syllable, to: length })),
      ...inner
        .filter((other) => other > node && other <= node + LONGEST_SYLLABLE)
        .flatMap((other) => toStep(syllables.exact.get(term.slice(node, other)), other)),
    ]
    graph.back[node] = toSide(back, syllables.names.length)
    graph.forth[node] = toSide(forth, syllables.names.length)
  }
  return graph
}

function toSide(steps: Step[], syllables: number): Side {
  const table = new Int16Array(syllables).fill(NOWHERE)
  for (const { syllable, to } of steps) table[syllable] = to
  return { steps, to: table }
}

function spans(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

/** Every way has exactly one step over a given letter, so the near ends of the steps over that letter cut all ways. */
function listCuts({ length, inner, back, forth }: Graph): number[][] {
  const targets = (side: Side | undefined) => [...new Set(side?.steps.map(({ to }) => to))]
  const steps = inner.flatMap((node) => [
    ...targets(back[node]).map((to) => ({ from: to, to: node })),
    ...targets(forth[node])
      .filter((to) => to === length)
      .map((to) => ({ from: node, to })),
  ])
  const cuts = spans(0, length).map((letter) => {
    const over = steps.filter(({ from, to }) => from <= letter && letter < to)
    return [...new Set(over.map(({ from, to }) => (from > 0 ? from : to)))]
  })
  return inner.length === 0 ? [] : [...new Map(cuts.map((cut) => [cut.join(), cut])).values()]
}
