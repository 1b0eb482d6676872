import type { Item } from '#contract/catalog.ts'
import type { FileDialect, MappingColumn, ObjectDescription } from '#contract/ingestion.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import type { Access } from '../load/load-full.ts'
import { guessColumn } from '../files/guess-type.ts'
import { connectorOf } from '../source/connector-of.ts'
import { getOwnSource } from '../source/present-source.ts'
import { getOwnEntry } from './save-plan.ts'

type Column = ObjectDescription['columns'][number]

/** Proposes which column fills which item, by code, name and comment. */
export async function suggestMapping(
  ctx: Ctx,
  access: Access,
  input: { entryId: string; sourceId: string; object: string; dialect: FileDialect | null },
) {
  const entry = await getOwnEntry(ctx, input.entryId)
  const source = await getOwnSource(ctx, input.sourceId)
  const { columns } = await connectorOf(ctx, access, source).describe(input.object, input.dialect)
  await inTx(ctx, async (ctx) =>
    emit(ctx, {
      action: 'ingestion.mapping_suggested',
      object: { type: 'source', id: source.id, name: source.name },
      detail: { object: input.object, entryId: entry.id },
    }),
  )
  return matchColumns(entry.content.items, columns)
}

export function matchColumns(items: readonly Item[], columns: readonly Column[]) {
  const pairs = items
    .flatMap((item) => columns.map((column) => ({ item, column, score: likeness(item, column) })))
    .filter(({ score }) => score >= 0.5)
    .sort((one, other) => other.score - one.score)
  const byItem = new Map<string, Column>()
  const used = new Set<string>()
  // The surest pairs first; each item and each column once.
  for (const { item, column } of pairs)
    if (!byItem.has(item.code) && !used.has(column.name)) {
      byItem.set(item.code, column)
      used.add(column.name)
    }
  const mapping: MappingColumn[] = items.flatMap(({ code }) => {
    const column = byItem.get(code)
    return column
      ? [{ item: code, column: column.name, conversion: 'auto', format: '', missing: missingMarks(column), trim: true } as const]
      : []
  })
  return {
    mapping,
    unmatchedItems: items.filter(({ code }) => !byItem.has(code)).map(({ code }) => code),
    unmatchedColumns: columns.filter(({ name }) => !used.has(name)).map(({ name }) => name),
  }
}

const missingMarks = ({ name, samples }: Column) => guessColumn(name, samples).missingMarks.slice(0, 10)

/** 1: the same word; above 0.5: alike enough to be proposed. */
function likeness(item: Item, column: Column): number {
  const ours = [item.code, item.name, item.description].map(fold)
  const theirs = [column.name, column.comment].map(fold).filter((text) => text !== '')
  const scores = ours.slice(0, 2).flatMap((one) => theirs.map((other) => (one === other ? 1 : 0.95 * dice(one, other))))
  const mention = ours[2] !== '' && theirs.some((other) => other.length > 1 && ours[2]!.includes(other)) ? 0.55 : 0
  return Math.max(...scores, mention)
}

const fold = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-./()（）:：]+/g, '')

/** Shared pairs of characters, twice over all pairs (Sørensen–Dice): works on two-character Chinese words as on English ones. */
function dice(one: string, other: string): number {
  const pairs = (text: string) => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2))
  const [left, right] = [pairs(one), pairs(other)]
  if (left.length + right.length === 0) return 0
  const rest = [...right]
  const shared = left.filter((pair) => {
    const at = rest.indexOf(pair)
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  }).length
  return (2 * shared) / (left.length + right.length)
}
