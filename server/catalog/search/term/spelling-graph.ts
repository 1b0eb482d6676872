// A word of letters as pinyin: the ways to cut it into syllables, of which the first may lack its beginning and the last
// its end. The ways form a graph over the nodes of the term, so their number, which can be exponential, never matters.
// Letters are numbered; a node is the place between two of them, 0 before the first.
import type { SyllableIndex } from '../reading/alphabet.ts'

const LONGEST_SYLLABLE = 6
export const NOWHERE = -1

/** A syllable on one side of a node and the node on its other side; a cut-off syllable leads to the end of the term. */
interface Step {
  syllable: number
  to: number
}

export interface SpellingGraph {
  length: number
  /** The nodes between the ends that lie on a way from end to end, ascending. */
  inner: number[]
  /** By inner node. */
  back: Side[]
  forth: Side[]
}

/** The steps from a node in one direction. */
export interface Side {
  steps: Step[]
  /** Syllable → where it leads. */
  to: Int16Array
}

export function buildGraph(term: string, syllables: SyllableIndex): SpellingGraph {
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
  const graph: SpellingGraph = { length, inner, back: [], forth: [] }
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
export function listCuts({ length, inner, back, forth }: SpellingGraph): number[][] {
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
