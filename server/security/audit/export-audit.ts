import { Readable } from 'node:stream'
import type { FileAnswer } from '#contract/route.ts'
import { toLocalDate } from '../../kernel/working-days.ts'
import { type Ctx, emit, inTx, writeCsv } from '../../store/index.ts'
import { type AuditFilter, presentEntry, selectEntries, selectHeadSeq } from './audit-store.ts'

const header = [
  ...['序号', '时间', '操作人类型', '操作人', '操作人标识', '机构', '操作', '对象类型', '对象', '对象标识'],
  ...['用途', '依据的决定', '结果', '来源地址', '请求编号', '明细', '链上杂凑值'],
]
const pageSize = 1000

/** The entries as a CSV stream, oldest first, up to the moment of asking; the export is itself an entry. */
export async function exportAudit(ctx: Ctx, filter: AuditFilter): Promise<FileAnswer> {
  const last = await selectHeadSeq(ctx.db)
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
  await inTx(ctx, async (ctx) => emit(ctx, { action: 'security.audit_exported', detail: { ...asked, last } }))
  return {
    fileName: `审计记录-${toLocalDate(ctx.now())}.csv`,
    contentType: 'text/csv; charset=utf-8',
    body: Readable.from(writeCsv({ header, rows: readRows(ctx, filter, last) })),
  }
}

async function* readRows(ctx: Ctx, filter: AuditFilter, last: number) {
  for (let beyond = 0; ; ) {
    const page = await selectEntries(ctx.db, filter, { order: 'asc', beyond, limit: pageSize })
    for (const row of page) {
      if (row.seq > last) return
      const { seq, at, actor, org, action, object, purpose, decisionId, result, address, requestId, detail, hash } = presentEntry(row)
      yield [
        ...[
          seq,
          at,
          actor.kind,
          actor.name,
          actor.id,
          org?.name ?? null,
          action,
          object?.type ?? null,
          object?.name ?? null,
          object?.id ?? null,
        ],
        ...[purpose, decisionId, result, address, requestId, JSON.stringify(detail), hash],
      ]
    }
    if (page.length < pageSize) return
    beyond = page.at(-1)!.seq
  }
}
