import { conflict } from '../../../kernel/errors.ts'
import type { LakeType } from '../../../kernel/lake-types.ts'
import type { SqlDialect } from '../../digest/source-digest.ts'
import type { DriverColumn, DriverSession, DriverSince, DriverStatements } from './driver-database.ts'

/** A column of a database that speaks SQL, and how its value becomes a text. */
export interface SqlColumn extends DriverColumn {
  /** SQL of a value of the column as text; digits of a second that a time of the lake cannot hold are cut where a time is wanted. */
  text: (wanted: LakeType['kind'], value?: string) => string
  /** SQL of a quoted literal as a value of the column; absent where the column gives no order in time. */
  literal?: (quoted: string) => string
}

/** What one SQL says differently from the next. */
interface SqlWords {
  dialect: SqlDialect
  /** Quoted, with its schema. */
  table(object: string): string
  firstRows(list: readonly string[], from: string, limit: number): string
  /** SQL of the MD5, in hex, over a row's texts; null where the server has no way to it. */
  digest(session: DriverSession, texts: readonly string[]): Promise<string | null>
}

export function sqlStatements({ dialect, table, firstRows, digest }: SqlWords): DriverStatements<SqlColumn, string> {
  /** @throws conflict `ingestion.watermark_type` */
  const literal = ({ name, literal }: SqlColumn, value: string) => {
    if (!literal) throw conflict('ingestion.watermark_type', { column: name })
    return literal(dialect.text(value))
  }
  // Rows without a value have no place in time: they come with every load.
  const where = ({ column, from }: DriverSince<SqlColumn>) => {
    const name = dialect.name(column.name)
    return ` WHERE (${name} >= ${literal(column, from)} OR ${name} IS NULL)`
  }
  return {
    written: (statement) => statement,
    firstRows: (object, columns, limit) =>
      firstRows(
        columns.map(({ text }) => text('text')),
        table(object),
        limit,
      ),
    count: (object, since) => `SELECT COUNT(*) FROM ${table(object)}${since ? where(since) : ''}`,
    async rows(session, object, { columns, kinds, since, withDigest }) {
      const texts = columns.map(({ text }, i) => text(kinds[i]!))
      const made = withDigest ? await digest(session, texts) : null
      const list = [...texts, ...(made ? [made] : [])].join(', ')
      return { statement: `SELECT ${list} FROM ${table(object)}${since ? where(since) : ''}`, hasDigest: made !== null }
    },
    newest(object, column, value) {
      const newest = `MAX(${dialect.name(column.name)})`
      const isThere = `CASE WHEN ${newest} >= ${literal(column, value)} THEN 1 ELSE 0 END`
      return `SELECT COUNT(*), ${isThere}, ${column.text('text', newest)} FROM ${table(object)}`
    },
  }
}
