// Folding: what counts as "the same character" for a searcher. It maps one UTF-16 code unit to one code unit, so an
// offset in folded text is the same offset in the original, and highlights need no translation.
import { Converter } from 'opencc-js/t2cn'

const UNITS = 0x10000
const folds = buildFolds()

/** Full width → half width, upper → lower case, traditional → simplified, compatibility forms → plain ones. */
export function fold(text: string): string {
  const units = new Uint16Array(text.length)
  let isFolded = true
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    units[i] = folds[unit]!
    if (units[i] !== unit) isFolded = false
  }
  return isFolded ? text : decodeUnits(units)
}

/** The distinct terms of a query: folded, split by white space, in order of appearance. */
export function toTerms(query: string): string[] {
  return [...new Set(fold(query).split(/\s+/u))].filter((term) => term !== '')
}

function decodeUnits(units: Uint16Array): string {
  const CHUNK = 8192 // an argument list has a limit
  let text = ''
  for (let i = 0; i < units.length; i += CHUNK) text += String.fromCharCode(...units.subarray(i, i + CHUNK))
  return text
}

function buildFolds(): Uint16Array {
  const toSimplified = Converter({ from: 't', to: 'cn' })
  const steps: ((text: string) => string)[] = [
    (text) => text.normalize('NFKC'),
    (text) => text.toLowerCase(),
    // Character by character: a phrase table could change the length, and would fold a word differently by its neighbours.
    (text) => (text >= '\u2e80' ? toSimplified(text) : text),
  ]
  const table = new Uint16Array(UNITS)
  for (let unit = 0; unit < UNITS; unit++) {
    let text = String.fromCharCode(unit)
    for (const step of steps) {
      const next = step(text)
      if (next.length === 1) text = next
    }
    table[unit] = text.charCodeAt(0)
  }
  return table
}
