import type { Alphabet } from './alphabet.ts'
import { ANY_READING, IN_CONTEXT } from './document.ts'

/** A set of symbols, to walk through and to ask. */
export interface SymbolClass {
  list: readonly number[]
  /** Symbol → 0 when it is not in the class, IN_CONTEXT when by its reading there, else ANY_READING. */
  has: Uint8Array
}

export function toClass(alphabet: Alphabet, inContext: readonly number[], byAnyReading: readonly number[] = []): SymbolClass {
  const has = new Uint8Array(alphabet.size())
  const list: number[] = []
  const add = (symbols: readonly number[], reading: number) => {
    for (const symbol of symbols) {
      if (has[symbol] !== 0) continue
      has[symbol] = reading
      list.push(symbol)
    }
  }
  add(inContext, IN_CONTEXT)
  add(byAnyReading, ANY_READING)
  return { list, has }
}
