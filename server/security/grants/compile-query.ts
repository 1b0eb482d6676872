import type { RowCondition } from '#contract/sharing.ts'
import { AppError, type FieldProblem } from '../../kernel/errors.ts'
import type { Grant, GrantColumn, GrantCondition, GrantQuery, OriginQuery } from '../../kernel/grant.ts'
import { isStreamTable, renderSql, rowColumn } from '../../kernel/lake-types.ts'
import { maskSql } from '../../kernel/mask.ts'
import { quoteIdentifier } from '../../store/index.ts'
import { checkCondition } from './check-condition.ts'

export interface CompiledQuery {
  /** The rows that are granted and asked for, with raw columns: only ever a subquery of `shown`. `from` stands for the lake's table. */
  rows: (from?: string) => string
  /** The same as asked of a table that stays at its source. */
  reach: OriginQuery
  /** Each column as text under its mask, over the columns of `rows`. */
  shown: { item: string; sql: string; isText: boolean }[]
  parameters: Record<string, string | string[] | number>
  limit: number
  /** Some column is shown as a hash: the statement needs `mask_key`. */
  needsMaskKey: boolean
}

const rowNumber = quoteIdentifier(rowColumn)

/**
 * A query within a grant as SQL. Names come from the grant, never from the query; values are typed parameters. A masked
 * column cannot be filtered on: a filter that answers is an oracle on what the mask hides (reliability V08).
 * @throws invalid `http.invalid_input`: a column outside the grant and one that does not exist are the same answer
 */
export function compileQuery(grant: Grant, query: GrantQuery): CompiledQuery {
  const problems: FieldProblem[] = []
  const columns = chooseColumns(grant, query.items, problems)
  const asked = (query.conditions ?? []).flatMap((condition, i) => checkAsked(grant, condition, `/conditions/${i}`, problems))
  const after = query.after ?? 0
  if (!isRowNumber(query.limit) || query.limit < 1) problems.push({ pointer: '/limit', code: 'security.page_position' })
  if (!isRowNumber(after)) problems.push({ pointer: '/after', code: 'security.page_position' })
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  const limit = Math.min(query.limit, grant.maxRows)
  const parameters: CompiledQuery['parameters'] = { after, limit }
  const where = [
    `${rowNumber} > {after:UInt64}`,
    ...[...grant.conditions, ...asked].map((condition, i) => conditionSql(condition, `c${i}`, parameters)),
  ]
  const read = [rowNumber, ...columns.map(({ item }) => quoteIdentifier(item))]
  const lakeTable = `${quoteIdentifier(grant.table)}${isStreamTable(grant.table) ? ' FINAL' : ''}`
  return {
    rows: (from = lakeTable) =>
      `SELECT ${read.join(', ')} FROM ${from} WHERE ${where.join(' AND ')} ORDER BY ${rowNumber} LIMIT {limit:UInt64}`,
    reach: { items: columns.map(({ item }) => item), conditions: [...grant.conditions, ...asked], after, limit },
    shown: columns.map((column) => ({
      item: column.item,
      sql: shownSql(column),
      isText: column.type.kind === 'text' || column.mask !== null,
    })),
    parameters,
    limit,
    needsMaskKey: columns.some(({ mask }) => mask?.kind === 'hash'),
  }
}

const isRowNumber = (value: number) => Number.isSafeInteger(value) && value >= 0

function chooseColumns(grant: Grant, items: readonly string[] | undefined, problems: FieldProblem[]): readonly GrantColumn[] {
  if (!items) return grant.columns
  return items.flatMap((item, i) => {
    const column = grant.columns.find((granted) => granted.item === item)
    if (column && items.indexOf(item) === i) return [column]
    problems.push({ pointer: `/items/${i}`, code: 'security.item_not_granted', params: { item } })
    return []
  })
}

function checkAsked(grant: Grant, condition: RowCondition, pointer: string, problems: FieldProblem[]): GrantCondition[] {
  const column = grant.columns.find(({ item }) => item === condition.item)
  const code = !column ? 'security.item_not_granted' : column.mask ? 'security.item_masked' : null
  if (code) problems.push({ pointer: `${pointer}/item`, code, params: { item: condition.item } })
  if (!column || code) return []
  problems.push(...checkCondition(condition, column.type, pointer))
  return [{ ...condition, type: column.type }]
}

function shownSql({ item, type, mask }: GrantColumn): string {
  const text = renderSql(type, quoteIdentifier(item))
  return mask ? maskSql(mask, text) : text
}

const signs = { eq: '=', neq: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function conditionSql({ item, operator, value, type }: GrantCondition, name: string, parameters: CompiledQuery['parameters']): string {
  const column = quoteIdentifier(item)
  // The engine takes no whole number with zeros in front.
  const toText = (text: string) => (type.kind === 'time' ? text.replace('T', ' ') : type.kind === 'integer' ? String(BigInt(text)) : text)
  if (operator === 'is') return value === 'null' ? `${column} IS NULL` : `${column} IS NOT NULL`
  if (operator === 'in') {
    parameters[name] = (value as string[]).map(toText)
    // The engine does not parse quoted wide numbers inside an array parameter; a cast does, and keeps the index usable.
    return `${column} IN CAST({${name}:Array(String)} AS Array(${type.value}))`
  }
  if (operator === 'like') {
    parameters[name] = toPattern(value as string)
    return `${column} LIKE {${name}:String}`
  }
  parameters[name] = toText(value as string)
  return `${column} ${signs[operator]} {${name}:${type.value}}`
}

/** `*` is the only wildcard: `%`, `_` and `\` stand for themselves. */
const toPattern = (text: string) => text.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%')
