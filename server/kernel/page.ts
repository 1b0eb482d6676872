import { Id } from '#contract/values.ts'
import { invalid } from './errors.ts'

/** A page of `limit` items out of `limit + 1` rows that were read: the extra one only says that there is more. */
export const cutPage = <Row, Item>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string, present: (row: Row) => Item) => ({
  items: rows.slice(0, limit).map(present),
  next: rows.length > limit ? cursorOf(rows[limit - 1]!) : null,
})

/** A cursor that is an id. @throws value.cursor when the client made it up */
export function idCursor(cursor: string | undefined): string | undefined {
  if (cursor !== undefined && !Id.safeParse(cursor).success) throw invalid('value.cursor')
  return cursor
}
