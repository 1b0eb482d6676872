import type { Logical } from '#contract/ingestion/logical.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import { findPublishedEntries } from '../../catalog/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Grant, GrantRows, OriginQuery, OriginRows, Origins } from '../../kernel/grant.ts'
import { LakeError, type Ctx } from '../../store/index.ts'
import type { Failure } from '../load/explain-failure.ts'
import type { Access } from '../load/load-full.ts'
import { selectSource } from '../source/source-store.ts'
import { isLogicalTable, type LogicalRow, selectLogicalByTable } from './logical-store.ts'
import { readOrigin } from './read-origin.ts'

/** What became of the last reading of each table on this node. */
export interface LogicalStates {
  of(table: string, language: Language): Logical['state']
}

const limits = { seconds: 10, answers: 2000, awayHours: 24 }

/** Reads entries at their sources, under limits, and keeps the answers as long as their entries allow. `system`: a ctx of the program. */
export function openOrigins(system: () => Ctx, access: Pick<Access, 'sealer' | 'reach'>): Origins & LogicalStates {
  const answers = new Map<string, { at: number; rows: GrantRows }>()
  const states = new Map<string, { at: Date; away: Away | null }>()
  const keep = (key: string, at: number, rows: GrantRows) => {
    answers.delete(key)
    answers.set(key, { at, rows })
    if (answers.size > limits.answers) answers.delete(answers.keys().next().value!)
  }
  const ask = async (ctx: Ctx, row: LogicalRow, query: OriginQuery, run: (rows: OriginRows) => Promise<GrantRows>): Promise<GrantRows> => {
    const source = await selectSource(ctx.db, 'everything', row.source_id)
    const entry = (await findPublishedEntries(ctx.db, [row.entry_id])).get(row.entry_id)
    if (!source || !entry) throw new AppError('unavailable', 'ingestion.source_gone')
    const asOf = ctx.now().toISOString()
    const reading = { row, source, items: entry.content.items, query, seconds: limits.seconds }
    return { ...(await readOrigin(ctx, access, reading, run)), asOf }
  }

  return {
    holds: isLogicalTable,
    of: (table, language) => {
      const state = states.get(table)
      return state
        ? { isAway: state.away !== null, at: state.at.toISOString(), reason: state.away ? wordsOf(state.away, language) : '' }
        : null
    },
    async answer(grant, query, run) {
      const ctx = system()
      const now = ctx.now()
      const note = (away: Away | null) => states.set(grant.table, { at: now, away })
      const row = await selectLogicalByTable(ctx.db, grant.table)
      if (!row) throw new AppError('unavailable', 'ingestion.source_gone')
      const key = keyOf(grant, query)
      const known = answers.get(key)
      const age = known ? now.getTime() - known.at : Number.POSITIVE_INFINITY
      if (known && age < row.cache_seconds * 1000) return known.rows
      try {
        const rows = await ask(ctx, row, query, run)
        note(null)
        if (row.cache_seconds > 0 || row.answer_when_away) keep(key, now.getTime(), rows)
        return rows
      } catch (error) {
        const away = whyAway(error)
        if (away === null) throw error
        note(away)
        if (known && row.answer_when_away && age < limits.awayHours * 3_600_000) return known.rows
        throw new AppError('unavailable', 'ingestion.source_away', {
          params: { source: row.source_name, org: row.org_name, reason: wordsOf(away, ctx.language) },
          actor: 'steward',
          retryAfterSeconds: 60,
          cause: error,
        })
      }
    },
  }
}

/** Answers are kept as they were masked: for one decision as it stands, and one question. */
const keyOf = ({ decisionId, holderOrgId, table, columns }: Grant, query: OriginQuery): string =>
  JSON.stringify([decisionId, holderOrgId, table, columns.map(({ item, mask }) => [item, mask]), query])

/** Why a source did not answer. */
type Away = Pick<Failure, 'code' | 'params'>

const wordsOf = ({ code, params }: Away, language: Language) => messageOf(code, language, params)

/** Null where that is not what went wrong. */
function whyAway(error: unknown): Away | null {
  if (error instanceof AppError && error.code !== 'http.invalid_input') return { code: error.code, params: error.details.params ?? {} }
  if (error instanceof LakeError) return { code: 'ingestion.source_lost_reading', params: { code: error.code } }
  return null
}
