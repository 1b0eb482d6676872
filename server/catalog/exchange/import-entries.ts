import type { Readable } from 'node:stream'
import type { ImportReport } from '#contract/catalog.ts'
import { type Language, messageOf } from '#contract/messages/index.ts'
import type { z } from 'zod'
import { orgOf } from '../../kernel/actor.ts'
import { AppError, conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Ctx, emit, inTx, openXlsx, type TxCtx } from '../../store/index.ts'
import { selectEntry } from '../entry/entry-store.ts'
import { refuseTakenName } from '../refuse-taken-name.ts'
import { insertDrafts } from '../revision/create-entry.ts'
import { selectRevision } from '../revision/revision-store.ts'
import { insertNextDraft } from '../revision/start-revision.ts'
import { saveDraft } from '../revision/update-revision.ts'
import { selectKnownEntries, selectReferences } from './exchange-store.ts'
import { type ImportPlan, type PlannedEntry, planImport } from './plan-import.ts'
import { readWorkbook, type Workbook } from './read-workbook.ts'

export interface ImportInput {
  file: Readable
  fileName: string
  dryRun: boolean
}
type Report = z.infer<typeof ImportReport>

const maxMiB = 50
const perBatch = 100

/**
 * Reads a workbook into drafts of the caller's organisation, all of it in one transaction or nothing. A trial, and a
 * workbook with a blocking problem, change nothing and report every problem of every row.
 * @throws `file.…` when the file is no workbook; too_large; conflict `value.stale` when somebody changed an entry meanwhile
 */
export async function importEntries(ctx: Ctx, input: ImportInput): Promise<Report> {
  const workbook = await receive(ctx, input.file)
  const plan = planImport(workbook, await readContext(ctx, workbook))
  const importId = newId(ctx.now().getTime())
  const isRefused = plan.problems.some(({ blocks }) => blocks)
  await inTx(ctx, async (ctx) => {
    const detail = { importId, fileName: input.fileName, entries: workbook.entries.length, problems: plan.problems.length }
    if (input.dryRun || isRefused) return emit(ctx, { action: 'catalog.import_checked', detail: { ...detail, dryRun: input.dryRun } })
    const entryIds = await applyPlan(ctx, plan.planned, `表格导入：${input.fileName}`.slice(0, 500))
    emit(ctx, { action: 'catalog.entries_imported', detail: { ...detail, entryIds } })
  })
  return present(workbook, plan, { importId, dryRun: input.dryRun, language: ctx.language, isRefused })
}

/** The upload goes to disk first: a workbook is read from its end. */
async function receive(ctx: Ctx, file: Readable): Promise<Workbook> {
  const key = `imports/${newId()}.xlsx`
  try {
    await ctx.files.put(key, file, maxMiB * 1024 * 1024)
    const book = await openXlsx(ctx.files.pathOf(key))
    try {
      return await readWorkbook(book)
    } finally {
      book.close()
    }
  } catch (error) {
    if (error instanceof RangeError && error.message === 'too_large')
      throw new AppError('too_large', 'http.too_large', { params: { limit: `${maxMiB} MiB` } })
    throw error
  } finally {
    await ctx.files.remove(key)
  }
}

async function readContext(ctx: Ctx, workbook: Workbook) {
  const { id, name } = orgOf(ctx.actor)
  const org = await ctx.db.selectFrom('security.org').select('uscc').where('id', '=', id).executeTakeFirstOrThrow()
  const codes = [...new Set(workbook.entries.flatMap(({ cells }) => cells.relatedCodes ?? []))]
  return {
    profile: ctx.profile,
    org: { name, uscc: org.uscc },
    entries: await selectKnownEntries(ctx.db, id),
    ...(await selectReferences(ctx.db, id, codes)),
  }
}

/** @returns the ids of the entries that were made or changed */
async function applyPlan(ctx: TxCtx, planned: readonly PlannedEntry[], reason: string): Promise<string[]> {
  const created = planned.filter(({ act }) => act === 'create').map(({ content }) => content)
  const entryIds: string[] = []
  for (let start = 0; start < created.length; start += perBatch) {
    const batch = created.slice(start, start + perBatch)
    // Names were compared before; only somebody else's entry of this very moment can still be in the way.
    const drafts = await refuseTakenName('value.stale', '', () => insertDrafts(ctx, orgOf(ctx.actor).id, batch))
    entryIds.push(...drafts.map(({ entryId }) => entryId))
  }
  for (const { act, entry, content } of planned) {
    if (act !== 'update' || !entry) continue
    const row = (await selectEntry(ctx.db, 'everything', entry.id))!
    const open = row.open_revision_id && (await selectRevision(ctx.db, 'everything', row.open_revision_id))
    if ((entry.open === null) !== (row.open_revision_id === null)) throw conflict('value.stale')
    if (open) await saveDraft(ctx, open, content)
    else await insertNextDraft(ctx, row, reason, content)
    entryIds.push(entry.id)
  }
  return entryIds
}

function present(
  workbook: Workbook,
  { planned, problems }: ImportPlan,
  { importId, dryRun, language, isRefused }: { importId: string; dryRun: boolean; language: Language; isRefused: boolean },
): Report {
  const count = (act: PlannedEntry['act']) => (isRefused && !dryRun ? 0 : planned.filter((one) => one.act === act).length)
  return {
    importId,
    dryRun,
    entries: workbook.entries.length,
    items: workbook.items.length,
    created: count('create'),
    updated: count('update'),
    unchanged: count('unchanged'),
    problems: problems.map(({ sheet, row, column, code, params, blocks }) => ({
      sheet,
      row,
      column,
      code,
      detail: messageOf(code, language, params),
      blocks,
    })),
  }
}
