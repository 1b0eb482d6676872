import { setTimeout as sleep } from 'node:timers/promises'
import { advanceTurns } from '../../server/ingestion/schedule/advance-turns.ts'
import type { TestCity } from '../city.ts'

/** More than any test has: nothing waits for a budget. */
export const plenty = { node: 64, source: 64 }

/** Lets the minute's job run until no load of a turn runs any more, as a night does. */
export async function runTurns(city: TestCity, budgets = plenty, seconds = 60): Promise<void> {
  const ctx = city.app.system('ingestion.advance_turns')
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(300)) {
    await advanceTurns(ctx, budgets)
    const running = await city.app.plane.db.selectFrom('ingestion.turn').select('id').where('state', '=', 'running').executeTakeFirst()
    if (!running) return
  }
  throw new Error(`turns still ran after ${seconds} s`)
}
