import { randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { AppError, conflict } from '../../../kernel/errors.ts'
import type { EngineTable } from '../engine/engine-table.ts'
import { deltaVersion, icebergVersion } from './recognise-tables.ts'
import type { TablePlace, TableVersion } from './choose-version.ts'

export interface ServedTable extends EngineTable {
  /** Why a file was not given, where that is why the engine could not read. */
  problem(): Error | undefined
  /** Whether anybody has asked for anything. */
  isAsked(): boolean
  close(): Promise<void>
}

/** Files that tell of other versions; a reader does without them. */
const hints = /^(?:metadata\/version-hint\.text|_delta_log\/[^/]*)$/

/**
 * Gives the files of one version of a table to the engine, as an object store on this machine's own address. So the engine opens no path
 * and no address that a table's metadata name: it asks here, and each file is looked up and checked like any other of its source
 * (reliability A20, A21). Versions that come later are not there to be found.
 */
export async function serveVersion(place: TablePlace, version: TableVersion): Promise<ServedTable> {
  // Whoever does not know the bucket's name gets nothing: other users of this machine can reach the address too.
  const bucket = randomBytes(20).toString('hex')
  const states = new Map<string, string>()
  const ending = new AbortController()
  let problem: Error | undefined
  let isAsked = false
  const refuse = (answer: ServerResponse, error: unknown) => {
    problem ??= error as Error
    if (answer.headersSent) answer.destroy()
    else answer.writeHead(404).end()
  }
  const server = createServer((request, answer) => {
    const { path, query } = addressed(request)
    if (path !== `/${bucket}` && !path.startsWith(`/${bucket}/`)) return answer.writeHead(403).end()
    isAsked = true
    const key = path.slice(bucket.length + 2)
    if (query.has('list-type')) return answer.setHeader('content-type', 'application/xml').end(listing(version, query))
    if (key === '') return answer.end()
    const name = key.startsWith('t/') ? key.slice(2) : ''
    // Of a path that does not begin like the table's own the engine leaves some end.
    if (name === '') return refuse(answer, fileGone(key))
    if (isHidden(version, name)) return answer.writeHead(404).end()
    giveFile({ place, states, name, signal: ending.signal }, request, answer).catch((error) => refuse(answer, error))
  })
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done))
  server.unref()
  return {
    from: `${version.format === 'iceberg' ? 'icebergS3' : 'deltaLake'}({address:String}, {key:String}, {secret:String})`,
    parameters: {
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${bucket}/t/`,
      key: 'none',
      secret: 'none',
    },
    settings: {
      // A file that has to be fetched first is long in coming.
      s3_request_timeout_ms: 3_600_000,
      s3_retry_attempts: 3,
      // The address is another one each time: what is kept by address is never used again.
      use_iceberg_metadata_files_cache: 0,
      use_parquet_metadata_cache: 0,
      schema_inference_use_cache_for_s3: 0,
      // Rows are counted by reading them, never by what the table says of itself.
      optimize_trivial_count_query: 0,
      optimize_count_from_files: 0,
    },
    problem: () => problem,
    isAsked: () => isAsked,
    async close() {
      ending.abort()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** Not by `URL`, which would follow `..` before it can be refused. */
function addressed({ url = '' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '', query = ''] = url.split('?', 2)
  try {
    return { path: decodeURIComponent(path), query: new URLSearchParams(query) }
  } catch {
    return { path: '', query: new URLSearchParams() }
  }
}

function isHidden({ listed }: TableVersion, name: string): boolean {
  const isOfVersion = hints.test(name) || icebergVersion.test(name) || deltaVersion.test(name)
  return isOfVersion && !listed.some((file) => file.name === name)
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** ListObjectsV2 of what is listed, in one page. */
function listing({ listed }: TableVersion, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? ''
  const after = query.get('start-after') ?? ''
  const found = listed
    .map(({ name, sizeBytes }) => ({ key: `t/${name}`, sizeBytes }))
    .filter(({ key }) => key.startsWith(prefix) && key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const contents = found.map(
    ({ key, sizeBytes }) =>
      `<Contents><Key>${escapeXml(key)}</Key><LastModified>2000-01-01T00:00:00.000Z</LastModified><ETag>&quot;1&quot;</ETag><Size>${sizeBytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>t</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${found.length}</KeyCount><MaxKeys>${found.length}</MaxKeys><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`
}

interface Given {
  place: TablePlace
  states: Map<string, string>
  name: string
  /** Ends what is still being fetched for nobody. */
  signal: AbortSignal
}

async function giveFile(given: Given, request: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { handle, version } = await openFile(given)
  try {
    const { size } = await refuseChanged(given, handle, version)
    const [start, end] = rangeOf(request.headers.range, size)
    const isPart = request.headers.range !== undefined
    answer.writeHead(isPart ? 206 : 200, {
      'content-length': end - start + 1,
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      'last-modified': 'Sat, 01 Jan 2000 00:00:00 GMT',
      etag: '"1"',
      ...(isPart && { 'content-range': `bytes ${start}-${end}/${size}` }),
    })
    if (request.method === 'HEAD' || size === 0) {
      answer.end()
      return
    }
    // The engine stops in the middle of an answer when it has what it wants.
    await pipeline(handle.createReadStream({ start, end, autoClose: false, highWaterMark: 2 ** 18 }), answer).catch(() => {})
  } finally {
    await handle.close()
  }
}

/** @throws conflict `ingestion.table_file_gone`: taken away meanwhile, or it never lay in the table's folder */
async function openFile({ place, name, signal }: Given): Promise<{ handle: FileHandle; version: string | null }> {
  try {
    const { path, version } = await place.locate(name, signal)
    return { handle: await open(path), version }
  } catch (error) {
    const isGone = error instanceof AppError ? error.kind === 'not_found' : (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (isGone) throw fileGone(name, error)
    throw error
  }
}

const fileGone = (name: string, cause?: unknown) =>
  new AppError('conflict', 'ingestion.table_file_gone', { params: { object: name.slice(0, 200) }, cause })

/** No format changes a file that is part of a version. @throws conflict `ingestion.file_changed` */
async function refuseChanged({ states, name }: Given, handle: FileHandle, version: string | null) {
  const found = await handle.stat()
  const state = `${found.size} ${version ?? `${found.mtimeMs} ${found.ino}`}`
  if ((states.get(name) ?? state) !== state) throw conflict('ingestion.file_changed')
  states.set(name, state)
  return found
}

/** First and last byte. */
function rangeOf(range: string | undefined, size: number): [number, number] {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (first === '' && last !== '') return [Math.max(0, size - Number(last)), size - 1]
  return [first === '' ? 0 : Number(first), Math.min(last === '' ? size - 1 : Number(last), size - 1)]
}
