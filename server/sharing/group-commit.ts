interface Waiting<Entry, Outcome> {
  entry: Entry
  done: (outcome: Outcome) => void
  fail: (error: unknown) => void
}

// One statement takes this many.
const mostEntries = 500
/** How long a batch waits for callers who were just answered: one that calls again at once joins it for next to nothing. */
const gatherMs = 2

/**
 * Writes entries in batches, one after the other: a commit costs a disk sync and a dozen steps whatever its size. A batch begins
 * when as many entries wait as there were callers at the end of the batch before it, or after `gatherMs`: a caller who is alone
 * waits for nobody. (PostgreSQL's `commit_delay` and `commit_siblings` are the same idea.)
 */
export function openGroupCommit<Entry, Outcome>(writeBatch: (entries: Entry[]) => Promise<Outcome[]>): (entry: Entry) => Promise<Outcome> {
  let waiting: Waiting<Entry, Outcome>[] = []
  let isWriting = false
  let expected = 1
  let arrived = () => {}
  const gather = () =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, gatherMs)
      arrived = () => {
        if (waiting.length < expected) return
        clearTimeout(timer)
        done()
      }
      arrived()
    })
  const write = async () => {
    isWriting = true
    for (await gather(); waiting.length > 0; await gather()) {
      const batch = waiting.slice(0, mostEntries)
      waiting = waiting.slice(mostEntries)
      await writeBatch(batch.map(({ entry }) => entry)).then(
        (outcomes) => {
          for (const [index, { done }] of batch.entries()) done(outcomes[index]!)
        },
        (error) => {
          for (const { fail } of batch) fail(error)
        },
      )
      expected = Math.min(batch.length + waiting.length, mostEntries)
    }
    isWriting = false
  }
  return (entry) =>
    new Promise((done, fail) => {
      waiting.push({ entry, done, fail })
      if (isWriting) arrived()
      else write()
    })
}
