import { dataTypes, type Item, levels, sensitiveKinds } from '#contract/catalog.ts'
import { itemFields } from '#contract/catalog-fields.ts'
import { catalogWords } from '../words.ts'

export type ItemField = keyof Item
type Kind = 'text' | 'count' | 'flag' | 'choice'

/** The columns of the item editor, in their order; also the order in which a pasted table without column names is read. */
export const itemColumns: readonly { field: ItemField; kind: Kind; width: number }[] = [
  { field: 'name', kind: 'text', width: 150 },
  { field: 'code', kind: 'text', width: 140 },
  { field: 'dataType', kind: 'choice', width: 104 },
  { field: 'length', kind: 'count', width: 72 },
  { field: 'scale', kind: 'count', width: 60 },
  { field: 'isKey', kind: 'flag', width: 52 },
  { field: 'isRequired', kind: 'flag', width: 52 },
  { field: 'level', kind: 'choice', width: 116 },
  { field: 'sensitiveKind', kind: 'choice', width: 130 },
  { field: 'dictionary', kind: 'text', width: 110 },
  { field: 'unit', kind: 'text', width: 70 },
  { field: 'description', kind: 'text', width: 180 },
]

/** What may stand between related codes that are pasted together. */
export const codeSeparators = [',', ';', ' ', '，', '；', '、']

export const newItem = (): Item => ({
  code: '',
  name: '',
  dataType: 'C',
  length: null,
  scale: null,
  isKey: false,
  isRequired: false,
  level: 'L1',
  sensitiveKind: 'none',
  dictionary: '',
  unit: '',
  description: '',
})

const choiceTables = { dataType: dataTypes, level: levels, sensitiveKind: sensitiveKinds } as const
const yes = /^(是|y|yes|true|1|√|✓|pk|主键|必填)$/i
const no = /^(否|n|no|false|0|×|)$/i

/** The value of a field from a cell's text: codes and official words alike. Undefined: not understood. */
export function parseCell(field: ItemField, text: string): Item[ItemField] | undefined {
  const kind = itemColumns.find((column) => column.field === field)?.kind
  const value = text.trim()
  if (kind === 'flag') return yes.test(value) ? true : no.test(value) ? false : undefined
  if (kind === 'count') return value === '' ? null : /^\d{1,7}$/.test(value) ? Number(value) : undefined
  if (kind !== 'choice') return value
  const table = choiceTables[field as keyof typeof choiceTables]
  const english: Record<string, string> = catalogWords.en[field as keyof typeof choiceTables]
  const found = Object.entries(table).find(([code, word]) =>
    [code, word, english[code]].some((known) => known?.toLowerCase() === value.toLowerCase()),
  )
  return found?.[0] as Item[ItemField] | undefined
}

/** The field that a column name means, in either language or as the contract calls it. */
export function fieldOfTitle(title: string): ItemField | undefined {
  const wanted = title.trim().replace(/[*＊]/g, '').toLowerCase()
  return itemColumns.find(({ field }) =>
    [field, itemFields[field].zh, itemFields[field].en].some((known) => known.toLowerCase() === wanted),
  )?.field
}
