// A term as what to look for in text of symbols.
import { type Alphabet, type SymbolClass, toClass } from '../reading/alphabet.ts'
import { viewChain } from './chain-view.ts'
import type { Reading, ViewName } from '../document.ts'
import type { FieldSearch } from './finds.ts'
import { viewSpelling } from './spelled-view.ts'

export interface TermView {
  name: ViewName
  /** The symbols that an occurrence can begin with. */
  first: SymbolClass
  /** Position behind the longest occurrence that begins at position `at`; -1 when there is none. */
  findEnd(text: Uint16Array, at: number, reading: Reading): number
  /** Adds all occurrences in a field, by their best reading, to its finds. */
  match(search: FieldSearch): void
}

/** The ways to find a term, best first; only words of letters are looked for in readings. */
export function viewTerm(term: string, alphabet: Alphabet): TermView[] {
  const units = Array.from({ length: term.length }, (_, i) => toClass(alphabet, alphabet.spelt(term.charCodeAt(i))))
  const views = [viewChain('text', units)]
  if (/^[a-z]+$/.test(term)) views.push(viewSpelling(term, alphabet), viewChain('initials', listInitials(term, alphabet)))
  return views
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
