import { useSearchParams } from 'react-router'

/**
 * Filters of a list live in the address, so that a link from the ledger opens exactly its list and "back" works.
 * `const [filters, set, clear] = useFilters('phase', 'rule')`; an empty value leaves the address.
 */
export function useFilters<K extends string>(...names: K[]) {
  const [params, setParams] = useSearchParams()
  const filters = Object.fromEntries(names.map((name) => [name, params.get(name) ?? undefined])) as Record<K, string | undefined>
  const set = (changed: Partial<Record<K, string | undefined>>) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before)
        for (const [name, value] of Object.entries(changed)) value ? after.set(name, value as string) : after.delete(name)
        return after
      },
      { replace: true },
    )
  const clear = () => set(Object.fromEntries(names.map((name) => [name, undefined])) as Partial<Record<K, undefined>>)
  return [filters, set, clear] as const
}
