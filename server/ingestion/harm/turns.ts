export interface Turns {
  /** Changes how many may be in at once. */
  allow(most: number): void
  /** Waits for a place. @returns how to leave it. @throws the signal's reason when it aborts while waiting */
  enter(signal: AbortSignal): Promise<() => void>
}

/** Places that are taken in the order of asking. */
export function makeTurns(most: number): Turns {
  let [limit, inside] = [most, 0]
  const waiting: (() => void)[] = []
  const next = () => {
    while (inside < limit && waiting.length > 0) {
      inside++
      waiting.shift()!()
    }
  }
  const leave = () => {
    inside--
    next()
  }
  return {
    allow(changed) {
      limit = changed
      next()
    },
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const give = () => {
          signal.removeEventListener('abort', refuse)
          let isOver = false
          resolve(() => {
            if (!isOver) leave()
            isOver = true
          })
        }
        const refuse = () => {
          waiting.splice(waiting.indexOf(give), 1)
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', refuse, { once: true })
        waiting.push(give)
        next()
      }),
  }
}
