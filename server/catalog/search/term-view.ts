// A term as something to look for in text of symbols. Letters of the term are numbered; a node is the place between two of
// them (0 before the first). An occurrence over several characters passes some nodes, one between every two characters.
import type { Alphabet } from './alphabet.ts'
import type { Reading, ViewName } from './document.ts'
import { spellTerm } from './spell-term.ts'
import { type SymbolClass, toClass } from './symbol-class.ts'

/** Its classes hold the symbols that fit by any reading, and tell which fit in context. */
export interface TermView {
  name: ViewName
  /** The symbols that alone are an occurrence. */
  whole: SymbolClass
  /** The symbols that an occurrence can begin with. */
  first: SymbolClass
  /** The nodes that can be the first of an occurrence. */
  heads: readonly number[]
  /** Each is a set of nodes of which every occurrence over several characters passes at least one. */
  cuts: readonly (readonly number[])[]
  /** The symbols that can stand directly before, after a node. */
  before(node: number): SymbolClass
  after(node: number): SymbolClass
  /** Whether every place where these two stand around the node is an occurrence, of these two only. */
  isPair(first: number, second: number, node: number, reading: Reading): boolean
  /** First position of the longest occurrence that has `node` behind position `at`, where a symbol of `before(node)` stands; -1: none. */
  findStart(text: Uint16Array, at: number, node: number, reading: Reading): number
  /** Position behind the longest occurrence that has `node` before position `at`, where a symbol of `after(node)` stands; -1: none. */
  findEnd(text: Uint16Array, at: number, node: number, reading: Reading): number
}

/** The ways to find a term, best first; only words of letters are looked for in readings. */
export function viewTerm(term: string, alphabet: Alphabet): TermView[] {
  const units = Array.from({ length: term.length }, (_, i) => toClass(alphabet, alphabet.spelt(term.charCodeAt(i))))
  const views = [chain('text', units)]
  if (/^[a-z]+$/.test(term)) views.push(spellTerm(term, alphabet), chain('initials', listInitials(term, alphabet)))
  return views.filter((view) => view.whole.list.length > 0 || view.cuts.length > 0)
}

function listInitials(term: string, alphabet: Alphabet): SymbolClass[] {
  const toInitial = (letter: string) => {
    const syllables = alphabet.syllables.byPrefix.get(letter) ?? []
    const read = (any: boolean) => syllables.flatMap((syllable) => alphabet.read(syllable, any))
    return toClass(alphabet, read(false), read(true))
  }
  const classes = new Map([...new Set(term)].map((letter) => [letter, toInitial(letter)]))
  return [...term].map((letter) => classes.get(letter)!)
}

/** One class of symbols after the other. */
function chain(name: ViewName, classes: SymbolClass[]): TermView {
  const length = classes.length
  const isPossible = classes.every((one) => one.list.length > 0)
  return {
    name,
    whole: isPossible && length === 1 ? classes[0]! : { list: [], has: new Uint8Array(classes[0]!.has.length) },
    first: classes[0]!,
    heads: isPossible && length > 1 ? [1] : [],
    cuts: isPossible ? classes.slice(1).map((_, i) => [i + 1]) : [],
    before: (node) => classes[node - 1]!,
    after: (node) => classes[node]!,
    isPair: () => length === 2,
    findStart: (text, at, node, reading) => {
      for (let i = 1; i < node; i++) if (classes[node - 1 - i]!.has[text[at - i]!]! < reading) return -1
      return at - node + 1
    },
    findEnd: (text, at, node, reading) => {
      for (let i = 1; i < length - node; i++) if (classes[node + i]!.has[text[at + i]!]! < reading) return -1
      return at + length - node
    },
  }
}
