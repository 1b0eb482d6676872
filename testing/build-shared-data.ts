import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { EntryContent, Item } from '../contract/catalog.ts'
import type { Decision, RequestContent } from '../contract/sharing.ts'
import { bindResource } from '../server/catalog/index.ts'
import { lakeTypeOf, rowColumn } from '../server/kernel/lake-types.ts'
import { emit, inTx, quoteIdentifier } from '../server/store/index.ts'
import { type BuiltEntry, publishEntry } from './build-entry.ts'
import type { Client, TestCity } from './city.ts'
import { type KeyPair, signCall } from './sign-call.ts'

type Value = string | number | boolean | null

/** Puts rows into a new lake table and binds it to the entry, as a load that succeeded does. @returns the table */
export async function loadRows(
  city: TestCity,
  entryId: string,
  items: readonly z.input<typeof Item>[],
  rows: readonly Value[][],
): Promise<string> {
  const { lake } = city.app
  const table = `t_${randomBytes(6).toString('hex')}`
  const typed = items.map((item) => ({
    name: quoteIdentifier(item.code),
    ...lakeTypeOf({ ...item, length: item.length ?? null, scale: item.scale ?? null }),
  }))
  const columns = typed.map(({ name, column }) => `${name} ${column}`)
  await lake.define(
    `CREATE TABLE ${quoteIdentifier(table)} (${rowColumn} UInt64, ${columns.join(', ')}) ENGINE = MergeTree ORDER BY ${rowColumn}`,
  )
  for (const [i, row] of rows.entries()) {
    const values = typed.map(({ value }, c) => (row[c] === null ? 'NULL' : `CAST({v${c}:String} AS ${value})`))
    const parameters = Object.fromEntries(row.flatMap((value, c) => (value === null ? [] : [[`v${c}`, String(value)]])))
    await lake.command(`INSERT INTO ${quoteIdentifier(table)} SELECT {row:UInt64}, ${values.join(', ')}`, { row: i + 1, ...parameters })
  }
  await inTx(city.app.system('ingestion.finish_load'), async (ctx) => {
    await bindResource(ctx, { entryId, kind: 'table', table, rows: rows.length, loadedAt: ctx.now() })
    emit(ctx, { action: 'ingestion.load_succeeded', object: { type: 'load', id: entryId }, detail: { entryId } })
  })
  return table
}

export interface SharedData extends BuiltEntry {
  items: z.input<typeof Item>[]
  table: string | null
}

/** A published entry of a department, with rows unless `rows` is left out. */
export async function shareEntry(
  city: TestCity,
  orgName: string,
  content: Partial<z.input<typeof EntryContent>> & { name: string; items: z.input<typeof Item>[] },
  rows?: readonly Value[][],
): Promise<SharedData> {
  const built = await publishEntry(city, orgName, content)
  return { ...built, items: content.items, table: rows ? await loadRows(city, built.entryId, content.items, rows) : null }
}

/** An application that is complete for an entry. */
export const buildRequestContent = (given: z.input<typeof RequestContent>): z.input<typeof RequestContent> => ({
  basis: '《政务数据共享条例》第二十条',
  scenario: '政务服务事项办理核验',
  purpose: '核验申请人信息',
  from: '2026-03-01',
  to: '2026-12-31',
  contact: '业务处',
  ...given,
})

export interface Consumer {
  steward: Client
  officer: Client
}

/** Walks an application up to the provider's desk. @returns its id */
export async function applyFor({ steward, officer }: Consumer, entryId: string, content: z.input<typeof RequestContent>): Promise<string> {
  const { id } = await steward.call('create_request', { body: { entryId, content: buildRequestContent(content) } })
  await steward.call('submit_request', { params: { requestId: id } })
  await officer.call('pass_request', { params: { requestId: id }, body: {} })
  return id
}

/** Decides as suggested, with what is changed. @returns the grant's id and number */
export async function approve(provider: Client, requestId: string, change: Partial<z.input<typeof Decision>> = {}) {
  const { suggestion } = await provider.call('get_request', { params: { requestId } })
  const { grantId } = await provider.call('approve_request', { params: { requestId }, body: { ...suggestion!, ...change } })
  return provider.call('get_grant', { params: { grantId: grantId! } })
}

export async function createKey(consumer: Client, allowedAddresses: string[] = []): Promise<KeyPair & { id: string }> {
  const { key, secret } = await consumer.call('create_key', { body: { name: '业务系统', allowedAddresses, expiresOn: '2026-12-31' } })
  return { id: key.id, accessKey: key.accessKey, secret }
}

/** Calls a shared API as a consumer's system does. */
export function callShared(
  city: TestCity,
  key: KeyPair,
  url: string,
  options: { nonce?: string; now?: number; remoteAddress?: string } = {},
) {
  const now = options.now ?? city.app.system('test').now().getTime()
  const { remoteAddress, ...rest } = options
  return city.app.http.inject({
    method: 'GET',
    url,
    headers: signCall(key, url, { ...rest, now }),
    ...(remoteAddress && { remoteAddress }),
  })
}
