import { type Db, sql } from '../../store/index.ts'

export interface LoadsOfDay {
  /** Local date on which they ended. */
  date: string
  succeeded: number
  failed: number
  /** Rows that arrived by loads that succeeded. */
  rows: number
}

const dayMs = 86_400_000
/** Ids are ordered by time (RFC 9562): the smallest one of a millisecond. */
const firstId = (ms: number) =>
  ms
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})(.{4})$/, '$1-$2-0000-0000-000000000000')

/** Loads that ended since `from`, by day, of all organisations or of one. Reads the newest part of the index of ids only. */
export async function countLoads(db: Db, from: Date, orgId?: string): Promise<LoadsOfDay[]> {
  const day = sql<string>`(finished_at at time zone 'Asia/Shanghai')::date`
  const rows = await db
    .selectFrom('ingestion.load')
    // A load waits and runs for a day at most before it ends.
    .where('id', '>=', firstId(from.getTime() - dayMs))
    .where('finished_at', '>=', from)
    .$if(orgId !== undefined, (query) => query.where('org_id', '=', orgId!))
    .groupBy(day)
    .orderBy(day)
    .select((eb) => [
      day.as('date'),
      eb.fn.countAll<number>().filterWhere('state', '=', 'succeeded').as('succeeded'),
      eb.fn.countAll<number>().filterWhere('state', '=', 'failed').as('failed'),
      sql<number>`coalesce(sum(written_rows) filter (where state = 'succeeded'), 0)::bigint`.as('rows'),
    ])
    .execute()
  return rows.map((row) => ({ date: row.date, succeeded: Number(row.succeeded), failed: Number(row.failed), rows: Number(row.rows) }))
}
