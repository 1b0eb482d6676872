import { AppError } from '../../kernel/errors.ts'
import type { Grant, GrantQuery, GrantRows, OriginRows, Origins } from '../../kernel/grant.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { type Ctx, type Lake, quoteIdentifier } from '../../store/index.ts'
import type { Sealer } from '../seal.ts'
import { type CompiledQuery, compileQuery } from './compile-query.ts'
import { isMinted } from './mint-grant.ts'

const MiB = 2 ** 20
/** Somebody waits for the rows; for a file he waits longer. */
const limits = {
  rows: { seconds: 10, memoryBytes: 256 * MiB },
  bytes: { seconds: 3600, memoryBytes: 1024 * MiB },
}
const rowNumber = quoteIdentifier(rowColumn)

/** No table stays at its source. */
const nowhere: Origins = {
  holds: () => false,
  answer: () => {
    throw new Error('unreachable: no table stays at its source')
  },
}

/** Opens the one door to content of the lake (architecture.md §2.3). app.ts hands it to every ctx. */
export function openLakeReader(lake: Lake, sealer: Sealer, origins: Origins = nowhere): Pick<Ctx, 'read' | 'readBytes'> {
  const compile = (grant: Grant, query: GrantQuery): CompiledQuery => {
    if (!isMinted(grant)) throw new Error('the lake is read by minted grants only')
    const compiled = compileQuery(grant, query)
    if (compiled.needsMaskKey) compiled.parameters.mask_key = sealer.derive('mask', grant.holderOrgId)
    return compiled
  }
  return {
    async read(grant, query): Promise<GrantRows> {
      const { rows, reach, shown, parameters, limit } = compile(grant, query)
      const run = async (from?: string, origin?: Omit<OriginRows, 'sql'>): Promise<GrantRows> => {
        // Two names that no item can have. An array, since an object would need the order and uniqueness of its keys.
        const found = await lake.rows<{ '#': string; '[]': (string | null)[] }>(
          `SELECT ${rowNumber} AS \`#\`, [${shown.map(({ sql }) => sql).join(', ')}] AS \`[]\` FROM (${rows(from)}) ORDER BY ${rowNumber}`,
          { ...origin?.parameters, ...parameters },
          { ...limits.rows, ...(origin && { settings: origin.settings, signal: origin.signal }) },
        )
        const last = found.at(-1)
        const isFull = origin ? Number(last?.['#']) === reach.after + limit : found.length === limit
        return {
          columns: shown.map(({ item }) => item),
          rows: found.map((row) => row['[]']),
          next: last && isFull ? Number(last['#']) : null,
        }
      }
      if (!origins.holds(grant.table)) return run()
      return origins.answer(grant, reach, ({ sql, ...origin }) => run(sql, origin))
    },
    async readBytes(grant, query, format) {
      // A source is asked for pages, not for everything at once.
      if (origins.holds(grant.table)) throw new AppError('conflict', 'security.stays_at_source')
      const { rows, shown, parameters } = compile(grant, query)
      const isSheet = /^(CSV|TSV|TabSeparated)/.test(format)
      const columns = shown.map(({ item, sql, isText }) => `${isSheet && isText ? formulaSafe(sql) : sql} AS ${quoteIdentifier(item)}`)
      return lake.bytes(`SELECT ${columns.join(', ')} FROM (${rows()}) ORDER BY ${rowNumber}`, parameters, format, limits.bytes)
    },
  }
}

// The same rule as store/spreadsheet has for text in JavaScript, whose \s knows more blanks than the engine's.
const blanks = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200b}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const formula = `^[${blanks}'"]*[=+\\-@\\x{ff1d}\\x{ff0b}\\x{ff0d}\\x{ff20}\\t\\r\\n\\x00]`
const literal = (pattern: string) => `'${pattern.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** A spreadsheet would run a text that starts like a formula: an apostrophe in front makes it text. Numbers stay numbers. */
const formulaSafe = (sql: string) =>
  `if(match(${sql}, ${literal(formula)}) AND NOT match(${sql}, '^-[0-9]+([.][0-9]+)?$'), concat('\\'', ${sql}), ${sql})`
