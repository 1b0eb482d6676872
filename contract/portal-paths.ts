/**
 * Addresses of the portal's pages. The server answers with them where a number or a count opens the list behind it
 * (ledger, my work); the portal routes them. `:name` is a path parameter, the rest goes into the query string.
 */
export const portalPaths = {
  home: '/',
  ledger: '/assessment/ledger',
  my_work: '/assessment/my-work',

  clocks: '/duty/clocks',
  calendar: '/duty/calendar',
  profile: '/duty/profile',

  search: '/catalog/search',
  entries: '/catalog/entries',
  entry: '/catalog/entries/:entryId',
  new_entry: '/catalog/entries/new',
  import_entries: '/catalog/import',
  my_revisions: '/catalog/revisions/mine',
  revisions_to_handle: '/catalog/revisions/to-handle',
  revision: '/catalog/revisions/:revisionId',
  edit_revision: '/catalog/revisions/:revisionId/edit',
  systems: '/catalog/systems',
  system: '/catalog/systems/:systemId',
  new_system: '/catalog/systems/new',

  sources: '/ingestion/sources',
  source: '/ingestion/sources/:sourceId',
  agents: '/ingestion/agents',
  survey: '/ingestion/surveys/:surveyId',
  plans: '/ingestion/plans',
  new_plan: '/ingestion/plans/new',
  plan: '/ingestion/plans/:planId',
  drifts: '/ingestion/drifts',
  drift: '/ingestion/drifts/:driftId',
  quarantine: '/ingestion/plans/:planId/quarantine',
  loads: '/ingestion/loads',
  storage: '/ingestion/storage',
  destructions: '/ingestion/destructions',
  streams: '/ingestion/streams',
  logical: '/ingestion/logical',
  new_logical: '/ingestion/logical/new',
  load: '/ingestion/loads/:loadId',
  turns: '/ingestion/turns',
  morning: '/ingestion/morning',

  new_request: '/sharing/requests/new',
  my_requests: '/sharing/requests/mine',
  requests_to_handle: '/sharing/requests/to-handle',
  requests: '/sharing/requests',
  request: '/sharing/requests/:requestId',
  grants: '/sharing/grants',
  grant: '/sharing/grants/:grantId',
  keys: '/sharing/keys',

  organisations: '/security/organisations',
  people: '/security/people',
  authorisations: '/security/authorisations',
  audit: '/security/audit',
} as const
export type PortalPage = keyof typeof portalPaths

type Parameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Parameters<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** What an address needs: its path parameters, all of them, and any query. */
export type PortalAddress<P extends PortalPage> = Record<Parameters<(typeof portalPaths)[P]>, string> &
  Record<string, string | number | boolean | undefined>

/** `portalPath('entries', { problem: 'past_cycle' })` → `/catalog/entries?problem=past_cycle`. */
export function portalPath<P extends PortalPage>(
  page: P,
  ...[values]: [Parameters<(typeof portalPaths)[P]>] extends [never] ? [values?: PortalAddress<P>] : [values: PortalAddress<P>]
): string {
  const rest: Record<string, string | number | boolean | undefined> = { ...values }
  const path = portalPaths[page].replace(/:(\w+)/g, (_, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams(Object.entries(rest).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])))
  return query.size > 0 ? `${path}?${query}` : path
}
