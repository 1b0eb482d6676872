import type { Scope } from './scopes.ts'

/**
 * A state table is data: the server steps it, the portal draws its badge and buttons, a test enumerates every
 * (state, event) pair. `side` says which organisation acts; `needs` which scope its person must hold.
 */
export interface Step<S extends string, E extends string> {
  event: E
  from: readonly S[]
  to: S
  side: 'provider' | 'consumer' | 'authority' | 'system'
  needs: Scope | 'system'
}
export interface StateTable<S extends string, E extends string> {
  initial: S
  states: Record<S, { zh: string; en: string; tone: 'neutral' | 'progress' | 'good' | 'warning' | 'bad' }>
  steps: readonly Step<S, E>[]
}

export const defineStates = <S extends string, E extends string>(table: StateTable<S, E>): StateTable<S, E> => table
