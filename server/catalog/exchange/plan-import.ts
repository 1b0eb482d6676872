import { EntryContent, type EntryState, type Item } from '#contract/catalog.ts'
import type { Profile } from '#contract/profile.ts'
import { toFieldProblems } from '../../http/index.ts'
import { findUnstorable } from '../../kernel/storable-text.ts'
import { checkContent } from '../content/check-content.ts'
import { compareContents } from '../content/compare-contents.ts'
import { type EntryCells, entryColumns, entrySheet, itemColumns, itemSheet, keyHeaders } from './sheet-columns.ts'
import type { SheetProblem, SheetRow, Workbook } from './read-workbook.ts'

/** An entry of the importer's organisation as it stands: the version that a row would change. */
export interface KnownEntry {
  id: string
  code: string | null
  name: string
  state: EntryState
  /** Of the open version, else of the published one. */
  content: EntryContent
  open: 'editable' | 'in_review' | null
}

/** Everything that a row can refer to. */
export interface ImportContext {
  profile: Profile
  org: { name: string; uscc: string | null }
  entries: readonly KnownEntry[]
  /** Own systems by name and by code; every organisation by name. */
  systems: ReadonlyMap<string, string>
  orgs: ReadonlyMap<string, string>
  resourceCodes: ReadonlySet<string>
}

export interface PlannedEntry {
  content: EntryContent
  /** Undefined for a new entry. */
  entry: KnownEntry | undefined
  act: 'create' | 'update' | 'unchanged'
}

export interface ImportPlan {
  planned: PlannedEntry[]
  /** In the order of the sheets. */
  problems: SheetProblem[]
}

type Say = (problem: Omit<SheetProblem, 'blocks'>, blocks?: boolean) => void
type EntryRow = SheetRow<EntryCells>
type ItemRow = SheetRow<Item>

/**
 * What an import of a workbook comes to, and everything that is wrong with it. Columns that a sheet lacks and entries
 * without rows of items leave what is there untouched. Pure.
 */
export function planImport(workbook: Workbook, context: ImportContext): ImportPlan {
  const problems = [...workbook.problems]
  const at = new Set(problems.map(({ sheet, row, column }) => `${sheet}\n${row}\n${column}`))
  // A cell that is wrong in itself needs no second remark from a later check.
  const say: Say = (problem, blocks = true) => {
    const place = `${problem.sheet}\n${problem.row}\n${problem.column}`
    if (!at.has(place)) problems.push({ ...problem, blocks })
    if (blocks) at.add(place)
  }
  const rows = workbook.entries.filter((row) => isOwn(row, entrySheet, context, say))
  const itemsOf = groupItems(rows, workbook.items, context, say)
  const matched = matchRows(rows, context, say)
  const planned = rows.flatMap((row) => {
    const entry = matched.get(row)
    return entry === null ? [] : planRow({ row, items: itemsOf.get(row) ?? [], entry }, context, say)
  })
  if (workbook.entries.length === 0 && problems.length === 0) say({ sheet: entrySheet, row: 2, column: '', code: 'catalog.import_empty' })
  const order = (sheet: string) => (sheet === entrySheet ? 0 : 1)
  problems.sort((a, b) => order(a.sheet) - order(b.sheet) || a.row - b.row)
  return { planned, problems }
}

function isOwn({ row, key }: EntryRow | ItemRow, sheet: string, { org }: ImportContext, say: Say): boolean {
  if (key.provider === '' || key.provider === org.name) return true
  const params = { provider: key.provider, org: org.name }
  say({ sheet, row, column: keyHeaders.provider, code: 'catalog.import_other_provider', params })
  return false
}

/** Rows of items name their entry by its code, or by its name where it has none yet. */
function groupItems(rows: readonly EntryRow[], items: readonly ItemRow[], context: ImportContext, say: Say): Map<EntryRow, ItemRow[]> {
  const byCode = new Map(rows.filter(({ key }) => key.code !== '').map((row) => [row.key.code, row]))
  // Of two rows of one name the first has the items; the second is a problem of its own.
  const byName = new Map(rows.toReversed().map((row) => [row.key.name, row]))
  const groups = new Map<EntryRow, ItemRow[]>()
  for (const item of items.filter((row) => isOwn(row, itemSheet, context, say))) {
    const { code, name } = item.key
    const row = byCode.get(code) ?? byName.get(name)
    if (!row)
      say({ sheet: itemSheet, row: item.row, column: keyHeaders.name, code: 'catalog.import_item_orphan', params: { name: name || code } })
    else if (!groups.get(row)?.push(item)) groups.set(row, [item])
  }
  return groups
}

