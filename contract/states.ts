import type { Scope } from './scopes.ts'

/** Which organisation acts on an object. */
export const sides = {
  provider: { zh: '提供部门', en: 'the providing department' },
  consumer: { zh: '需求部门', en: 'the consuming department' },
  authority: { zh: '数据主管部门', en: 'the data authority' },
  system: { zh: '系统', en: 'the system' },
} as const
export type Side = keyof typeof sides

/**
 * A state table is data: the server steps it, the portal draws its badge and buttons, a test enumerates every
 * (state, event) pair. `side` says which organisation acts; `needs` which scope its person must hold.
 */
export interface Step<S extends string, E extends string> {
  event: E
  from: readonly S[]
  to: S
  side: Side
  needs: Scope | 'system'
}
export interface StateTable<S extends string, E extends string> {
  initial: S
  states: Record<S, { zh: string; en: string; tone: 'neutral' | 'progress' | 'good' | 'warning' | 'bad' }>
  /** The step that a state waits for stands before its side doors: a refusal names who takes it. */
  steps: readonly Step<S, E>[]
}

export const defineStates = <S extends string, E extends string>(table: StateTable<S, E>): StateTable<S, E> => table
