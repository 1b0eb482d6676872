import type { Care } from './open-care.ts'

/** Enters every statement of a driver's connection in the book. `rowsOf`: of the driver's answer. */
export function noteQueries<Client extends object>(
  client: Client,
  care: Care | undefined,
  rowsOf: (answer: never) => number | null,
): Client {
  if (!care) return client
  const target = client as { query: (...args: unknown[]) => Promise<unknown> }
  const query = target.query.bind(client)
  target.query = (statement, ...rest) => {
    const text =
      typeof statement === 'string'
        ? statement
        : ((statement as { text?: string; sql?: string }).text ?? (statement as { sql: string }).sql)
    return care.note(text, async () => {
      const result = await query(statement, ...rest)
      return { result, rows: rowsOf(result as never) }
    })
  }
  return client
}