/** The entry that each row means; undefined: a new one; null: the row cannot be used. */
function matchRows(rows: readonly EntryRow[], { entries }: ImportContext, say: Say): Map<EntryRow, KnownEntry | undefined | null> {
  const byCode = new Map(entries.filter(({ code }) => code !== null).map((entry) => [entry.code, entry]))
  const byName = new Map(entries.filter(isLive).map((entry) => [entry.name, entry]))
  const firstRow = new Map<string, number>()
  const matched = new Map<EntryRow, KnownEntry | undefined | null>()
  for (const row of rows) {
    const { code, name } = row.key
    const refuse = (column: string, problem: string, params: SheetProblem['params']) => {
      say({ sheet: entrySheet, row: row.row, column, code: problem, params })
      matched.set(row, null)
    }
    const entry = code === '' ? byName.get(name) : byCode.get(code)
    const identities = [`name:${name}`, ...(entry ? [entry.id] : [])]
    const earlier = identities.map((identity) => firstRow.get(identity)).find((found) => found !== undefined)
    matched.set(row, entry)
    const namesake = byName.get(name)
    if (code !== '' && !entry) refuse(keyHeaders.code, 'catalog.import_code_unknown', { code })
    else if (earlier !== undefined && name !== '') refuse(keyHeaders.name, 'catalog.import_twice', { row: earlier })
    else if (namesake && namesake !== entry) refuse(keyHeaders.name, 'catalog.name_taken', { name })
    for (const identity of identities) if (!firstRow.has(identity)) firstRow.set(identity, row.row)
  }
  return matched
}

const isLive = ({ state, open }: KnownEntry): boolean => open !== null || state === 'published' || state === 'withdrawing'

interface RowInput {
  row: EntryRow
  items: ItemRow[]
  entry: KnownEntry | undefined
}

function planRow(input: RowInput, context: ImportContext, say: Say): PlannedEntry[] {
  const { row, entry } = input
  const parsed = EntryContent.safeParse(mergeContent(input, context, say))
  const faults = parsed.success ? findUnstorable(parsed.data, '') : toFieldProblems('', parsed.error.issues)
  for (const { pointer, code, params } of faults) say({ ...placeOf(pointer, input), code, params })
  if (!parsed.success || faults.length > 0) return []
  const content = parsed.data
  const { org, profile, resourceCodes } = context
  const unknownCodes = new Set(content.relatedCodes.filter((code) => !resourceCodes.has(code)))
  const known = { isNameTaken: false, isSystemKnown: true, isLeadKnown: true, unknownCodes }
  const incomplete = checkContent(content, profile, { ...known, hasProviderCode: org.uscc !== null, code: entry?.code ?? null })
  for (const { pointer, code, params } of incomplete) say({ ...placeOf(pointer, input), code, params }, false)
  if (!entry) return [{ content, entry, act: 'create' }]
  if (compareContents(entry.content, content).length === 0) return [{ content, entry, act: 'unchanged' }]
  const obstacle =
    entry.open === 'in_review' ? 'catalog.import_in_review' : entry.state === 'withdrawing' ? 'catalog.import_withdrawing' : null
  if (obstacle) say({ sheet: entrySheet, row: row.row, column: keyHeaders.name, code: obstacle, params: { name: entry.name } })
  return [{ content, entry, act: 'update' }]
}

/** The content there is, with what the row says over it; an empty cell is the field's default. */
function mergeContent({ row, items, entry }: RowInput, context: ImportContext, say: Say): object {
  const base = entry?.content
  const { systemId: system, leadOrgId: lead, ...cells } = row.cells
  const refer = (name: string | null | undefined, ids: ReadonlyMap<string, string>, field: 'systemId' | 'leadOrgId', code: string) => {
    if (name === undefined) return base?.[field] ?? null
    if (name === null) return null
    const id = ids.get(name.trim())
    if (id === undefined) say({ sheet: entrySheet, row: row.row, column: headerOf(entryColumns, field), code, params: { name } })
    return id ?? null
  }
  const known = new Map(base?.items.map((item) => [item.code, item]))
  return {
    ...overlay(base, cells),
    systemId: refer(system, context.systems, 'systemId', 'catalog.import_system_unknown'),
    leadOrgId: refer(lead, context.orgs, 'leadOrgId', 'catalog.import_lead_unknown'),
    items: items.length === 0 ? (base?.items ?? []) : items.map(({ cells }) => overlay(known.get(cells.code?.trim() ?? ''), cells)),
  }
}

const overlay = (base: object | undefined, cells: Record<string, unknown>): object => {
  const merged = { ...base, ...cells }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}

const headerOf = (columns: readonly { field: string; header: string }[], field: string): string =>
  columns.find((column) => column.field === field)?.header ?? ''

/** Where a field of a content stands in the workbook. */
function placeOf(pointer: string, { row, items }: RowInput): Pick<SheetProblem, 'sheet' | 'row' | 'column'> {
  const [, field = '', index, itemField = ''] = pointer.split('/')
  const item = field === 'items' && index !== undefined ? items[Number(index)] : undefined
  if (item) return { sheet: itemSheet, row: item.row, column: headerOf(itemColumns, itemField) }
  const column = field === 'items' ? itemSheet : field === 'provider' ? keyHeaders.provider : headerOf(entryColumns, field)
  return { sheet: entrySheet, row: row.row, column }
}
