import { useRoute } from '../api/index.ts'

/** The name of an item of an entry by its code; the code itself until the entry is here, or where it has no such item. */
export function useItemNames(entryId: string): (code: string) => string {
  const entry = useRoute('get_entry', { params: { entryId } })
  const names = new Map(entry.data?.content.items.map(({ code, name }) => [code, name]))
  return (code) => names.get(code) ?? code
}
