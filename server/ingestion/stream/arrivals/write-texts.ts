import { Readable } from 'node:stream'
import { type LakeEngine, quoteIdentifier } from '../../../store/index.ts'
import { longStatement } from '../../conversion/definitions.ts'
import type { Texts } from '../change-log.ts'
import type { Change } from '../collect-changes.ts'

const q = quoteIdentifier

/** Puts changes, and nothing else, into a stream's table of arrivals, each with the next row number. */
export type Arrive = (changes: readonly Change[]) => Promise<void>

/** One insert is one part, whatever its size: it is there whole, with its position, or not at all. */
export const oneBlock = {
  priority: 'interactive',
  threads: 1,
  seconds: 300,
  settings: {
    ...longStatement,
    max_insert_threads: 1,
    min_insert_block_size_rows: 10_000_000,
    min_insert_block_size_bytes: 0,
    short_circuit_function_evaluation: 'force_enable',
  },
} as const

/** The values that came with the log. `row`: the highest number so far; `width`: number of values. */
export function writeTexts(lake: LakeEngine, arrivals: string, row: number, width: number): Arrive {
  let next = row + 1
  return async (changes) => {
    await lake.define(`TRUNCATE TABLE lake.${q(arrivals)}`)
    const nothing = Array.from({ length: width }, () => null)
    const lines = changes.map(({ keys, values, version }) =>
      lineOf([String(next++), String(version), values ? '0' : '1'], [...keys, ...(values ?? nothing)]),
    )
    await insertLines(lake, arrivals, lines)
  }
}

export const insertLines = (lake: LakeEngine, table: string, lines: readonly string[]) =>
  lake.insertStream(`lake.${table}`, 'TabSeparated', Readable.from([Buffer.from(lines.join(''))]), oneBlock)

const special: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }
const anySpecial = /[\\\t\n\r\0]/g
const cell = (text: string | null) => (text === null ? '\\N' : text.replace(anySpecial, (found) => special[found]!))

/** A line of numbers and texts, as the engine reads it. */
export const lineOf = (head: readonly string[], texts: Texts): string => `${[...head, ...texts.map(cell)].join('\t')}\n`
