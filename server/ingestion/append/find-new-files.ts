import { matchesGlob } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceObjectInfo, Connector } from '../connectors/connector.ts'
import type { FileRow } from './file-store.ts'

/** A file that was written to within the last minute may still be growing: it is looked at twice. */
const quietMs = 2000
const youngMs = 60_000
const most = 100_000

export type FreshFile = Pick<FileRow, 'path' | 'size_bytes' | 'modified_at' | 'origin'> & {
  sha256: string
  /** What whoever fetched it has counted; of a file nobody has before it is read. */
  rows?: number
}

/** What a look at a watched folder finds: files to load, and what there is to say of others. */
export interface FoundFiles {
  fresh: Iterable<FreshFile> | AsyncIterable<FreshFile>
  others: FileRow[]
}

/**
 * Sorts the files that match the glob: new ones; those that are still being written; those whose content is loaded under another
 * name; those that are no longer what was loaded. A file that is unchanged by size and time is not read.
 */
export async function findNewFiles(connector: Connector, glob: string, seen: readonly FileRow[], signal: AbortSignal): Promise<FoundFiles> {
  const known = new Map(seen.map((row) => [row.path, row]))
  const contents = new Map(seen.flatMap(({ path, sha256 }) => (sha256 ? [[sha256, path] as const] : [])))
  const found = { fresh: [] as FreshFile[], others: [] as FileRow[] }
  const listed = (await list(connector, glob)).filter((file) => !isAsBefore(file, known.get(file.name)))
  const growing = await findGrowing(connector, glob, listed, signal)
  for (const file of listed) {
    signal.throwIfAborted()
    const before = known.get(file.name)
    const common = { ...(before ?? nothing), path: file.name, size_bytes: file.sizeBytes!, modified_at: new Date(file.modifiedAt!) }
    const sha256 = growing.has(file.name) ? null : await connector.hashObject!(file.name)
    if (sha256 === null) found.others.push({ ...common, state: before?.sha256 ? 'changed' : 'waiting' })
    else if (before?.sha256) found.others.push({ ...common, state: before.sha256 === sha256 ? 'loaded' : 'changed' })
    else if (contents.has(sha256)) found.others.push({ ...common, state: 'copy', detail: contents.get(sha256)! })
    else {
      contents.set(sha256, file.name)
      found.fresh.push({ path: file.name, size_bytes: common.size_bytes, modified_at: common.modified_at, origin: null, sha256 })
    }
  }
  return found
}

const nothing = { sha256: null, origin: null, detail: null, read_rows: null, written_rows: null, quarantined_rows: null }

/** Names that programs give to files which they have not finished; half-written endings are not readable names anyway. */
const isUnfinished = (name: string) => /(^|\/)[.~][^/]*$|\.(part|tmp)\b/i.test(name)

const list = async (connector: Connector, glob: string) =>
  (await connector.listObjects(most)).filter(({ name, kind }) => kind === 'file' && matchesGlob(name, glob) && !isUnfinished(name))

/** Files that are not loaded are looked at again each time. */
const isAsBefore = (file: SourceObjectInfo, row: FileRow | undefined): boolean =>
  row !== undefined && (row.state === 'loaded' || row.state === 'copy') && sameState(file, row)

const sameState = ({ sizeBytes, modifiedAt }: SourceObjectInfo, row: Pick<FileRow, 'size_bytes' | 'modified_at'>) =>
  sizeBytes === row.size_bytes && Date.parse(modifiedAt!) === row.modified_at.getTime()

async function findGrowing(
  connector: Connector,
  glob: string,
  listed: readonly SourceObjectInfo[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const young = listed.filter(({ modifiedAt }) => Math.abs(Date.now() - Date.parse(modifiedAt!)) < youngMs)
  if (young.length === 0) return new Set()
  await sleep(quietMs, undefined, { signal })
  const now = new Map((await list(connector, glob)).map((file) => [file.name, file]))
  const isStill = (file: SourceObjectInfo) => {
    const later = now.get(file.name)
    return later !== undefined && later.sizeBytes === file.sizeBytes && later.modifiedAt === file.modifiedAt
  }
  return new Set(young.filter((file) => !isStill(file)).map(({ name }) => name))
}
