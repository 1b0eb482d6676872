import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, conflict, notFound } from '../../../kernel/errors.ts'
import { type Ctx, renameSynced } from '../../../store/index.ts'
import type { CheckResult, Connector } from '../connector.ts'
import { openFileObjects } from '../file-objects.ts'
import type { LocatedPart, TablePlace } from '../lakehouse/choose-version.ts'
import { isTablePart, prefixOf, recogniseTables } from '../lakehouse/recognise-tables.ts'
import { withTables } from '../lakehouse/with-tables.ts'
import { isReadableName } from '../readable-names.ts'

/** A file elsewhere. `version` changes whenever its content may have changed. */
export interface RemoteFile {
  name: string
  /** Null where the server does not say before it sends. */
  sizeBytes: number | null
  modifiedAt: Date | null
  version: string
}

/** Files that a place lists at most, those of tables among them, and objects that are shown. */
export const mostListed = 20_000
const mostObjects = 5000

/** Files that are listed: those that may be objects, and those that tables refer to. */
export const isListedName = (name: string): boolean => isReadableName(name) || isTablePart(name)

/** A place that gives files by name. */
export interface RemoteFiles {
  check(): Promise<CheckResult>
  list(): Promise<RemoteFile[]>
  /** Hands the bytes from `offset` on to `take`, while the connection is open; from 0 where the server cannot go on in the middle. */
  read(file: RemoteFile, offset: number, take: (bytes: Readable, from: number) => Promise<void>, signal?: AbortSignal): Promise<void>
}

const limits = { bytes: 20 * 2 ** 30, keepMs: 2 * 86_400_000, tries: 5 }
/** Fetches under way: two who want the same file wait for one. */
const underWay = new Map<string, Promise<string>>()

/**
 * Files of another machine, as files: what is wanted is fetched into this node's spool first, from where the last try broke off, and
 * is then read like any file of a folder. `sourceId` keeps sources apart: whoever may not read a file there does not find it here.
 */
export function openFetchedFiles(ctx: Pick<Ctx, 'lake' | 'files'>, sourceId: string, remote: RemoteFiles): Connector {
  const spool = join(ctx.files.root, 'fetched', sourceId)
  const fetchFile = (file: RemoteFile, signal?: AbortSignal): Promise<string> => {
    const folder = join(spool, hash(file.name))
    const path = join(folder, hash(`${file.version} ${file.sizeBytes}`))
    const running = underWay.get(path) ?? fetchInto(remote, file, folder, path, signal).finally(() => underWay.delete(path))
    underWay.set(path, running)
    return running
  }
  const files = openFileObjects(ctx, {
    check: remote.check,
    list: async () => {
      const listed = new Map((await remote.list()).map((file) => [file.name, file]))
      const { tables, others } = recogniseTables([...listed.keys()])
      return [
        ...tables.map(({ name, newest }) => presentObject(listed.get(newest)!, { name, kind: 'table', sizeBytes: null })),
        ...others.filter(isReadableName).map((name) => presentObject(listed.get(name)!, { kind: 'file' })),
      ].slice(0, mostObjects)
    },
    locate: async (object, signal) => {
      const file = (await remote.list()).find(({ name }) => name === object)
      if (!file) throw notFound('ingestion.object_unknown', { object })
      return { path: await fetchFile(file, signal), fileName: object }
    },
  })
  return withTables(ctx.lake, files, async (object) => placeOf(remote, fetchFile, prefixOf(object)))
}

const presentObject = ({ name, sizeBytes, modifiedAt }: RemoteFile, more: { name?: string; kind: 'table' | 'file'; sizeBytes?: null }) => ({
  name,
  comment: '',
  estimatedRows: null,
  sizeBytes,
  modifiedAt: modifiedAt?.toISOString() ?? null,
  ...more,
})

