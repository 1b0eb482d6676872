/** Formats of tables that lie as files in a folder, and that the engine reads. */
export type TableFormat = 'iceberg' | 'delta'

/** A folder of files that are one table: `name` ends in a slash, which no file's name does; `./` is the source's own folder. */
export interface FoundTable {
  name: string
  format: TableFormat
  /** The file that a newer version would have come after. */
  newest: string
}

/** `v3.metadata.json`, `00003-<uuid>.metadata.json`, either with `.gz` before the ending (Iceberg's specification, File System Tables). */
export const icebergVersion = /^metadata\/v?(\d+)[^/]*\.metadata\.json$/
/** A commit or a checkpoint (Delta's protocol, Delta Log Entries). */
export const deltaVersion = /^_delta_log\/(\d{20})\.(?:json$|checkpoint\.)/

const folders: Record<TableFormat, RegExp> = {
  iceberg: /^(.*\/)?(metadata\/[^/]+)$/,
  delta: /^(.*\/)?(_delta_log\/[^/]+)$/,
}
const versions: Record<TableFormat, RegExp> = { iceberg: icebergVersion, delta: deltaVersion }

/** Files that hold no rows, and say which rows of others are deleted. */
export const isTablePart = (name: string): boolean => /\.(?:puffin|bin)$/.test(name)

/** What stands before the names of a table's files, among those of its source. */
export const prefixOf = (table: string): string => (table === './' ? '' : table)

/**
 * Tells tables by the files that say what they are. Their own files are no objects: whoever loaded one of them would get back rows that
 * were deleted from the table.
 */
export function recogniseTables(names: readonly string[]): { tables: FoundTable[]; others: string[] } {
  const found = new Map<string, FoundTable & { version: number }>()
  // Where a table is kept in both formats, Delta's is the one that is written, Iceberg's the copy that follows.
  for (const format of ['delta', 'iceberg'] as const) {
    for (const name of names) {
      const [, folder = '', file = ''] = folders[format].exec(name) ?? []
      const version = Number(versions[format].exec(file)?.[1] ?? -1)
      const before = found.get(folder)
      if (version < 0 || (before && (before.format !== format || before.version >= version))) continue
      found.set(folder, { name: folder === '' ? './' : folder, format, newest: name, version })
    }
  }
  const isWithin = (name: string) => ancestors(name).some((folder) => found.has(folder))
  const tables = [...found.values()].filter(({ name }) => name === './' || !isWithin(name.slice(0, -1)))
  return { tables: tables.map(({ name, format, newest }) => ({ name, format, newest })), others: names.filter((name) => !isWithin(name)) }
}

/** `''`, `a/`, `a/b/` of `a/b/c`. */
function ancestors(name: string): string[] {
  const parts = name.split('/')
  return parts.map((_, i) =>
    parts
      .slice(0, i)
      .map((part) => `${part}/`)
      .join(''),
  )
}
