import type { filterOperators, RowCondition } from '#contract/sharing.ts'
import type { FieldProblem } from '../../kernel/errors.ts'
import { isLakeValue, type LakeType } from '../../kernel/lake-types.ts'

type Operator = (typeof filterOperators)[number]

const ordered: readonly Operator[] = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'is']
const operators: Record<LakeType['kind'], readonly Operator[]> = {
  text: [...ordered, 'like'],
  integer: ordered,
  decimal: ordered,
  float: ordered,
  date: ordered,
  time: ordered,
  truth: ['eq', 'neq', 'in', 'is'],
}

/**
 * What is wrong with a condition on a column of this type; nothing when it can be compiled. `in` takes a list, all others
 * one text; `is` takes `null` or `not_null`; in `like` a `*` stands for any characters and everything else for itself.
 */
export function checkCondition(condition: RowCondition, type: LakeType, pointer: string): FieldProblem[] {
  const { operator, value, item } = condition
  if (!operators[type.kind].includes(operator))
    return [
      { pointer: `${pointer}/operator`, code: 'security.filter_operator', params: { item, operators: operators[type.kind].join(' ') } },
    ]
  const wrong = (at: string) => [{ pointer: `${pointer}/value${at}`, code: 'security.filter_value', params: { item, type: type.kind } }]
  if (Array.isArray(value) !== (operator === 'in') || (value.length === 0 && operator === 'in')) return wrong('')
  if (Array.isArray(value)) return value.flatMap((each, i) => (isLakeValue(type, each) ? [] : wrong(`/${i}`)))
  const isFit = operator === 'is' ? value === 'null' || value === 'not_null' : isLakeValue(type, value)
  return isFit ? [] : wrong('')
}
