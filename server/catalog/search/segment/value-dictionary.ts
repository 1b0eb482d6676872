// The distinct values of one field, as one run of symbols: SEPARATOR value SEPARATOR value … SEPARATOR.
// Departments repeat each other's item names thousands of times; text and postings are kept once per distinct value.
import { SEPARATOR } from '../reading/alphabet.ts'

export interface ValueDictionary {
  /** Number of the value, new or known. */
  add(symbols: Uint16Array): number
  /** The run of all values, and where each begins (one more entry: where the next would begin). */
  finish(): { text: Uint16Array; starts: Uint32Array }
}

interface State {
  text: Uint16Array
  length: number
  starts: number[]
  slots: Int32Array
}

export function createValueDictionary(): ValueDictionary {
  const state: State = { text: new Uint16Array(256), length: 1, starts: [1], slots: new Int32Array(64).fill(-1) }
  return {
    add: (symbols) => addValue(state, symbols),
    finish: () => ({ text: state.text.slice(0, state.length), starts: Uint32Array.from(state.starts) }),
  }
}

function addValue(state: State, symbols: Uint16Array): number {
  const slot = findSlot(state, symbols)
  const known = state.slots[slot]!
  if (known >= 0) return known
  const value = state.starts.length - 1
  const end = state.length + symbols.length
  if (end + 1 > state.text.length) state.text = grow(state.text, end + 1)
  state.text.set(symbols, state.length)
  state.text[end] = SEPARATOR
  state.length = end + 1
  state.starts.push(end + 1)
  state.slots[slot] = value
  if (value * 2 > state.slots.length) rehash(state)
  return value
}

/** The slot that holds this value, or the empty one where it belongs. */
function findSlot(state: State, symbols: Uint16Array): number {
  const mask = state.slots.length - 1
  for (let slot = hash(symbols) & mask; ; slot = (slot + 1) & mask) {
    const value = state.slots[slot]!
    if (value < 0 || equals(state, value, symbols)) return slot
  }
}

function equals({ text, starts }: State, value: number, symbols: Uint16Array): boolean {
  const start = starts[value]!
  if (starts[value + 1]! - 1 - start !== symbols.length) return false
  for (let i = 0; i < symbols.length; i++) if (text[start + i] !== symbols[i]) return false
  return true
}

function rehash(state: State): void {
  state.slots = new Int32Array(state.slots.length * 2).fill(-1)
  for (let value = 0; value + 1 < state.starts.length; value++) {
    const symbols = state.text.subarray(state.starts[value], state.starts[value + 1]! - 1)
    state.slots[findSlot(state, symbols)] = value
  }
}

// FNV-1a over symbols.
function hash(symbols: Uint16Array): number {
  let h = 0x811c9dc5
  for (let i = 0; i < symbols.length; i++) h = Math.imul(h ^ symbols[i]!, 0x01000193)
  return h ^ (h >>> 15)
}

function grow(text: Uint16Array, needed: number): Uint16Array {
  const larger = new Uint16Array(Math.max(needed, text.length * 2))
  larger.set(text)
  return larger
}
