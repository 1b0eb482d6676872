import type { MappingColumn } from '#contract/ingestion.ts'

/** One item of the entry as the mapping table holds it: `column` is empty where nothing fills it, `missing` is as typed. */
export interface Line {
  item: string
  column: string
  conversion: MappingColumn['conversion']
  format: string
  missing: string
  trim: boolean
}

/** Formats that the server's conversion knows (server/ingestion/conversion/convert-date.ts); a time may follow each. */
export const dayFormats = ['yyyy-MM-dd', 'yyyyMMdd', 'yyyy/M/d', 'yyyy.M.d', 'yyyy年M月d日']

/** One line for each item, filled where the mapping names it. */
export function toLines(items: readonly { code: string }[], mapping: readonly MappingColumn[]): Line[] {
  return items.map(({ code }) => {
    const found = mapping.find((line) => line.item === code)
    return found
      ? { ...found, missing: found.missing.join(' ') }
      : { item: code, column: '', conversion: 'auto', format: '', missing: '', trim: true }
  })
}

/** What is sent: only lines with a column. Words for "no value" are separated by blanks. */
export function toMapping(lines: readonly Line[]): MappingColumn[] {
  return lines
    .filter(({ column }) => column !== '')
    .map((line) => ({ ...line, missing: [...new Set(line.missing.split(/\s+/).filter(Boolean))] }))
}
