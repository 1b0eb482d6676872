/** Prints answers for people: a list as a table, an object as its fields. */

// A Chinese character takes two columns of a terminal.
const width = (text: string) =>
  [...text].reduce((sum, character) => sum + (/[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]|\p{Script=Han}/u.test(character) ? 2 : 1), 0)
const pad = (text: string, to: number) => text + ' '.repeat(Math.max(0, to - width(text)))

function toText(value: unknown): string {
  if (value === null || value === undefined) return '—'
  if (typeof value !== 'object') return String(value)
  const named = value as { name?: unknown; displayName?: unknown }
  return typeof named.name === 'string' ? named.name : typeof named.displayName === 'string' ? named.displayName : JSON.stringify(value)
}

const isPlain = (value: unknown) => value === null || typeof value !== 'object' || typeof (value as { name?: unknown }).name === 'string'

export function toTable(rows: Record<string, unknown>[]): string {
  const columns = Object.keys(rows[0] ?? {}).filter((column) =>
    rows.some((row) => isPlain(row[column]) && row[column] !== '' && row[column] !== null),
  )
  const cells = [columns, ...rows.map((row) => columns.map((column) => toText(row[column])))]
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => width(line[index]!))))
  return cells
    .map((line) =>
      line
        .map((cell, index) => pad(cell, widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function toFields(answer: Record<string, unknown>): string {
  const longest = Math.max(0, ...Object.keys(answer).map(width))
  return Object.entries(answer)
    .map(([name, value]) => `${pad(name, longest)}  ${toText(value)}`)
    .join('\n')
}

/** The answer of a route as text. */
export function printAnswer(answer: unknown): string {
  const list = (answer as { items?: unknown } | null)?.items
  if (Array.isArray(list)) {
    const next = (answer as { next?: string | null }).next
    if (list.length === 0) return '（没有记录）'
    return toTable(list as Record<string, unknown>[]) + (next ? `\n（还有更多：--cursor ${next}）` : '')
  }
  return typeof answer === 'object' && answer !== null ? toFields(answer as Record<string, unknown>) : String(answer)
}

/** One value of an answer by its path, for scripts: `items.0.id`. */
export function pick(answer: unknown, path: string): string {
  let value = answer
  for (const part of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[part]
  if (value === undefined) throw new Error(`回答里没有 ${path}`)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
