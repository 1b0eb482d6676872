import { type Ctx, emit, inTx } from '../../store/index.ts'
import type { Access } from '../load/load-full.ts'
import { buildProposal } from './build-proposal.ts'
import { connectorOf } from './connector-of.ts'
import { type GuessedItem, guessItem } from './guess-item.ts'
import { getOwnSource } from './present-source.ts'

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
  const content = buildProposal(source, { object, kind: info?.kind ?? 'table', comment: info?.comment ?? '', items })
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
