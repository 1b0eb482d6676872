import { findPublishedEntries } from '../../catalog/index.ts'
import type { Item } from '#contract/catalog.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Grant } from '../../kernel/grant.ts'
import { mintGrant } from '../../security/index.ts'
import type { Ctx } from '../../store/index.ts'
import type { KeyCopies } from '../keyed/key-copies.ts'
import { findTableItems, holdsAll } from './find-table-items.ts'
import type { GrantRow } from './grant-store.ts'

/** The right to read, over the table that is live now, with the table's own items. */
export interface Compiled {
  grant: Grant
  items: Item[]
  table: string
}

/**
 * Compiles what a grant says over its entry's live table. It fails closed: an entry that changed since the grant was last
 * compared with it, or that is gone, or whose table lacks a granted column, is not read.
 * @throws unavailable `sharing.data_not_ready`
 */
export async function compileGrant(ctx: Pick<Ctx, 'db' | 'lake' | 'profile'>, row: GrantRow, copies?: KeyCopies): Promise<Compiled> {
  const notReady = () =>
    new AppError('unavailable', 'sharing.data_not_ready', { params: { provider: row.provider_name }, retryAfterSeconds: 60 })
  const entry = (await findPublishedEntries(ctx.db, [row.entry_id])).get(row.entry_id)
  if (!entry?.table || entry.state === 'withdrawn' || entry.version !== row.entry_version) throw notReady()
  const items = await findTableItems(ctx, entry)
  if (!holdsAll(items, { shown: row.items.map(({ code }) => code), conditions: row.conditions })) throw notReady()
  const grant = mintGrant(ctx, {
    decisionId: row.id,
    holderOrgId: row.consumer_org_id,
    purpose: row.purpose,
    table: entry.table,
    tableItems: items,
    items: row.items.map(({ code, mask }) => ({ item: code, mask })),
    rows: row.conditions,
    maxRows: row.max_rows_per_call,
    keyed: copies?.of(entry.table),
  })
  return { grant, items, table: entry.table }
}
