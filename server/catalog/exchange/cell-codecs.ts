import type { CellValue } from '../../store/index.ts'

/** How one field of an entry stands in a cell: written so that a person can read it, read so that nothing is lost. Pure. */
export interface CellCodec<T> {
  type: 'text' | 'number'
  choices?: readonly string[]
  /** What a person may enter, for the sheet of instructions. */
  hint: string
  write(value: T): CellValue
  /** Reads a text that is not empty. */
  read(text: string): { value: T } | { code: string; params?: Record<string, string | number> }
}

/** Widths, spaces and case make no difference when a word of a list is read: 批量交换(库表) is 批量交换（库表）. */
const fold = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

export const textCell = (hint = ''): CellCodec<string> => ({
  type: 'text',
  hint,
  write: (value) => value,
  read: (text) => ({ value: text }),
})

/** A word of a list: its Chinese name is written; its name or its key is read. */
export function choiceCell<K extends string | number>(table: Readonly<Record<K, string>>): CellCodec<`${K}`> {
  const entries = Object.entries(table) as [`${K}`, string][]
  const words = new Map(entries.flatMap(([key, name]) => [[fold(key), key] as const, [fold(name), key] as const]))
  const choices = entries.map(([, name]) => name)
  return {
    type: 'text',
    choices,
    hint: `从列表中选择：${choices.join('、')}`,
    write: (value) => table[value as K],
    read: (text) => {
      const value = words.get(fold(text))
      return value === undefined ? { code: 'value.choice', params: { choices: choices.join('、') } } : { value }
    },
  }
}

const yes = new Set(['是', 'y', 'yes', 'true', '1', '√', '✓'])
const no = new Set(['否', 'n', 'no', 'false', '0', '×'])
export const yesNoCell: CellCodec<boolean> = {
  type: 'text',
  choices: ['是', '否'],
  hint: '填“是”或“否”，空白为“否”',
  write: (value) => (value ? '是' : '否'),
  read: (text) => {
    const word = fold(text)
    if (yes.has(word)) return { value: true }
    return no.has(word) ? { value: false } : { code: 'value.choice', params: { choices: '是、否' } }
  },
}

export const countCell = (hint: string): CellCodec<number | null> => ({
  type: 'number',
  hint,
  write: (value) => value,
  read: (text) => (/^\d{1,9}(\.0+)?$/.test(text.trim()) ? { value: Number(text) } : { code: 'catalog.import_whole_number' }),
})

/** A code of digits of fixed length: Excel turns 01 into 1 where a cell is no text. */
export const digitsCell = (length: number, hint: string): CellCodec<string> => ({
  type: 'text',
  hint,
  write: (value) => value,
  read: (text) => ({ value: /^\d+$/.test(text.trim()) ? text.trim().padStart(length, '0') : text }),
})

export const listCell = (hint: string): CellCodec<string[]> => ({
  type: 'text',
  hint,
  write: (values) => values.join('；'),
  read: (text) => ({ value: text.split(/[\s;；,，、]+/).filter((part) => part !== '') }),
})
