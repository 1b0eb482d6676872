import { Readable } from 'node:stream'
import type { FileAnswer } from '#contract/route.ts'
import type { Ctx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { type RunEventFilter, selectRunEvents } from './run-event-store.ts'

const pageSize = 500

/** The same events as JSON lines: what an OpenLineage consumer is fed with. Read page by page while they are sent. */
export async function exportRunEvents(ctx: Ctx, filter: RunEventFilter): Promise<FileAnswer> {
  async function* lines() {
    for (let cursor: string | undefined, isLast = false; !isLast; ) {
      const rows = await selectRunEvents(ctx.db, visibleTo(ctx.actor), filter, { cursor, limit: pageSize })
      for (const { body } of rows) yield `${JSON.stringify(body)}\n`
      isLast = rows.length < pageSize
      cursor = rows.at(-1)?.id
    }
  }
  return { fileName: 'openlineage.jsonl', contentType: 'application/x-ndjson; charset=utf-8', body: Readable.from(lines()) }
}
