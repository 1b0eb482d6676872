// Records that the engine cannot read as they stand → CSV that it can; what is broken goes to quarantine. read = written + quarantined.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { toCsvInput } from './engine-input.ts'
import type { PreparedRecords } from './file-description.ts'
import { type Defect, RAW_LIMIT_BYTES } from './text/file-dialect.ts'
import { openQuarantine } from './write-quarantine.ts'

export interface Rewriting {
  /** Folder for the CSV and the quarantine; the caller removes it when the load is done. */
  workFolder: string
  maxDefects?: number | undefined
  signal?: AbortSignal | undefined
}

/** Takes the records one by one; each is kept or set aside. */
export interface RecordSink {
  keep(texts: readonly string[]): void
  /** `number`: by which somebody finds it in the file; without it, which record it is. */
  setAside(record: BrokenRecord, number?: number): void
  /** Call it now and then, and await it: that is the back-pressure. */
  flush(): Promise<void>
}

export type BrokenRecord = Pick<Defect, 'reason' | 'params' | 'raw'>

const mostDefects = 100_000
const flushCharacters = 2 ** 18

/** @throws `file.too_many_defects` and what `rewrite` throws */
export async function rewriteAsCsv(
  { workFolder, maxDefects = mostDefects, signal }: Rewriting,
  columnCount: number,
  rewrite: (sink: RecordSink) => Promise<void>,
): Promise<PreparedRecords> {
  const path = join(workFolder, 'records.csv')
  const quarantinePath = join(workFolder, 'quarantine.jsonl')
  const counts = { read: 0, written: 0, quarantined: 0, blank: 0 }
  const output = await open(path, 'w', 0o600)
  const quarantine = await openQuarantine(quarantinePath, maxDefects)
  let pending = ''
  const write = async () => {
    await output.appendFile(pending)
    pending = ''
  }
  try {
    await rewrite({
      keep(texts) {
        counts.read++
        counts.written++
        pending += toCsvLine(texts)
      },
      setAside(record, number) {
        counts.read++
        counts.quarantined++
        quarantine.add(toDefect(record, number ?? counts.read))
      },
      async flush() {
        signal?.throwIfAborted()
        if (pending.length > flushCharacters) await write()
        await quarantine.flush()
      },
    })
    await write()
    return {
      input: toCsvInput(path, { delimiter: ',', quote: '"', columnCount }, 0),
      isUntouched: false,
      proof: 'records',
      counts,
      ...(counts.quarantined > 0 && { quarantinePath }),
      reasons: quarantine.reasons,
      firstDefects: quarantine.firstDefects,
    }
  } finally {
    await output.close()
    await quarantine.close()
  }
}

/** Its place is its number: many records may stand on one line. */
export const toDefect = ({ reason, params, raw }: BrokenRecord, number: number): Defect => ({
  line: number,
  offset: 0,
  reason,
  ...(params && { params }),
  raw: raw.slice(0, RAW_LIMIT_BYTES),
  isRawCut: raw.length > RAW_LIMIT_BYTES,
})

const needsQuotes = /[",\r\n]|^$/

/** A record as the engine's CSV reader takes it, whatever stands in the texts. */
const toCsvLine = (texts: readonly string[]): string =>
  `${texts.map((text) => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')}\n`
