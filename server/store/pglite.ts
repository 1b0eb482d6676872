import { fsyncSync, mkdirSync, writeSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

interface Emscripten {
  FS: { lookupNode(parent: unknown, name: string): unknown; destroyNode(node: unknown): void }
  NODEFS: {
    stream_ops: { fsync?: (stream: { nfd: number }) => number }
    node_ops: { mknod(parent: unknown, name: string, mode: number, device: number): unknown }
  }
}

/** PGlite's file system with two faults of it mended. It touches internals: the version is pinned exactly. */
class MendedNodeFS extends NodeFS {
  override async init(pg: Parameters<NodeFS['init']>[0], options: Parameters<NodeFS['init']>[1]) {
    const result = await super.init(pg, options)
    const emscripten = result.emscriptenOpts
    const earlier = (emscripten.preRun ?? []) as unknown[]
    emscripten.preRun = [...earlier, supplySync, forgetUnmade] as never
    return result
  }
}

/** There is no fsync in it, so a power cut would lose acknowledged commits; pglite.test.ts proves that a commit reaches fs.fsyncSync. */
function supplySync({ NODEFS: { stream_ops } }: Emscripten): void {
  stream_ops.fsync ??= ({ nfd }) => {
    syncFile(nfd)
    return 0
  }
}

/** It takes note of a file before it makes it: one that the system refused to make (EMFILE, ENOSPC) would be there for it until the next start. */
function forgetUnmade({ FS, NODEFS: { node_ops } }: Emscripten): void {
  const { mknod } = node_ops
  node_ops.mknod = (parent, name, mode, device) => {
    try {
      return mknod(parent, name, mode, device)
    } catch (error) {
      FS.destroyNode(FS.lookupNode(parent, name))
      throw error
    }
  }
}

let synced = 0
const syncFile = (fd: number) => {
  try {
    fsyncSync(fd)
  } catch (error) {
    endForGood(error)
  }
  synced++
}

/**
 * The engine cannot end itself here as a server does: the process ends, and the next one starts from what is on the disk.
 * What could not be synced the kernel may have dropped, and the next sync would say that all is well.
 */
export function endForGood(error: unknown): void {
  const { code, message } = error as NodeJS.ErrnoException
  writeSync(
    2,
    `数据没有落盘（${code ?? message}），大同已立即停止，已确认的数据不受影响：请检查磁盘后重新启动 / the journal could not be written: stopped at once, nothing acknowledged is lost; check the disk and start again\n`,
  )
  process.kill(process.pid, 'SIGKILL')
}
/** How many file syncs PGlite has asked for in this process (read by its test). */
export const syncCount = () => synced

// `-F` turns fsync off; fdatasync does nothing under emscripten, so the method must be fsync.
const parameters = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
  '-c',
  'shared_buffers=32MB',
]

// The same shape of values as pg's (db.ts): counts are numbers, dates stay text.
const parsers = { 20: Number, 1082: (text: string) => text }

export interface PgliteOptions {
  /** A dump of a migrated, empty database: 1 s instead of 6. */
  template?: Blob | undefined
  /** Tests that cut no power leave the syncs out. */
  isVolatile?: boolean | undefined
}

/**
 * Opens the embedded control plane in `dir`. The caller holds the single-owner lock (store/lock.ts): PGlite does not
 * notice a second opener and corrupts its indexes.
 * @throws Error naming the folder, where what it holds is damaged
 */
export async function openPglite(dir: string, { template, isVolatile }: PgliteOptions = {}): Promise<PGlite> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const load = template ? { loadDataDir: template } : {}
  const opening = PGlite.create({
    fs: new MendedNodeFS(dir),
    startParams: isVolatile ? PGlite.defaultStartParams : parameters,
    parsers,
    ...load,
  })
  return opening.catch((cause) => {
    throw new Error(doesNotOpen(dir), { cause })
  })
}

/** The engine says no more than that it has given up: its journal is cut off before the last checkpoint, or a file of its own does not read. */
const doesNotOpen = (dir: string) =>
  `控制库 ${dir} 打不开：日志或文件已损坏，或磁盘已满。请检查磁盘；磁盘完好而仍打不开时，请从备份恢复整个数据文件夹 / the control plane in ${dir} does not open: its journal or a file is damaged, or the disk is full. Check the disk; if it is well, restore the whole home from a backup`