/** A table's folder elsewhere: its files are fetched when the engine asks for them. */
async function placeOf(
  remote: RemoteFiles,
  fetchFile: (file: RemoteFile, signal?: AbortSignal) => Promise<string>,
  prefix: string,
): Promise<TablePlace> {
  const list = async () => {
    const files = await remote.list()
    // The newest version might be among those that are not listed.
    if (files.length >= mostListed) throw conflict('ingestion.too_many_files', { count: mostListed })
    return new Map(files.map((file) => [file.name, file]))
  }
  const listed = await list()
  // Written while the pages of the list came: before the version that refers to it, and yet on an earlier page.
  let listedAgain: ReturnType<typeof list> | undefined
  const find = async (name: string): Promise<RemoteFile> => {
    const first = listed.get(name)
    if (first) return first
    listedAgain ??= list()
    const file = (await listedAgain).get(name)
    if (!file) throw notFound('ingestion.object_unknown', { object: name })
    return file
  }
  // The engine asks for a file part by part.
  const fetched = new Map<string, Promise<LocatedPart>>()
  return {
    list: async (folder) =>
      [...listed.values()].flatMap(({ name, sizeBytes }) => {
        const inside = name.startsWith(`${prefix}${folder}/`) ? name.slice(prefix.length) : ''
        return inside.split('/').length === 2 ? [{ name: inside, sizeBytes: sizeBytes ?? 0 }] : []
      }),
    locate(name, signal) {
      const locating =
        fetched.get(name) ?? find(prefix + name).then(async (file) => ({ path: await fetchFile(file, signal), version: file.version }))
      fetched.set(name, locating)
      return locating
    },
  }
}

/** Another after each start of the machine. Where the system does not tell, after each start of the program. */
const lifeOfMachine = async () => hash(await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => lifeOfProgram)).slice(0, 8)
const lifeOfProgram = randomUUID()

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 40)
const sizeOf = async (path: string) => (await stat(path).catch(() => null))?.size

async function fetchInto(
  remote: RemoteFiles,
  file: RemoteFile,
  folder: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  if ((file.sizeBytes ?? 0) > limits.bytes) throw new AppError('too_large', 'http.too_large', { params: { limit: '20 GiB' } })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await forgetOld(join(folder, '..'))
  const now = new Date()
  if ((await sizeOf(path)) === undefined) {
    // Earlier versions of the same file go away; what came of this one stays and is continued, unless the power was cut meanwhile:
    // a file that was never synced may have its size then and not its bytes.
    const part = `${path}.${await lifeOfMachine()}.part`
    for (const name of await readdir(folder)) if (join(folder, name) !== part) await rm(join(folder, name))
    await download(remote, file, part, signal)
    await renameSynced(part, path)
  } else await utimes(path, now, now)
  return path
}

async function download(remote: RemoteFiles, file: RemoteFile, part: string, signal: AbortSignal | undefined): Promise<void> {
  for (let failures = 0; ; ) {
    const offset = (await sizeOf(part)) ?? 0
    if (offset > 0 && offset === file.sizeBytes) return
    try {
      await remote.read(file, offset, (bytes, from) => append(bytes, part, from, signal), signal)
      const size = (await sizeOf(part)) ?? 0
      if (file.sizeBytes === null || size === file.sizeBytes) return
      if (size > file.sizeBytes) {
        await rm(part)
        throw conflict('ingestion.file_changed')
      }
    } catch (error) {
      if (signal?.aborted || (error instanceof AppError && error.kind !== 'unavailable')) throw error
      // A line that breaks is tried again from where it broke, as long as each try brings something.
      if (((await sizeOf(part)) ?? 0) > offset) failures = 0
      if (++failures >= limits.tries) throw error
    }
  }
}

/** Past the largest size nothing is kept: a server may send without end. */
async function append(bytes: Readable, part: string, offset: number, signal: AbortSignal | undefined): Promise<void> {
  let size = offset
  await pipeline(
    bytes,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length
        if (size > limits.bytes) throw new AppError('too_large', 'http.too_large', { params: { limit: '20 GiB' } })
        yield chunk
      }
    },
    createWriteStream(part, { flags: offset > 0 ? 'a' : 'w', mode: 0o600 }),
    { signal },
  )
}

const lookedAt = new Map<string, number>()

/** Files that nobody has asked for in two days make room. Looked for once in an hour: a table is of thousands of files. */
async function forgetOld(spool: string): Promise<void> {
  if (Date.now() - (lookedAt.get(spool) ?? 0) < 3_600_000) return
  lookedAt.set(spool, Date.now())
  for (const folder of await readdir(spool)) {
    for (const name of await readdir(join(spool, folder))) {
      const path = join(spool, folder, name)
      const found = await stat(path).catch(() => null)
      if (found && Date.now() - found.mtimeMs > limits.keepMs) await rm(path, { force: true })
    }
  }
}
