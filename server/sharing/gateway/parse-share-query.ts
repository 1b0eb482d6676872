import { hash } from 'node:crypto'
import { filterOperators, type RowCondition } from '#contract/sharing.ts'
import { AppError, conflict, type FieldProblem, invalid } from '../../kernel/errors.ts'
import type { Grant } from '../../kernel/grant.ts'
import { checkCondition } from '../../security/index.ts'

/** Names that are not items. An item with such a code is shown, and cannot be filtered on. */
const reserved = new Set(['limit', 'cursor'])
const shape = new RegExp(`^(${filterOperators.join('|')})\\.(.*)$`, 's')
const mostConditions = 20

/**
 * `?item=operator.value` as conditions (PostgREST's dialect: field-lessons D.3). A masked item, an item outside the grant and
 * one that does not exist are one and the same answer: an item can be filtered on only where its value is shown (V08).
 * @throws invalid `http.invalid_input` with every problem
 */
export function parseConditions(grant: Grant, query: Record<string, unknown>): RowCondition[] {
  const problems: FieldProblem[] = []
  const shown = new Map(grant.columns.filter(({ mask }) => mask === null).map((column) => [column.item, column]))
  const conditions = Object.entries(query)
    .filter(([name]) => !reserved.has(name))
    .flatMap(([item, given]) => (Array.isArray(given) ? given : [given]).map((text): [string, string] => [item, String(text)]))
    .flatMap(([item, text]): RowCondition[] => {
      const pointer = `/query/${item.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (!shown.has(item)) {
        problems.push({ pointer, code: 'sharing.no_such_filter', params: { item } })
        return []
      }
      const [, operator, value] = shape.exec(text) ?? []
      if (!operator) {
        problems.push({ pointer, code: 'sharing.filter_shape', params: { item, operators: filterOperators.join(' ') } })
        return []
      }
      const condition = { item, operator: operator as RowCondition['operator'], value: operator === 'in' ? parseList(value!) : value! }
      const { type } = shown.get(item)!
      problems.push(...checkCondition(condition, type, '').map((problem) => ({ ...problem, pointer })))
      return [condition]
    })
  if (conditions.length > mostConditions)
    problems.push({ pointer: '/query', code: 'sharing.too_many_filters', params: { most: mostConditions } })
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  return conditions
}

/** `(a,b)` or `a,b`; a value with a comma stands in double quotes, in which `\` goes before `"` and `\`. */
function parseList(text: string): string[] {
  const inner = text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text
  if (inner === '') return []
  return Array.from(inner.matchAll(/(?:^|,)(?:"((?:[^"\\]|\\.)*)"|([^,]*))(?=,|$)/gs), ([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replace(/\\(.)/gs, '$1'),
  )
}

const markOf = (table: string) => hash('sha256', table, 'hex').slice(0, 8)

/** Where the next page begins: a row of one load. After the next load the same number is another row. */
export const toCursor = (table: string, after: number): string => `${markOf(table)}-${after.toString(36)}`

/** @throws invalid `value.cursor`; conflict `sharing.cursor_old` when the data were loaded anew in between */
export function parseCursor(table: string, cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const [, mark, number] = /^([0-9a-f]{8})-([0-9a-z]{1,11})$/.exec(cursor) ?? []
  const after = Number.parseInt(number ?? '', 36)
  if (!mark || !Number.isSafeInteger(after)) throw invalid('value.cursor')
  if (mark !== markOf(table)) throw conflict('sharing.cursor_old')
  return after
}
