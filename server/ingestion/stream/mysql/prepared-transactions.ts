import type { Taken } from '../change-log.ts'

export type Act = (version: number) => Taken

/** The part of a GTID event that tells of XA: which transaction is prepared, or finished, by the group of events that follows. */
export interface TransactionName {
  preparedXa?: boolean
  completedXa?: boolean
  xidGtrid?: Buffer
  xidBqual?: Buffer
}

/** Rows of XA transactions: they stand in the log when the transaction is prepared, and are there to be read once it is committed. */
export function preparedTransactions() {
  const prepared = new Map<string, Act[]>()
  let preparing: string | null = null
  let finishing: string | null = null
  return {
    begin({ preparedXa, completedXa, xidGtrid, xidBqual }: TransactionName): void {
      const name = `${xidGtrid?.toString('hex')}:${xidBqual?.toString('hex')}`
      preparing = preparedXa ? name : null
      finishing = completedXa ? name : null
    },
    /** @returns whether the act waits for its transaction's end */
    keep(act: Act): boolean {
      if (preparing === null) return false
      const acts = prepared.get(preparing)
      if (acts) acts.push(act)
      else prepared.set(preparing, [act])
      return true
    },
    /** The acts of the transaction that is finished now. */
    finish(): Act[] {
      const acts = (finishing !== null && prepared.get(finishing)) || []
      if (finishing !== null) prepared.delete(finishing)
      return acts
    },
    isEmpty: () => prepared.size === 0,
  }
}
