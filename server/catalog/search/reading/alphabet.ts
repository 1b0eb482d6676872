// The symbols that indexed text is made of. A symbol is a folded UTF-16 unit together with its reading in context, so that
// 行 of 银行 and 行 of 行政 are two symbols: one index then answers characters, pinyin and initials, as classes of symbols.
import { ANY_READING, IN_CONTEXT } from '../document.ts'
import { fold } from './fold.ts'
import { HAN_RUN, listReadings, readRun } from './han-readings.ts'

/** Stands between values; no class contains it, so no match crosses from one value into the next. */
export const SEPARATOR = 0

/** Grows only; shared by all segments of an index. */
export interface Alphabet {
  /** Number of symbols, the separator included. */
  size(): number
  /** Folds and reads a text and returns its symbols, one for one unit. */
  encode(text: string): Uint16Array
  /** The symbols of one folded unit. */
  spelt(unit: number): readonly number[]
  /** The symbols with this syllable as their reading in context, or as any of their readings. */
  read(syllable: number, any: boolean): readonly number[]
  /** Symbol → its syllable in context, or all its syllables. */
  readings(any: boolean): readonly (readonly number[])[]
  /** Known syllables by exact spelling, and by everything they begin with, end with and contain. */
  syllables: SyllableIndex
}

export interface SyllableIndex {
  names: string[]
  exact: Map<string, number>
  byPrefix: Map<string, number[]>
  bySuffix: Map<string, number[]>
  byPart: Map<string, number[]>
}

interface Tables {
  unitOf: number[]
  inContext: (readonly number[])[]
  inAny: (readonly number[])[]
  byUnit: Map<number, number[]>
  byContext: number[][]
  byAny: number[][]
  syllables: SyllableIndex
}

export function createAlphabet(): Alphabet {
  const none: readonly number[] = []
  const tables: Tables = {
    unitOf: [SEPARATOR],
    inContext: [none],
    inAny: [none],
    byUnit: new Map(),
    byContext: [],
    byAny: [],
    syllables: { names: [], exact: new Map(), byPrefix: new Map(), bySuffix: new Map(), byPart: new Map() },
  }
  return {
    size: () => tables.unitOf.length,
    encode: (text) => encode(tables, text),
    spelt: (unit) => tables.byUnit.get(unit) ?? none,
    read: (syllable, any) => (any ? tables.byAny : tables.byContext)[syllable] ?? none,
    readings: (any) => (any ? tables.inAny : tables.inContext),
    syllables: tables.syllables,
  }
}

function encode(tables: Tables, text: string): Uint16Array {
  const folded = fold(text)
  const symbols = new Uint16Array(folded.length)
  for (const match of folded.matchAll(HAN_RUN)) {
    let at = match.index
    const readings = readRun(match[0])
    let i = 0
    for (const character of match[0]) {
      const reading = readings[i++] ?? ''
      // A character beyond the basic plane is two units: neither is read.
      if (character.length === 1 && reading !== '') symbols[at] = findSymbol(tables, folded.charCodeAt(at), reading)
      at += character.length
    }
  }
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === SEPARATOR) symbols[i] = findSymbol(tables, folded.charCodeAt(i), '')
  }
  return symbols
}

function findSymbol(tables: Tables, unit: number, reading: string): number {
  const syllable = reading === '' ? -1 : findSyllable(tables, reading)
  const known = tables.byUnit.get(unit)
  const found = known?.find((symbol) => ((tables.inContext[symbol] as readonly number[])[0] ?? -1) === syllable)
  return found ?? addSymbol(tables, unit, syllable)
}

function addSymbol(tables: Tables, unit: number, syllable: number): number {
  const symbol = tables.unitOf.length
  const context = syllable < 0 ? [] : [syllable]
  const others = syllable < 0 ? [] : listReadings(String.fromCharCode(unit)).map((reading) => findSyllable(tables, reading))
  const any = [...new Set([...context, ...others])]
  tables.unitOf.push(unit)
  tables.inContext.push(context)
  tables.inAny.push(any)
  append(tables.byUnit, unit, symbol)
  for (const one of context) tables.byContext[one]?.push(symbol)
  for (const one of any) tables.byAny[one]?.push(symbol)
  return symbol
}

function findSyllable({ syllables, byContext, byAny }: Tables, name: string): number {
  const known = syllables.exact.get(name)
  if (known !== undefined) return known
  const syllable = syllables.names.push(name) - 1
  byContext.push([])
  byAny.push([])
  syllables.exact.set(name, syllable)
  const parts = new Set<string>()
  for (let i = 0; i < name.length; i++) {
    append(syllables.byPrefix, name.slice(0, i + 1), syllable)
    append(syllables.bySuffix, name.slice(i), syllable)
    for (let j = i + 1; j <= name.length; j++) parts.add(name.slice(i, j))
  }
  for (const part of parts) append(syllables.byPart, part, syllable)
  return syllable
}

function append<K>(lists: Map<K, number[]>, key: K, value: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

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
