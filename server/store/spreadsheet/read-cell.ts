// One <c> element → a cell with its exact text, its type, and what is wrong with it.
import type { TextPool } from './text-pool.ts'
import { toDateText } from './xlsx-date.ts'
import { toNumberText } from './xlsx-number.ts'
import { type CellStyle, unescapeText } from './xlsx-workbook.ts'

/** Why a cell's text cannot be trusted. The row goes to quarantine with this word as its reason. */
type CellProblem =
  | 'precision_lost' // a number of more than 15 digits: Excel has rounded it
  | 'invalid_date' // 1900-02-29, negative, past 9999
  | 'error_value' // #N/A, #REF! …
  | 'formula_without_value' // saved by a program that does not calculate
  | 'unreadable' // a shared string that is not there, a number that is none

export interface Cell {
  /** `B12` */
  ref: string
  /** 0-based. */
  column: number
  type: 'text' | 'number' | 'date' | 'boolean' | 'error' | 'formula'
  /** The value as the XML has it; a shared string resolved. */
  raw: string
  /** What the reader of the sheet means: numbers without exponent, dates as `2016-03-10 08:30:00`, booleans `true`/`false`. */
  text: string
  problem?: CellProblem
}

export interface RawCell {
  ref: string
  column: number
  /** Attribute `t`; `n` when absent. */
  valueType: string
  style: number
  value: string
  hasValue: boolean
  hasFormula: boolean
}

export interface CellContext {
  strings: TextPool
  styles: CellStyle[]
  date1904: boolean
}

type Typed = Pick<Cell, 'type' | 'raw' | 'text' | 'problem'>

/** Undefined for a cell that has neither value nor formula (a formatted blank). */
export function readCell(raw: RawCell, context: CellContext): Cell | undefined {
  if (!raw.hasValue && !raw.hasFormula) return undefined
  const { ref, column } = raw
  if (!raw.hasValue) return { ref, column, type: 'formula', raw: '', text: '', problem: 'formula_without_value' }
  const typed = readValue(raw, context)
  if (typed.type === 'text' && typed.text === '' && !raw.hasFormula) return undefined
  return { ref, column, ...typed, ...(raw.hasFormula && { type: 'formula' }) }
}

function readValue(raw: RawCell, context: CellContext): Typed {
  switch (raw.valueType) {
    case 's': {
      const text = context.strings.get(Number(raw.value))
      return text === undefined ? unreadable('text', raw.value) : { type: 'text', raw: text, text }
    }
    case 'str':
    case 'inlineStr': {
      const text = unescapeText(raw.value)
      return { type: 'text', raw: text, text }
    }
    case 'b':
      return { type: 'boolean', raw: raw.value, text: raw.value === '1' || raw.value === 'true' ? 'true' : 'false' }
    case 'e':
      return { type: 'error', raw: raw.value, text: raw.value, problem: 'error_value' }
    case 'd':
      return { type: 'date', raw: raw.value, text: raw.value.replace('T', ' ').replace(/Z$/, '') }
    default:
      return readNumber(raw, context)
  }
}

function readNumber(raw: RawCell, context: CellContext): Typed {
  const value = raw.value.trim()
  const style = context.styles[raw.style]
  if (style?.date) {
    const text = toDateText(value, style.date, context.date1904)
    return text === undefined ? { type: 'date', raw: value, text: value, problem: 'invalid_date' } : { type: 'date', raw: value, text }
  }
  const number = toNumberText(value)
  if (!number) return unreadable('number', value)
  const text = style?.zeros && /^\d+$/.test(number.text) ? number.text.padStart(style.zeros, '0') : number.text
  return { type: 'number', raw: value, text, ...(number.precisionLost && { problem: 'precision_lost' }) }
}

const unreadable = (type: Cell['type'], raw: string): Typed => ({ type, raw, text: raw, problem: 'unreadable' })
