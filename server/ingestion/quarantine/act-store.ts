import { type Db, sql, type Tx } from '../../store/index.ts'

export type ActState = 'open' | 'corrected' | 'replayed' | 'discarded'

export interface ActRow {
  load_id: string
  row_number: number
  state: ActState
  corrected: Record<string, string | null> | null
  reason: string | null
  acted_by: string
  acted_at: Date
}

/** What people did about the rows of one quarantine, by row number after `after`. */
export function selectActs(
  db: Db | Tx,
  loadId: string,
  filter: { states?: readonly ActState[]; rows?: readonly number[]; after?: number; limit?: number } = {},
) {
  let query = db.selectFrom('ingestion.quarantine_act').selectAll().where('load_id', '=', loadId).orderBy('row_number')
  if (filter.states) query = query.where('state', 'in', filter.states)
  if (filter.rows) query = query.where('row_number', 'in', filter.rows.length > 0 ? filter.rows : [-1])
  if (filter.after !== undefined) query = query.where('row_number', '>', filter.after)
  if (filter.limit !== undefined) query = query.limit(filter.limit)
  return query.execute() as unknown as Promise<ActRow[]>
}

/** Writes what was done about rows; what was done before gives way, but never to rows that are through. */
export async function upsertActs(tx: Tx, rows: readonly ActRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const values = rows.map((row) => ({ ...row, corrected: row.corrected && (JSON.stringify(row.corrected) as never) }))
  const written = await tx
    .insertInto('ingestion.quarantine_act')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .columns(['load_id', 'row_number'])
        .doUpdateSet((eb) => ({
          state: eb.ref('excluded.state'),
          corrected: eb.fn.coalesce('excluded.corrected', 'ingestion.quarantine_act.corrected'),
          reason: eb.ref('excluded.reason'),
          acted_by: eb.ref('excluded.acted_by'),
          acted_at: eb.ref('excluded.acted_at'),
        }))
        .where('ingestion.quarantine_act.state', 'in', ['open', 'corrected']),
    )
    .executeTakeFirst()
  return Number(written.numInsertedOrUpdatedRows ?? 0n)
}

/** What was done about rows that another load's quarantine holds now: all but `left`. @returns how many of them are dealt with */
export async function moveActs(tx: Tx, from: string, to: string, left: readonly number[]): Promise<number> {
  await tx
    .updateTable('ingestion.quarantine_act')
    .set({ load_id: to })
    .where('load_id', '=', from)
    .where(sql<boolean>`row_number <> all(${left}::bigint[])`)
    .execute()
  const { n } = await tx
    .selectFrom('ingestion.quarantine_act')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('load_id', '=', to)
    .where('state', 'in', ['replayed', 'discarded'])
    .executeTakeFirstOrThrow()
  return Number(n)
}
