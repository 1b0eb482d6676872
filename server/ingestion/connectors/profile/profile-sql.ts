import type { SqlDialect } from '../../digest/source-digest.ts'

/** What one table's sample told: numbers by column in the order that was asked for, and some of its rows as texts. */
export interface RawProfile {
  sampled: number
  columns: {
    values: number
    distinct: number
    min: string | null
    max: string | null
    shortest: number | null
    longest: number | null
    digits: number
    wide: number
  }[]
  rows: (string | null)[][]
}

export interface ProfiledColumn {
  name: string
  /** Compared as it is; of all others only their texts can be. */
  isOrdered: boolean
}

interface Words extends SqlDialect {
  asText: (column: string) => string
  matches: (text: string, pattern: string) => string
  bytes: (text: string) => string
}

/** Never more is read of a table, whatever its size. */
export const sampleLimit = 20_000
const rowLimit = 500
/** Measures a column takes; a statement has at most so many columns that every server takes its list. */
const columnsAtOnce = 100

/** Measures each column over a bounded sample by SQL that PostgreSQL and MySQL both run; one statement at a time. */
export async function profileBySql(
  select: (sql: string) => Promise<(string | null)[][]>,
  words: Words,
  from: string,
  columns: readonly ProfiledColumn[],
): Promise<RawProfile> {
  const found: RawProfile['columns'] = []
  let sampled = 0
  for (let start = 0; start < columns.length; start += columnsAtOnce) {
    const part = columns.slice(start, start + columnsAtOnce)
    const names = part.map(({ name }) => words.name(name))
    const [row] = await select(
      `SELECT count(*), ${part.map((column, i) => measures(words, names[i]!, column)).join(', ')}
       FROM (SELECT ${names.join(', ')} FROM ${from} LIMIT ${sampleLimit}) AS sample`,
    )
    sampled = Number(row![0])
    part.forEach((_, i) => {
      const [values, distinct, min, max, shortest, longest, digits, wide] = row!.slice(1 + 8 * i, 9 + 8 * i)
      const number = (text: string | null | undefined) => (text == null ? null : Number(text))
      found.push({
        values: Number(values),
        distinct: Number(distinct),
        min: min?.slice(0, 100) ?? null,
        max: max?.slice(0, 100) ?? null,
        shortest: number(shortest),
        longest: number(longest),
        digits: Number(digits ?? 0),
        wide: Number(wide ?? 0),
      })
    })
  }
  const texts = columns.map(({ name }) => `substring(${words.asText(words.name(name))}, 1, 100)`)
  return { sampled, columns: found, rows: await select(`SELECT ${texts.join(', ')} FROM ${from} LIMIT ${rowLimit}`) }
}

function measures({ asText, matches, bytes }: Words, name: string, { isOrdered }: ProfiledColumn): string {
  const text = asText(name)
  const bound = (which: string) => (isOrdered ? asText(`${which}(${name})`) : `${which}(${text})`)
  const countIf = (condition: string) => `sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`
  return [
    `count(${name})`,
    `count(DISTINCT ${text})`,
    bound('min'),
    bound('max'),
    `min(char_length(${text}))`,
    `max(char_length(${text}))`,
    countIf(matches(text, '^[0-9]+$')),
    countIf(`${bytes(text)} <> char_length(${text})`),
  ].join(', ')
}
