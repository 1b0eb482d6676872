import type { Item } from '#contract/catalog.ts'
import type { MaskName, RowCondition } from '#contract/sharing.ts'
import { AppError, type FieldProblem } from '../../kernel/errors.ts'
import type { Grant, GrantColumn, GrantCondition, KeyedRows } from '../../kernel/grant.ts'
import { lakeTypeOf, rowColumn } from '../../kernel/lake-types.ts'
import type { Ctx } from '../../store/index.ts'
import { checkCondition } from './check-condition.ts'

/** A decision as its room knows it; `items` and `rows` as in contract/sharing.ts, so that problems point into its body. */
export interface GrantInput {
  decisionId: string
  holderOrgId: string
  purpose: string
  /** The lake table and what it holds, as of its last load. */
  table: string
  tableItems: readonly Pick<Item, 'code' | 'dataType' | 'length' | 'scale' | 'isKey'>[]
  /** The copy of the table that answers by an item. */
  keyed?: { file: KeyedRows; item: string } | undefined
  items: readonly { item: string; mask: MaskName }[]
  rows: readonly RowCondition[]
  maxRows: number
}

const minted = new WeakSet<Grant>()

/** Guards against an object that only looks like a grant. */
export const isMinted = (grant: Grant): boolean => minted.has(grant)

/**
 * Compiles a decision into the right to read: the only maker of grants. Everything that could fail later fails here, so a
 * decision can be tried before it is saved.
 * @throws invalid `http.invalid_input` with a problem for every item, mask and condition that does not fit the table
 */
export function mintGrant({ profile }: Pick<Ctx, 'profile'>, input: GrantInput): Grant {
  const known = new Map(input.tableItems.filter(({ code }) => code !== rowColumn).map((item) => [item.code, item]))
  const problems: FieldProblem[] = []
  const columns = input.items.flatMap(({ item, mask }, i): GrantColumn[] => {
    const found = known.get(item)
    const isTwice = input.items.findIndex((other) => other.item === item) !== i
    if (!found || isTwice) problems.push({ pointer: `/items/${i}/item`, code: 'security.item_unknown', params: { item } })
    if (mask !== 'none' && !Object.hasOwn(profile.masks, mask))
      problems.push({ pointer: `/items/${i}/mask`, code: 'security.mask_unknown', params: { mask } })
    else if (found)
      return [
        Object.freeze({ item, type: lakeTypeOf(found), mask: mask === 'none' ? null : profile.masks[mask].value, isKey: found.isKey }),
      ]
    return []
  })
  const conditions = input.rows.flatMap((row, i): GrantCondition[] => {
    const found = known.get(row.item)
    if (!found) problems.push({ pointer: `/rows/${i}/item`, code: 'security.item_unknown', params: { item: row.item } })
    if (!found) return []
    const type = lakeTypeOf(found)
    problems.push(...checkCondition(row, type, `/rows/${i}`))
    return [Object.freeze({ ...row, value: Object.freeze(structuredClone(row.value)) as RowCondition['value'], type })]
  })
  if (columns.length === 0) problems.push({ pointer: '/items', code: 'value.required' })
  if (!Number.isSafeInteger(input.maxRows) || input.maxRows < 1 || !input.purpose.trim() || !input.decisionId || !input.holderOrgId)
    throw new TypeError('a grant has a decision, a holder, a purpose and a number of rows')
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  const { decisionId, holderOrgId, purpose, table, maxRows } = input
  const keyed = keyedBy(input, columns, conditions)
  const grant = Object.freeze({ decisionId, holderOrgId, purpose, table, keyed, columns, conditions, maxRows }) as unknown as Grant
  Object.freeze(columns)
  Object.freeze(conditions)
  minted.add(grant)
  return grant
}

/** A key that is not granted, or is masked, is nothing to look up by; a copy that lacks something of the grant is no copy of it. */
function keyedBy({ keyed }: GrantInput, columns: readonly GrantColumn[], conditions: readonly GrantCondition[]): Grant['keyed'] {
  const column = columns.find(({ item, mask }) => item === keyed?.item && mask === null)
  if (!keyed || !column) return null
  const held = new Set(keyed.file.columns)
  if (![...columns, ...conditions].every(({ item }) => held.has(item))) return null
  return Object.freeze({ file: keyed.file, item: column.item, type: column.type })
}
