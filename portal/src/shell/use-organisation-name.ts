import { useRoute } from '../api/index.ts'

/** Names of organisations by id, for objects that carry only the id. Undefined until known, or where it is not listed. */
export function useOrganisationName(): (orgId: string | null) => string | undefined {
  const organisations = useRoute('list_organisations', { query: { limit: 1000 } })
  return (orgId) => organisations.data?.items.find((org) => org.id === orgId)?.name
}
