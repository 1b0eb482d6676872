// A term as something to look for in text of symbols. Letters of the term are numbered; a node is the place between two of
// them (0 before the first). An occurrence over several characters passes some nodes, one between every two characters.
import type { Alphabet } from './alphabet.ts'
import type { ViewName } from './document.ts'
import { spellTerm } from './spell-term.ts'
import { type SymbolClass, toClass } from './symbol-class.ts'

export interface TermView {
  name: ViewName
  /** The symbols that alone are an occurrence; null when there is none. */
  whole: SymbolClass | null
  /** Symbol → 1 when an occurrence can begin with it. */
  first: Uint8Array
  /** The nodes that can be the first of an occurrence. */
  heads: readonly number[]
  /** Each is a set of nodes of which every other occurrence passes at least one. */
  cuts: readonly (readonly number[])[]
  /** The symbols that can stand directly before, after a node. */
  before(node: number): SymbolClass
  after(node: number): SymbolClass
  /** Whether every place where these two stand around the node is an occurrence, of these two only. */
  isPair(first: number, second: number, node: number): boolean
  /** First position of the longest occurrence that has `node` behind position `at`, where a symbol of `before(node)` stands; -1: none. */
  findStart(text: Uint16Array, at: number, node: number): number
  /** Position behind the longest occurrence that has `node` before position `at`, where a symbol of `after(node)` stands; -1: none. */
  findEnd(text: Uint16Array, at: number, node: number): number
}

/** The ways to find a term, best first; only words of letters are looked for in readings. */
export function viewTerm(term: string, alphabet: Alphabet): TermView[] {
  const units = Array.from({ length: term.length }, (_, i) => term.charCodeAt(i))
  const views = [
    chain(
      'text',
      units.map((unit) => toClass(alphabet, alphabet.spelt(unit))),
    ),
  ]
  if (/^[a-z]+$/.test(term)) {
    const initials = (any: boolean) => {
      const classes = new Map([...new Set(term)].map((letter) => [letter, toClass(alphabet, listInitials(alphabet, letter, any))]))
      return [...term].map((letter) => classes.get(letter)!)
    }
    views.push(...spellTerm(term, alphabet), chain('initials', initials(false)), chain('anyInitials', initials(true)))
  }
  return views.filter((view) => view.whole !== null || view.cuts.length > 0)
}

function listInitials(alphabet: Alphabet, letter: string, any: boolean): number[] {
  return (alphabet.syllables.byPrefix.get(letter) ?? []).flatMap((syllable) => alphabet.read(syllable, any))
}

/** One class of symbols after the other. */
function chain(name: ViewName, classes: SymbolClass[]): TermView {
  const length = classes.length
  const possible = classes.every((one) => one.list.length > 0)
  return {
    name,
    whole: possible && length === 1 ? classes[0]! : null,
    first: classes[0]!.has,
    heads: possible && length > 1 ? [1] : [],
    cuts: possible ? classes.slice(1).map((_, i) => [i + 1]) : [],
    before: (node) => classes[node - 1]!,
    after: (node) => classes[node]!,
    isPair: () => length === 2,
    findStart: (text, at, node) => {
      for (let i = 1; i < node; i++) if (classes[node - 1 - i]!.has[text[at - i]!] !== 1) return -1
      return at - node + 1
    },
    findEnd: (text, at, node) => {
      for (let i = 1; i < length - node; i++) if (classes[node + i]!.has[text[at + i]!] !== 1) return -1
      return at + length - node
    },
  }
}
