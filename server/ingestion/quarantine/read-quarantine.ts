import { z } from 'zod'
import type { QuarantinedRow as QuarantinedRowSchema } from '#contract/ingestion.ts'
import type { RowCondition } from '#contract/sharing.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import type { Grant } from '../../kernel/grant.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { mintGrant } from '../../security/index.ts'
import type { Ctx } from '../../store/index.ts'
import { digestColumn } from '../connectors/connector.ts'
import { quarantineColumns, unreadableRows } from '../load/lake-tables.ts'
import { keepsRefused } from '../load/present-load.ts'
import { selectLoad } from '../load/load-store.ts'
import type { PlanRow } from '../plan/plan-store.ts'
import { selectStream } from '../stream/stream-store.ts'
import { isStreamColumn, streamTables } from '../stream/stream-tables.ts'
import type { ActRow } from './act-store.ts'

export type QuarantinedRow = z.output<typeof QuarantinedRowSchema>

/** The quarantine of a plan, with the right of its owner to read it: raw texts, nothing masked, for correction only. */
export interface Quarantine {
  loadId: string
  grant: Grant
  items: string[]
}

/** @param failedLoadId a load of the plan that too many wrong rows have stopped: its quarantine can be looked at, and changes nothing
 * @throws conflict `ingestion.no_quarantine` */
export async function openQuarantine(ctx: Ctx, plan: PlanRow, failedLoadId?: string): Promise<Quarantine> {
  const { loadId, table } = await (failedLoadId ? findRefused(ctx, plan, failedLoadId) : findQuarantine(ctx, plan))
  const columns = await ctx.lake.measure<{ name: string }>(
    "SELECT name FROM system.columns WHERE database = 'lake' AND table = {table:String} AND name NOT IN ({row:String}, {digest:String}) ORDER BY position",
    { table, row: rowColumn, digest: digestColumn },
  )
  const names = columns.map(({ name }) => name).filter((name) => !isStreamColumn(name))
  const tableItems = names.map((code) => ({ code, dataType: 'M', length: null, scale: null, isKey: false }) as const)
  const grant = mintGrant(ctx, {
    decisionId: `ingestion.plan:${plan.id}`,
    holderOrgId: plan.org_id,
    purpose: '更正隔离的行',
    table,
    tableItems,
    items: names.map((item) => ({ item, mask: 'none' })),
    rows: [],
    maxRows: 100_000,
  })
  const special = new Set<string>(Object.values(quarantineColumns))
  return { loadId, grant, items: names.filter((name) => !special.has(name)) }
}

/** That of the last full load, or of the stream, which stands in a load's place. */
async function findQuarantine({ db }: Ctx, { quarantine_load_id: id }: PlanRow): Promise<{ loadId: string; table: string }> {
  const load = id === null ? undefined : await selectLoad(db, 'everything', id)
  const stream = id === null || load ? undefined : await selectStream(db, 'everything', id)
  const table = stream ? streamTables(stream.id, stream.copy, stream.attempt).quarantine : load?.quarantine_table
  if (id === null || !table) throw conflict('ingestion.no_quarantine')
  return { loadId: id, table }
}

async function findRefused({ db }: Ctx, plan: PlanRow, loadId: string): Promise<{ loadId: string; table: string }> {
  const load = await selectLoad(db, 'everything', loadId)
  if (load?.plan_id !== plan.id || !keepsRefused(load)) throw conflict('ingestion.no_quarantine')
  return { loadId, table: load.quarantine_table! }
}

/** What a stream brought is corrected where it came from. @throws conflict `ingestion.stream_correct_at_source` */
export function refuseFollowed({ mode }: PlanRow): void {
  if (mode.kind === 'stream') throw conflict('ingestion.stream_correct_at_source')
}

/** Rows after a row number. `values` are the raw texts by item. */
export async function readRows(
  ctx: Ctx,
  { grant, loadId, items }: Quarantine,
  query: { after: number; limit: number; conditions?: RowCondition[] },
): Promise<{ rows: QuarantinedRow[]; last: number | null }> {
  const { columns, rows, next } = await ctx.read(grant, query)
  const at = new Map(columns.map((name, i) => [name, i]))
  const read = rows.map((row): QuarantinedRow => {
    const cell = (name: string) => row[at.get(name)!] ?? null
    const number = Number(cell(quarantineColumns.row))
    const reason = cell(quarantineColumns.reason) ?? ''
    return {
      id: `${loadId}_${number}`,
      loadId,
      row: showRow(number),
      column: cell(quarantineColumns.item) ?? '',
      reason,
      detail: detailOf(reason, cell(quarantineColumns.detail) ?? '', ctx.language),
      values: Object.fromEntries(items.map((item) => [item, cell(item)])),
      state: 'open',
    }
  })
  return { rows: read, last: next }
}

/** Why, and the text that it is about; of a record that could not be read at all the place is known too. */
function detailOf(reason: string, detail: string, language: Language): string {
  const defect = reason.startsWith('file.') && detail.startsWith('{"params":') ? DefectDetail.parse(JSON.parse(detail)) : null
  const raw = defect ? defect.raw : detail
  return `${messageOf(reason, language, defect?.params)}${raw === '' ? '' : `${asWritten[language]}${raw}`}`
}

const asWritten: Record<Language, string> = { zh: ' 原文：', en: ' As written: ' }

/** How file-objects.ts writes down a broken record. */
const DefectDetail = z.object({ params: z.record(z.string(), z.union([z.string(), z.number()])), raw: z.string() })

/** Records that could not be read at all are known by their line. */
const showRow = (number: number) => (number >= unreadableRows ? number - unreadableRows : number)

export async function readRow(ctx: Ctx, quarantine: Quarantine, number: number): Promise<QuarantinedRow> {
  const { rows } = await readRows(ctx, quarantine, { after: number - 1, limit: 1 })
  const [found] = rows
  if (!found || found.id !== `${quarantine.loadId}_${number}`) throw notFound('value.not_found')
  return found
}

/** A row with what was done about it. */
export const withAct = (row: QuarantinedRow, act: ActRow | undefined, language: Language): QuarantinedRow =>
  act
    ? {
        ...row,
        state: act.state,
        values: act.corrected ? { ...row.values, ...act.corrected } : row.values,
        ...(act.state === 'open' && act.reason && { reason: act.reason, detail: messageOf(act.reason, language) }),
        ...(act.state === 'discarded' && { detail: act.reason ?? '' }),
      }
    : row

/** `<load>_<row>` as it is in the address. @throws value.not_found where it is of another quarantine */
export function rowNumberOf(rowId: string, loadId: string): number {
  const [load, number] = rowId.split('_')
  if (load !== loadId || !number || !/^\d{1,15}$/.test(number)) throw notFound('value.not_found')
  return Number(number)
}
