import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { scopeNames } from '#contract/scopes.ts'
import { type Side, type StateTable, sides } from '#contract/states.ts'
import { AppError } from './errors.ts'
import { canStep, type Stepper, statesBefore, step, systemStepper } from './step.ts'

type AnyTable = StateTable<string, string>

/** Every state table that any file of the contract exports, by its name. */
async function findTables(): Promise<Map<string, AnyTable>> {
  const folder = new URL('../../contract/', import.meta.url)
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const modules = await Promise.all(names.map((name) => import(new URL(name, folder).href) as Promise<Record<string, unknown>>))
  const isTable = (value: unknown): value is AnyTable =>
    typeof value === 'object' && value !== null && 'steps' in value && 'initial' in value
  return new Map(modules.flatMap((module) => Object.entries(module).filter((entry): entry is [string, AnyTable] => isTable(entry[1]))))
}

const everyone: Stepper = { sides: new Set(Object.keys(sides) as Side[]), scopes: new Set(scopeNames) }
const codeOf = (act: () => unknown): string | null => {
  try {
    act()
    return null
  } catch (error) {
    assert.ok(error instanceof AppError)
    return error.code
  }
}

const tables = await findTables()

test('the contract has the state tables of catalog and sharing', () => {
  for (const name of ['revisionStates', 'entryStates', 'requestStates', 'grantStates']) assert.ok(tables.has(name), name)
})

for (const [name, table] of tables) {
  const states = Object.keys(table.states)
  const events = [...new Set(table.steps.map(({ event }) => event))]

  test(`${name}: every pair of state and event is a listed step or refused`, () => {
    for (const state of states)
      for (const event of events) {
        const listed = table.steps.find((one) => one.event === event && one.from.includes(state))
        assert.equal(canStep(table, state, event, everyone), listed !== undefined, `${state} × ${event}`)
        if (listed) assert.equal(step(table, state, event, everyone), listed.to)
        else
          assert.equal(
            codeOf(() => step(table, state, event, everyone)),
            'state.refused',
            `${state} × ${event}`,
          )
        assert.equal(statesBefore(table, event).includes(state), listed !== undefined)
      }
  })

  test(`${name}: every step is refused to the other sides and without its scope, whatever the state`, () => {
    for (const { event, side, needs } of table.steps) {
      const alternatives = table.steps.filter((one) => one.event === event)
      for (const state of states) {
        const others = (Object.keys(sides) as Side[]).filter((other) => !alternatives.some((one) => one.side === other))
        for (const other of others)
          assert.equal(
            codeOf(() => step(table, state, event, { ...everyone, sides: new Set([other]) })),
            'state.wrong_side',
          )
        if (needs === 'system') continue
        const scopes = new Set(scopeNames.filter((scope) => !alternatives.some((one) => one.needs === scope)))
        assert.equal(
          codeOf(() => step(table, state, event, { sides: new Set([side]), scopes })),
          'security.missing_scope',
        )
      }
    }
  })

  test(`${name}: every state is reached from the first one, and steps name known states`, () => {
    const reached = new Set([table.initial])
    for (let size = 0; size !== reached.size; ) {
      size = reached.size
      for (const { from, to } of table.steps) if (from.some((state) => reached.has(state))) reached.add(to)
    }
    assert.deepEqual([...reached].sort(), [...states].sort())
  })
}

test('a refusal in a state that waits for somebody names the role', () => {
  const actorAt = (state: string) => {
    try {
      step(tables.get('revisionStates')!, state, 'supersede', everyone)
      return null
    } catch (error) {
      return (error as AppError).details.actor
    }
  }
  assert.equal(actorAt('draft'), 'steward')
  assert.equal(actorAt('department_review'), 'data_officer')
  assert.equal(actorAt('bureau_review'), 'bureau_officer')
  assert.equal(actorAt('discarded'), undefined)
})

test('the program takes only the steps of the program', () => {
  const table = tables.get('revisionStates')!
  assert.equal(step(table, 'published', 'supersede', systemStepper), 'superseded')
  assert.equal(
    codeOf(() => step(table, 'bureau_review', 'publish', systemStepper)),
    'state.wrong_side',
  )
})
