import { setTimeout as sleep } from 'node:timers/promises'
import { LoadFailure } from '../load/load-failure.ts'
import type { Outcome } from '../load/load-object.ts'

/** Above either of them a load stops: a share of the rows that were read, a number of rows. */
export interface QuarantineLimit {
  share: number
  rows: number | null
}

export const quarantineLimitOf = (plan: { quarantine_limit: number; quarantine_row_limit: number | null }): QuarantineLimit => ({
  share: plan.quarantine_limit,
  rows: plan.quarantine_row_limit,
})

/** So many rows may go to quarantine of a load that reads `expected`; null: nobody knows yet how many it reads. */
export const mostRows = ({ share, rows }: QuarantineLimit, expected: number | null): number =>
  Math.min(rows ?? Number.POSITIVE_INFINITY, expected === null ? Number.POSITIVE_INFINITY : Math.floor(expected * share))

/** @throws LoadFailure `ingestion.quarantine_limit`, which keeps `table` for those who want to see what is wrong */
export function refuseMuch(limit: QuarantineLimit, outcome: Pick<Outcome, 'read' | 'quarantined'>, table: string): void {
  if (outcome.quarantined > mostRows(limit, outcome.read)) throw tooMuch(limit, outcome, table)
}

export function tooMuch(
  { share, rows }: QuarantineLimit,
  outcome: Partial<Outcome> & Pick<Outcome, 'read' | 'quarantined'>,
  table: string | null,
): LoadFailure {
  const { quarantined, read } = outcome
  const limit = rows !== null && quarantined > rows ? String(rows) : `${toPercent(share)}%`
  const failure = new LoadFailure(
    'ingestion.quarantine_limit',
    { quarantined, percent: toPercent(quarantined / Math.max(1, read)), limit },
    outcome,
  )
  failure.quarantineTable = table
  return failure
}

const toPercent = (share: number) => Math.round(share * 1000) / 10

const everyMs = 1000

/**
 * Looks each second at the rows that were laid aside while a statement reads, and aborts `full` when more than `most` are certain to go
 * to quarantine. `countFaulty` reads all of them: it is asked again only
 * where the answer can have changed, and they have become half as many again.
 */
export function watchQuarantine(
  full: AbortController,
  most: number,
  { countAside, countFaulty }: { countAside: () => Promise<number>; countFaulty: () => Promise<number> },
): { end(): Promise<void> } {
  const ended = new AbortController()
  const watch = async () => {
    for (let next = most; !ended.signal.aborted; await sleep(everyMs, undefined, { signal: ended.signal }).catch(() => {})) {
      const aside = await countAside()
      if (aside <= next) continue
      const faulty = await countFaulty()
      if (faulty > most) return full.abort()
      next = Math.max(aside + most - faulty, aside * 1.5)
    }
  }
  // What cannot be watched is judged at the end, as ever.
  const watching = watch().catch(() => {})
  return {
    end: () => {
      ended.abort()
      return watching
    },
  }
}
