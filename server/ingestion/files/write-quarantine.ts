// The side file of a prepared file: one JSON line per broken record, so that nothing is lost and a steward can correct and replay.
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../kernel/errors.ts'
import type { Defect, DefectReason } from './text/file-dialect.ts'

export interface QuarantineWriter {
  add(defect: Defect): void
  /** Writes what was added; call it now and then, and await it: that is the back-pressure. */
  flush(): Promise<void>
  close(): Promise<void>
  readonly reasons: Partial<Record<DefectReason, number>>
  readonly firstDefects: Defect[]
}

const SHOWN_AT_ONCE = 20

/** `maxDefects`: above it the encoding or the delimiter is wrong, not the records. @throws `file.too_many_defects` */
export async function openQuarantine(path: string, maxDefects: number): Promise<QuarantineWriter> {
  const handle: FileHandle = await open(path, 'w', 0o600)
  const reasons: QuarantineWriter['reasons'] = {}
  const firstDefects: Defect[] = []
  let pending: string[] = []
  let total = 0
  const flush = async () => {
    const text = pending.join('')
    pending = []
    if (text) await handle.appendFile(text)
  }
  return {
    reasons,
    firstDefects,
    add(defect) {
      if (++total > maxDefects) throw new AppError('invalid', 'file.too_many_defects', { params: { limit: maxDefects, line: defect.line } })
      reasons[defect.reason] = (reasons[defect.reason] ?? 0) + 1
      if (firstDefects.length < SHOWN_AT_ONCE) firstDefects.push(defect)
      pending.push(`${JSON.stringify(defect)}\n`)
    },
    flush,
    async close() {
      await flush()
      await handle.close()
    },
  }
}
