import { Readable } from 'node:stream'
import { entryStates, type EntryState } from '#contract/catalog.ts'
import type { FileAnswer } from '#contract/route.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { type Ctx, writeXlsx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { buildWorkbook, type EntryToWrite } from './build-workbook.ts'
import { type ExportFilter, selectContents, selectExported, selectNames } from './exchange-store.ts'

const perBatch = 200
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The entries that the caller may see, as the workbook that an import reads: brought back unchanged, it changes nothing. */
export async function exportEntries(ctx: Ctx, filter: ExportFilter): Promise<FileAnswer> {
  const scope = visibleTo(ctx.actor)
  if (scope === 'everything') throw new Error('an export is made for somebody')
  const rows = await selectExported(ctx.db, scope, filter)
  const names = await selectNames(ctx.db)
  const walk = async function* (): AsyncGenerator<EntryToWrite> {
    for (let start = 0; start < rows.length; start += perBatch) {
      const batch = rows.slice(start, start + perBatch)
      const contents = await selectContents(
        ctx.db,
        batch.map(({ revision_id }) => revision_id),
      )
      for (const row of batch) {
        const content = contents.get(row.revision_id)!
        yield {
          code: row.code ?? '',
          provider: row.provider_name,
          uscc: row.provider_uscc ?? '',
          state: entryStates.states[row.state as EntryState].zh,
          publishedOn: row.published_on ?? '',
          system: names.systems.get(content.systemId ?? '') ?? '',
          leadOrg: names.orgs.get(content.leadOrgId ?? '') ?? '',
          content,
        }
      }
    }
  }
  const whose = filter.orgId ? (names.orgs.get(filter.orgId) ?? '') : ctx.profile.name.zh
  return { fileName: `数据目录_${whose}_${toLocalDate(ctx.now())}.xlsx`, contentType, body: Readable.from(writeXlsx(buildWorkbook(walk))) }
}

/** The empty workbook with its instructions and lists. */
export const getImportTemplate = async (): Promise<FileAnswer> => ({
  fileName: '数据目录导入模板.xlsx',
  contentType,
  body: Readable.from(writeXlsx(buildWorkbook(() => []))),
})
