import ipaddr from 'ipaddr.js'
import type { Sealer } from '../../security/index.ts'
import type { Ctx, EventFeed, FeedEvent } from '../../store/index.ts'
import { type Compiled, compileGrant } from '../grant/compile-grant.ts'
import { type GrantRow, selectGrantByNumber } from '../grant/grant-store.ts'
import { AppError } from '../../kernel/errors.ts'
import { type CallLedger, openCallLedger } from '../call-ledger.ts'
import { sealPurpose } from '../key/create-key.ts'
import { type KeyRow, selectKeyByAccessKey } from '../key/key-store.ts'
import { type KeyCopies, openKeyCopies } from '../keyed/key-copies.ts'
import { type Memory, remember } from './remember.ts'

export interface HeldKey extends KeyRow {
  secret: string
  ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][]
}

export interface HeldGrant {
  row: GrantRow
  /** Null while its data cannot be read. */
  compiled: Compiled | null
}

/** What a running gateway holds: keys and compiled grants, both dropped when the event log says that something changed. */
export interface Gateway {
  keys: Memory<HeldKey>
  grants: Memory<HeldGrant>
  copies: KeyCopies
  ledger: CallLedger
  /** Whether every change up to now is known here. */
  isCurrent: () => boolean | Promise<boolean>
}

/** Rights older than this are not acted on: a suspension holds everywhere within a second. */
const oldestMs = 1000

export function openGateway(ctx: Ctx, feed: EventFeed, { sealer, copies: folder }: { sealer: Sealer; copies: string }): Gateway {
  const keys = remember(async (accessKey) => holdKey(await selectKeyByAccessKey(ctx.db, accessKey), sealer))
  const grants: Memory<HeldGrant> = remember((number) => holdGrant(ctx, number, copies))
  const forgetEntry = (entryId: string) => grants.forget(({ row }) => row.entry_id === entryId)
  const copies = openKeyCopies(ctx, folder, forgetEntry)
  feed.subscribe((event) => {
    if (/^(sharing\.key_(created|revoked)|security\.)/.test(event.action)) keys.forget()
    const entryId = entryOf(event)
    if (entryId) forgetEntry(entryId)
    else if (/^(catalog|ingestion)\./.test(event.action)) grants.forget()
  })
  return { keys, grants, copies, ledger: openCallLedger(ctx), isCurrent: () => feed.isCurrent(oldestMs) }
}

/** The entry that a change is about. */
export function entryOf({ object_type, object_id, detail }: FeedEvent): string | null {
  if (typeof detail.entryId === 'string') return detail.entryId
  return object_type === 'entry' ? object_id : null
}

function holdKey(row: KeyRow | undefined, sealer: Sealer): HeldKey | undefined {
  if (!row) return undefined
  const ranges = row.allowed_addresses.map(toRange)
  return { ...row, secret: sealer.open(sealPurpose(row.id), row.sealed_secret), ranges }
}

const toRange = (address: string): [ipaddr.IPv4 | ipaddr.IPv6, number] => {
  if (address.includes('/')) return ipaddr.parseCIDR(address)
  const one = ipaddr.parse(address)
  return [one, one.kind() === 'ipv4' ? 32 : 128]
}

async function holdGrant(ctx: Ctx, number: string, copies: KeyCopies): Promise<HeldGrant | undefined> {
  const row = await selectGrantByNumber(ctx.db, number)
  if (!row) return undefined
  if (row.state !== 'active') return { row, compiled: null }
  const compiled = await compileGrant(ctx, row, copies).catch((error) => {
    if (error instanceof AppError) return null
    throw error
  })
  return { row, compiled }
}
