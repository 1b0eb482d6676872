import type { Alphabet } from './alphabet.ts'

/** A set of symbols, to walk through and to ask. */
export interface SymbolClass {
  list: readonly number[]
  /** Symbol → 1 when it is in the class. */
  has: Uint8Array
}

export function toClass(alphabet: Alphabet, symbols: readonly number[]): SymbolClass {
  const has = new Uint8Array(alphabet.size())
  const list: number[] = []
  for (const symbol of symbols) {
    if (has[symbol] === 1) continue
    has[symbol] = 1
    list.push(symbol)
  }
  return { list, has }
}
