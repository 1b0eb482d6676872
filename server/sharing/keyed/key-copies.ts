import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Ctx, type KeyFile, openKeyFile, writeKeyFile } from '../../store/index.ts'
import { findWantedCopies, readWholeTable, type WantedCopy } from './find-wanted-copies.ts'

export interface KeyCopy {
  file: KeyFile
  item: string
}

/**
 * This node's copies of live tables that are called by key: derived data in files of its own, rebuilt where they are missing.
 * Until a copy is there, and where a key is not unique, calls read the live table.
 */
export interface KeyCopies {
  of(table: string): KeyCopy | undefined
  /** Makes and drops what an entry, or every entry, wants by now. Runs one after the other, beside the calls. */
  keep(entryId?: string): Promise<void>
  close(): Promise<void>
}

// A call that holds a compiled grant has long ended by then.
const graceMs = 10_000

/** `changed` is told of each entry whose copy has come or gone. */
export function openKeyCopies(ctx: Ctx, folder: string, changed: (entryId: string) => void): KeyCopies {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const open = new Map<string, KeyCopy & { entryId: string; path: string }>()
  const pathOf = ({ table, key }: WantedCopy) => join(folder, `${table}-${key.code}.sqlite`)
  let isClosed = false

  const drop = (table: string) => {
    const copy = open.get(table)!
    open.delete(table)
    changed(copy.entryId)
    rmSync(copy.path, { force: true })
    setTimeout(() => copy.file.close(), graceMs).unref()
  }
  const make = async (wanted: WantedCopy) => {
    const path = pathOf(wanted)
    const file = openWhole(ctx, path) ?? ((await writeCopy(ctx, wanted, path)) && openKeyFile(path))
    if (!file) return
    open.set(wanted.table, { file, item: wanted.key.code, entryId: wanted.entryId, path })
    changed(wanted.entryId)
  }
  const keepNow = async (entryId: string | undefined) => {
    if (isClosed) return
    const wanted = await findWantedCopies(ctx, entryId)
    const tables = new Map(wanted.map((copy) => [copy.table, copy]))
    for (const [table, copy] of [...open]) {
      const isConcerned = entryId === undefined || copy.entryId === entryId
      if (isConcerned && tables.get(table)?.key.code !== copy.item) drop(table)
    }
    for (const copy of wanted) if (!open.has(copy.table) && !isClosed) await make(copy)
    if (entryId === undefined) sweep(folder, new Set([...open.values()].map(({ path }) => path)))
  }
  let last = Promise.resolve()
  return {
    of: (table) => open.get(table),
    keep: (entryId) => {
      last = last.then(() => keepNow(entryId)).catch((error) => ctx.log.error({ err: error, entryId }, 'a keyed copy could not be made'))
      return last
    },
    close: async () => {
      isClosed = true
      await last
      for (const { file } of open.values()) file.close()
      open.clear()
    },
  }
}

/** What an earlier process has left; undefined where there is nothing, or it is damaged and is to be made anew. */
function openWhole(ctx: Ctx, path: string): KeyFile | undefined {
  try {
    return existsSync(path) ? openKeyFile(path) : undefined
  } catch (error) {
    ctx.log.warn({ err: error }, 'a keyed copy is damaged and is made anew')
    return undefined
  }
}

/** @returns false when the key is not unique: a lookup would not find what a filter finds */
async function writeCopy(ctx: Ctx, { table, items, key }: WantedCopy, path: string): Promise<boolean> {
  const rows = `${path}.rows`
  try {
    await pipeline(await readWholeTable(ctx, { table, items }), createWriteStream(rows, { mode: 0o600 }))
    return await writeKeyFile(path, { rows, columns: items.map(({ code }) => code), key: key.code })
  } finally {
    rmSync(rows, { force: true })
  }
}

/** Files of tables that are gone, and what a killed process had half done. */
function sweep(folder: string, used: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) if (!used.has(join(folder, name))) rmSync(join(folder, name), { force: true })
}
