import { EntryContent } from '#contract/catalog.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import type { Access } from '../load/load-full.ts'
import { connectorOf } from './connector-of.ts'
import { type GuessedItem, guessItem } from './guess-item.ts'
import { getOwnSource } from './present-source.ts'

const order = ['L1', 'L2', 'L3', 'L4', 'important', 'core'] as const

/** Reverse cataloging 反向编目: an entry proposed from a live table. The steward accepts or corrects it; nothing is stored. */
export async function proposeEntry(ctx: Ctx, access: Access, sourceId: string, object: string) {
  const source = await getOwnSource(ctx, sourceId)
  const connector = connectorOf(ctx, access, source)
  const description = await connector.describe(object, null)
  const info = (await connector.listObjects()).find(({ name }) => name === object)
  const taken = new Set<string>()
  const items = description.columns.map((column, i): GuessedItem => {
    const item = guessItem(column, i, taken)
    taken.add(item.code)
    return item
  })
  const level = order[Math.max(0, ...items.map((item) => order.indexOf(item.level)))]!
  const isFile = info?.kind === 'file'
  const content = EntryContent.parse({
    name: (
      info?.comment ||
      object
        .replace(/\.[a-z]+$/i, '')
        .split('/')
        .at(-1) ||
      object
    ).slice(0, 200),
    abstract: info?.comment ?? '',
    systemId: source.system_id,
    formatCategory: isFile ? '2' : '3',
    formatType: isFile ? (object.split('.').at(-1) ?? '') : source.settings.kind,
    sharingMode: 'api',
    level,
    items,
    privacyReview: items.some(({ sensitiveKind }) => sensitiveKind !== 'none') ? '' : '不涉及个人信息',
  })
  await inTx(ctx, async (ctx) =>
    emit(ctx, {
      action: 'ingestion.entry_proposed',
      object: { type: 'source', id: sourceId, name: source.name },
      isData: true,
      detail: { object, items: items.length },
    }),
  )
  return { content, columns: description.columns.map(({ name }, i) => ({ item: items[i]!.code, column: name })) }
}
