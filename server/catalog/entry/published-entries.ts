import { EntryContent, type EntryState, type Item } from '#contract/catalog.ts'
import type { Db, Tx } from '../../store/index.ts'

/** An entry as those who share it or read it need it: what is in force, whose it is, and where its data are. */
export interface PublishedEntry {
  id: string
  code: string
  name: string
  state: EntryState
  /** Number of the published version. */
  version: number
  provider: { id: string; name: string; kind: string }
  content: EntryContent
  /** The live table of the lake; null while nothing is bound. Ask again before each read: the next load moves it. */
  table: string | null
  /** The data stay at their source; the table only says what the items are. */
  isLogical: boolean
  withdrawal: { reason: string; effectiveOn: string } | null
}

/** By id; what was never published is left out. */
export async function findPublishedEntries(db: Db | Tx, ids: readonly string[]): Promise<Map<string, PublishedEntry>> {
  if (ids.length === 0) return new Map()
  const unique = [...new Set(ids)]
  const rows = await db
    .selectFrom('catalog.entry as e')
    .innerJoin('catalog.revision as r', 'r.id', 'e.published_revision_id')
    .innerJoin('security.org as o', 'o.id', 'e.provider_org_id')
    .select(['e.id', 'e.code', 'e.name', 'e.state', 'e.version', 'e.withdrawal_reason', 'e.effective_on', 'r.content'])
    .select(['o.id as org_id', 'o.name as org_name', 'o.kind as org_kind'])
    .where('e.id', 'in', unique)
    .execute()
  const resources = await db
    .selectFrom('catalog.resource')
    .select(['entry_id', 'lake_table', 'kind'])
    .where('entry_id', 'in', unique)
    .orderBy('kind')
    .execute()
  // The last kind by name counts: what was collected comes before what is only reachable.
  const bound = new Map(resources.map((resource) => [resource.entry_id, resource]))
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        code: row.code ?? '',
        name: row.name,
        state: row.state as EntryState,
        version: row.version,
        provider: { id: row.org_id, name: row.org_name, kind: row.org_kind },
        content: EntryContent.strip().parse(row.content),
        table: bound.get(row.id)?.lake_table ?? null,
        isLogical: bound.get(row.id)?.kind === 'logical',
        withdrawal:
          row.withdrawal_reason !== null && row.effective_on ? { reason: row.withdrawal_reason, effectiveOn: row.effective_on } : null,
      },
    ]),
  )
}

/** The items of every version that was published after `version`, oldest first: what became of a right given on that version. */
export async function listPublishedItems(db: Db | Tx, entryId: string, after: number): Promise<{ version: number; items: Item[] }[]> {
  const rows = await db
    .selectFrom('catalog.revision')
    .select(['number', 'content'])
    .where('entry_id', '=', entryId)
    .where('number', '>', after)
    .where('state', 'in', ['published', 'superseded'])
    .orderBy('number')
    .execute()
  return rows.map(({ number, content }) => ({ version: number, items: EntryContent.strip().parse(content).items }))
}
