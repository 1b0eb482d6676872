import { type Role, roles } from '#contract/security.ts'
import type { Scope } from '#contract/scopes.ts'
import { type Side, type StateTable, type Step, sides } from '#contract/states.ts'
import { AppError, forbidden } from './errors.ts'

/** On which sides of this object somebody stands, and what he may do at all. A job of the program stands on `system`. */
export interface Stepper {
  sides: ReadonlySet<Side>
  scopes: ReadonlySet<Scope>
}

/** The program itself, for the steps that nobody takes by hand. */
export const systemStepper: Stepper = { sides: new Set(['system']), scopes: new Set() }

/**
 * The one function that moves anything from state to state: the next state, or why not. Rights come first, so that a
 * refusal tells a stranger nothing about the state.
 * @throws forbidden `state.wrong_side` `security.missing_scope`; conflict `state.refused`, naming who acts next
 */
export function step<S extends string, E extends string>(table: StateTable<S, E>, state: S, event: E, by: Stepper): S {
  const named = table.steps.filter((one) => one.event === event)
  const ofSide = named.filter(({ side }) => by.sides.has(side))
  if (ofSide.length === 0) throw forbidden('state.wrong_side', { side: sides[named[0]!.side].zh })
  const allowed = ofSide.filter((one) => holds(by, one))
  if (allowed.length === 0) throw forbidden('security.missing_scope', { scope: ofSide[0]!.needs })
  const found = allowed.find(({ from }) => from.includes(state))
  if (found) return found.to
  const actor = nextActor(table, state)
  throw new AppError('conflict', 'state.refused', { params: { state: table.states[state].zh }, ...(actor && { actor }) })
}

/** The same question without an error: for `can`, so that a button shows exactly when its act would be allowed. */
export function canStep<S extends string, E extends string>(table: StateTable<S, E>, state: S, event: E, by: Stepper): boolean {
  return table.steps.some((one) => one.event === event && by.sides.has(one.side) && holds(by, one) && one.from.includes(state))
}

/** The states from which an event can happen: the `where` of its compare-and-set. */
export const statesBefore = <S extends string, E extends string>(table: StateTable<S, E>, event: E): S[] =>
  table.steps.filter((one) => one.event === event).flatMap(({ from }) => from)

function holds(by: Stepper, { needs }: Pick<Step<string, string>, 'needs'>): boolean {
  return needs === 'system' ? by.sides.has('system') : by.scopes.has(needs)
}

/** The role that the state waits for: of its first step that a person takes. */
function nextActor<S extends string, E extends string>(table: StateTable<S, E>, state: S): Role | undefined {
  const next = table.steps.find(({ from, needs }) => needs !== 'system' && from.includes(state))
  const names = Object.keys(roles) as Role[]
  return next && names.find((role) => (roles[role].scopes as readonly string[]).includes(next.needs))
}
