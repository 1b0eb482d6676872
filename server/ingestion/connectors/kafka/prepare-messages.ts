import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { conflict } from '../../../kernel/errors.ts'
import { selectJson } from '../../files/engine-input.ts'
import type { DescribedColumn, PreparedFile } from '../../files/file-description.ts'
import { type Defect, RAW_LIMIT_BYTES } from '../../files/text/file-dialect.ts'
import { openQuarantine } from '../../files/write-quarantine.ts'
import { beijingText } from '../mongodb/beijing-time.ts'
import { type BrokenReason, fieldsOf, type Fields, placeColumns } from './message-fields.ts'
import { readSpool, type SpooledMessage } from './spool-messages.ts'

/** Whatever a message lacks is no value: what is required of a row, the load says. */
export type Row = ReadonlyMap<string, string | null>

interface ToPrepare {
  path: string
  columns: readonly string[]
  /** An empty folder of this load. */
  workFolder: string
  signal: AbortSignal
  /** All of a topic: a field that none of its messages has is gone, or was never there. */
  isWhole: boolean
}

/** Spooled messages → a SELECT of the wanted fields, all as texts; those that are no rows aside, with their text and their place. @throws conflict `ingestion.column_gone` */
export async function prepareMessages({ path, columns, workFolder, signal, isWhole }: ToPrepare): Promise<PreparedFile> {
  const names = [...new Set(columns)]
  const rowsPath = join(workFolder, 'rows.jsonl')
  const quarantinePath = join(workFolder, 'broken.jsonl')
  const quarantine = await openQuarantine(quarantinePath, Number.MAX_SAFE_INTEGER)
  const missing = new Set(isWhole ? names : [])
  let [read, written] = [0, 0]
  async function* goodRows() {
    for await (const message of readSpool(path)) {
      read++
      const found = rowOf(message)
      if ('broken' in found) {
        quarantine.add(toDefect(message, read, found.broken))
        if (read % 1000 === 0) await quarantine.flush()
        continue
      }
      written++
      for (const name of missing) if (found.row.has(name)) missing.delete(name)
      yield `${JSON.stringify(Object.fromEntries(names.map((name, i) => [String(i), found.row.get(name) ?? null])))}\n`
    }
  }
  try {
    await pipeline(goodRows, createWriteStream(rowsPath, { mode: 0o600, highWaterMark: 2 ** 20 }), { signal })
  } finally {
    await quarantine.close()
  }
  const [gone] = missing
  if (written > 0 && gone !== undefined) throw conflict('ingestion.column_gone', { column: gone })
  const reading = { format: 'json', recordsAt: null, isGeoJson: false } as const
  const described = names.map((name, i) => ({ ...plainField(name), path: [String(i)] }))
  return {
    input: { path: rowsPath, format: 'JSONEachRow', settings: {} },
    select: selectJson(rowsPath, reading, described),
    isUntouched: false,
    proof: 'records',
    counts: { read, written, quarantined: read - written, blank: 0 },
    quarantinePath,
    reasons: quarantine.reasons,
    firstDefects: quarantine.firstDefects,
  }
}

/** A field of which nothing is believed. */
export const plainField = (name: string): DescribedColumn => ({
  name,
  guessedType: 'C',
  maxLength: 0,
  nulls: 0,
  missingMarks: [],
  sampleValues: [],
})

/** A message as a row: its place in the topic, then its fields. */
export function rowOf(message: SpooledMessage): { row: Row; objects: ReadonlySet<string> } | { broken: BrokenReason } {
  const { partition, offset, timestamp, key, value, bytes } = message
  if (bytes !== undefined) return { broken: 'message_bytes' }
  if (value === null) return { broken: 'message_null' }
  const found: Fields = fieldsOf(value)
  if (found.broken) return { broken: found.broken }
  const row = new Map<string, string | null>([
    [placeColumns.partition, String(partition)],
    [placeColumns.offset, offset],
    [placeColumns.timestamp, timestamp === null ? null : beijingText(new Date(timestamp))],
    [placeColumns.key, key],
  ])
  const objects = new Set<string>()
  for (const [name, { text, isObject }] of found.fields) {
    row.set(name, text)
    if (isObject) objects.add(name)
  }
  return { row, objects }
}

function toDefect({ partition, offset, key, value, bytes }: SpooledMessage, line: number, reason: BrokenReason): Defect {
  const text =
    value ??
    (bytes === undefined
      ? (key ?? '')
      : Buffer.from(bytes, 'base64')
          .toString('latin1')
          .replace(/[^\x20-\x7e]/g, escaped))
  const raw = text.slice(0, RAW_LIMIT_BYTES)
  return { line, offset: 0, reason, params: { partition, offset }, raw: raw.toWellFormed(), isRawCut: raw.length < text.length }
}

const escaped = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
