/** What `load` answered, until it is forgotten. Unknown keys are asked for each time: nobody fills the memory by guessing. */
export interface Memory<T> {
  get(key: string): Promise<T | undefined>
  /** Without a test: everything. */
  forget(test?: (value: T) => boolean): void
}

/** An answer that was under way while something was forgotten is given out once and not kept: it may be from before. */
export function remember<T>(load: (key: string) => Promise<T | undefined>, limit = 10_000): Memory<T> {
  const known = new Map<string, T>()
  let forgotten = 0
  return {
    async get(key) {
      const found = known.get(key)
      if (found !== undefined) return found
      const asked = forgotten
      const value = await load(key)
      if (value === undefined || asked !== forgotten) return value
      if (known.size >= limit) known.delete(known.keys().next().value!)
      known.set(key, value)
      return value
    },
    forget(test) {
      forgotten++
      if (!test) return known.clear()
      for (const [key, value] of known) if (test(value)) known.delete(key)
    },
  }
}
