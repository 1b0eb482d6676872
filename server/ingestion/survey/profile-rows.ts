import type { RawProfile } from '../connectors/profile/profile-sql.ts'

/** The same measures of a few rows that are already here: for files, which have no SQL of their own. */
export function profileRows({ columns, rows }: { columns: readonly string[]; rows: readonly (string | null)[][] }): RawProfile {
  return {
    sampled: rows.length,
    rows: [...rows],
    columns: columns.map((_, i) => {
      const values = rows.map((row) => row[i] ?? null).filter((value): value is string => value !== null && value !== '')
      const sorted = values.toSorted()
      const lengths = values.map((value) => [...value].length)
      return {
        values: values.length,
        distinct: new Set(values).size,
        min: sorted[0]?.slice(0, 100) ?? null,
        max: sorted.at(-1)?.slice(0, 100) ?? null,
        shortest: lengths.length > 0 ? Math.min(...lengths) : null,
        longest: lengths.length > 0 ? Math.max(...lengths) : null,
        digits: values.filter((value) => /^\d+$/.test(value)).length,
        wide: values.filter((value) => Buffer.byteLength(value) !== [...value].length).length,
      }
    }),
  }
}
