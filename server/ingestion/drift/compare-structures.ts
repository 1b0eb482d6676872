import type { SourceStructure, StructureChange, StructureColumn } from '#contract/ingestion/drift.ts'
import type { MappingColumn } from '#contract/ingestion.ts'
import { isWidening } from './widen-type.ts'

interface Pair {
  was: StructureColumn
  is: StructureColumn
  isCertain: boolean
}

/**
 * What changed between the structure that a plan was made for and the one that is there, and what each change does to the mapped
 * items. Columns are the same by the database's own identity, else by name; of the rest, two that are alike in place, type,
 * comment and content are taken for a renaming that a person must confirm.
 */
export function compareStructures(
  before: SourceStructure,
  after: SourceStructure,
  mapping: readonly Pick<MappingColumn, 'item' | 'column'>[],
): StructureChange[] {
  const itemsOf = (column: string) => mapping.filter((line) => line.column === column).map(({ item }) => item)
  const pairs = pairColumns(before, after)
  const left = new Set(pairs.map(({ was }) => was))
  const right = new Set(pairs.map(({ is }) => is))
  const change = (
    kind: StructureChange['kind'],
    column: string,
    [from, to]: [string | null, string | null],
    rest: { effect: StructureChange['effect']; isCertain?: boolean },
  ): StructureChange => ({ kind, column, before: from, after: to, isCertain: true, items: itemsOf(column), ...rest })
  // What no item is mapped from cannot reach the data, but is a change of the structure all the same.
  const touching = (column: string) => (itemsOf(column).length > 0 ? ('breaking' as const) : ('compatible' as const))
  const changes = pairs.flatMap(({ was, is, isCertain }) => [
    ...(was.name !== is.name ? [change('renamed', was.name, [was.name, is.name], { effect: touching(was.name), isCertain })] : []),
    ...(was.type !== is.type
      ? [change('retyped', was.name, [was.type, is.type], { effect: isWidening(was.type, is.type) ? 'compatible' : touching(was.name) })]
      : []),
    ...(was.nullable !== is.nullable
      ? [change('nullable', was.name, [nullWord(was), nullWord(is)], { effect: is.nullable ? 'compatible' : 'none' })]
      : []),
    ...(was.comment !== is.comment ? [change('comment', was.name, [was.comment, is.comment], { effect: 'none' })] : []),
  ])
  const dropped = before.columns.filter((column) => !left.has(column))
  const added = after.columns.filter((column) => !right.has(column))
  const keys = [keyOf(before), keyOf(renamedBack(after, pairs))] as const
  const order = orderOf(before, after, pairs)
  return [
    ...dropped.map(({ name, type }) => change('dropped', name, [type, null], { effect: touching(name) })),
    ...added.map(({ name, type }) => ({ ...change('added', name, [null, type], { effect: 'compatible' }), items: [] })),
    ...changes,
    ...(keys[0] !== keys[1] ? [change('key', '', [keys[0], keys[1]], { effect: 'breaking' })] : []),
    ...(order ? [change('reordered', '', order, { effect: mayBeSwap(before, after) ? 'breaking' : 'none' })] : []),
  ]
}

const nullWord = ({ nullable }: StructureColumn) => (nullable ? 'NULL' : 'NOT NULL')
const keyOf = ({ columns }: Pick<SourceStructure, 'columns'>) =>
  columns
    .filter(({ isKey }) => isKey)
    .map(({ name }) => name)
    .sort()
    .join(', ')

/** The structure of now under the names of before: a renamed key is the same key. */
const renamedBack = ({ columns }: SourceStructure, pairs: readonly Pair[]) => ({
  columns: columns.map((column) => ({ ...column, name: pairs.find(({ is }) => is === column)?.was.name ?? column.name })),
})

/** Without identities, two names that changed places may be two columns that changed names. In a file, a name goes with its data. */
const mayBeSwap = (before: SourceStructure, after: SourceStructure) =>
  after.kind === 'table' && [...before.columns, ...after.columns].some(({ identity }) => identity === null)

function orderOf(before: SourceStructure, after: SourceStructure, pairs: readonly Pair[]): [string, string] | null {
  const was = before.columns.filter((column) => pairs.some((pair) => pair.was === column))
  const is = after.columns.flatMap((column) => pairs.filter((pair) => pair.is === column).map((pair) => pair.was))
  if (was.every((column, i) => column === is[i])) return null
  const names = (columns: readonly StructureColumn[]) => columns.map(({ name }) => name).join(', ')
  return [names(was), names(is)]
}

function pairColumns(before: SourceStructure, after: SourceStructure): Pair[] {
  const pairs: Pair[] = []
  const free = new Set(after.columns)
  const take = (was: StructureColumn, is: StructureColumn | undefined, isCertain: boolean) => {
    if (!is) return
    free.delete(is)
    pairs.push({ was, is, isCertain })
  }
  const find = (test: (column: StructureColumn) => boolean) => [...free].find(test)
  const rest = () => before.columns.filter((column) => !pairs.some(({ was }) => was === column))
  for (const was of before.columns)
    if (was.identity !== null)
      take(
        was,
        find(({ identity }) => identity === was.identity),
        true,
      )
  for (const was of rest())
    take(
      was,
      find(({ name, identity }) => name === was.name && !isOther(was.identity, identity)),
      true,
    )
  const alike = rest()
    .flatMap((was) =>
      [...free].filter((is) => !isOther(was.identity, is.identity)).map((is) => ({ was, is, score: likeness(before, was, after, is) })),
    )
    .filter(({ score }) => score >= 0.7)
    .sort((one, other) => other.score - one.score)
  for (const { was, is } of alike) if (free.has(is) && !pairs.some((pair) => pair.was === was)) take(was, is, false)
  return pairs
}

/** Two columns of the same table with identities of their own are two columns; a table that was made anew has new ones. */
const isOther = (one: string | null, other: string | null) =>
  one !== null && other !== null && one !== other && one.split('.')[0] === other.split('.')[0]

function likeness(before: SourceStructure, was: StructureColumn, after: SourceStructure, is: StructureColumn): number {
  const place = before.columns.indexOf(was) === after.columns.indexOf(is) ? 0.4 : 0
  const type = was.type === is.type ? 0.3 : 0
  const comment = was.comment !== '' && was.comment === is.comment ? 0.4 : 0
  const content = was.looksLike === is.looksLike ? 0.1 : -0.3
  return place + type + comment + content
}
