import { useRoute } from '../api/index.ts'

/** What waits for the person, by key of `workLists` in the contract. Asked on navigation and focus, never by a timer. */
export function useWorkCounts(): { countOf: (keys: string[]) => number; total: number } {
  const counts = useRoute('get_my_work', {}).data?.counts ?? []
  const countOf = (keys: string[]) => counts.filter(({ key }) => keys.includes(key)).reduce((sum, { count }) => sum + count, 0)
  return { countOf, total: countOf(['revisions_to_handle', 'requests_to_handle']) }
}
