import type { Readable } from 'node:stream'
import type { Item } from '#contract/catalog.ts'
import { findPublishedEntries, type PublishedEntry } from '../../catalog/index.ts'
import { isStreamTable, lakeTypeOf } from '../../kernel/lake-types.ts'
import { mintGrant } from '../../security/index.ts'
import { type Ctx, quoteIdentifier } from '../../store/index.ts'
import { findTableItems } from '../grant/find-table-items.ts'
import { selectCalledItems } from '../grant/grant-store.ts'

export interface WantedCopy {
  entryId: string
  table: string
  items: Item[]
  key: Item
}

/** Keys whose text says exactly which value is meant. */
const keyKinds = new Set(['text', 'integer'])
/** A larger table is read in place: its copy would take hours and hundreds of gigabytes. */
const mostRows = 50_000_000

/** Live tables with one key item that somebody may look something up by now: of one entry, or all of them. */
export async function findWantedCopies(ctx: Ctx, entryId: string | undefined): Promise<WantedCopy[]> {
  const called = await selectCalledItems(ctx.db, entryId)
  const entries = await findPublishedEntries(ctx.db, [...called.keys()])
  const wanted: WantedCopy[] = []
  for (const entry of entries.values()) {
    const copy = await findWanted(ctx, entry, called.get(entry.id)!)
    if (copy) wanted.push(copy)
  }
  return wanted
}

async function findWanted(ctx: Ctx, entry: PublishedEntry, called: ReadonlySet<string>): Promise<WantedCopy | undefined> {
  const [key, ...others] = entry.content.items.filter(({ isKey }) => isKey)
  const { id, table } = entry
  if (!key || others.length > 0 || !called.has(key.code) || !keyKinds.has(lakeTypeOf(key).kind)) return undefined
  // The table's name becomes a file's.
  if (!table || !/^\w{1,150}$/.test(table)) return undefined
  // A stream changes its table all the time: a copy would answer with what was. What stays at its source has no rows here.
  if (isStreamTable(table) || entry.isLogical) return undefined
  const items = await findTableItems(ctx, entry)
  if (!items.some(({ code }) => code === key.code) || (await countRows(ctx, table)) > mostRows) return undefined
  return { entryId: id, table, items, key }
}

async function countRows(ctx: Ctx, table: string): Promise<number> {
  const [found] = await ctx.lake.measure<{ n: string }>(`SELECT count() AS n FROM ${quoteIdentifier(table)}`)
  return Number(found?.n)
}

/** The program reads for itself, through the same door; what it makes of it is shown by grants only. */
export function readWholeTable(ctx: Ctx, { table, items }: Pick<WantedCopy, 'table' | 'items'>): Promise<Readable> {
  const grant = mintGrant(ctx, {
    decisionId: 'keyed copy',
    holderOrgId: ctx.actor.id,
    purpose: '按键查询的副本',
    table,
    tableItems: items,
    items: items.map(({ code }) => ({ item: code, mask: 'none' as const })),
    rows: [],
    maxRows: mostRows,
  })
  return ctx.readBytes(grant, { limit: mostRows }, 'JSONCompactEachRow')
}
