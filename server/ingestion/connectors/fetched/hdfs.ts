import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import type { SourceSettings } from '#contract/ingestion.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { Ctx } from '../../../store/index.ts'
import type { AllowedHosts } from '../admit-host.ts'
import type { Connector } from '../connector.ts'
import { isListedName, mostListed, openFetchedFiles, type RemoteFile } from './fetched-files.ts'
import { guardedRequest, refusalOf } from './guarded-request.ts'

type Settings = Extract<SourceSettings, { kind: 'hdfs' }>

const limits = { depth: 6, answerCharacters: 16 * 2 ** 20 }

const FileStatus = z.object({
  /** Empty where the path that was asked for is the file itself. */
  pathSuffix: z.string(),
  type: z.enum(['FILE', 'DIRECTORY', 'SYMLINK']),
  length: z.number(),
  modificationTime: z.number(),
})
type FileStatus = z.infer<typeof FileStatus>
const Listing = z.object({ FileStatuses: z.object({ FileStatus: z.array(FileStatus) }) })
const Found = z.object({ FileStatus })
const Refusal = z.object({ RemoteException: z.object({ exception: z.string() }) })

/**
 * The files of a folder of HDFS by its own HTTP interface (Hadoop, WebHDFS REST API 1.0: LISTSTATUS, GETFILESTATUS, OPEN), of the name
 * node, of HttpFS or behind Knox. A name node sends readers on to its data nodes: their addresses are checked like its own. With a
 * password the account is proved by basic authentication (Knox), else it is only named (`user.name`); Kerberos is not spoken.
 */
export function openHdfs(
  ctx: Pick<Ctx, 'lake' | 'files'>,
  { id, settings, secret, allowed }: { id: string; settings: Settings; secret: string; allowed: AllowedHosts },
): Connector {
  const { endpoint, user, path: root } = settings
  const headers: Record<string, string> = secret ? { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` } : {}
  const ask = async (path: string, query: Record<string, string>, signal?: AbortSignal): Promise<IncomingMessage> => {
    const url = new URL(endpoint)
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/webhdfs/v1${path.split('/').map(encodeURIComponent).join('/')}`
    url.search = ''
    for (const [name, value] of Object.entries({ ...query, ...(user && !secret && { 'user.name': user }) }))
      url.searchParams.set(name, value)
    const answer = await guardedRequest({ url, headers, allowed, signal, redirects: 1 })
    if (answer.statusCode !== 200) throw await refusalIn(answer, path)
    return answer
  }
  const listFolder = async (path: string): Promise<FileStatus[]> =>
    (await parse(Listing, await ask(path, { op: 'LISTSTATUS' }))).FileStatuses.FileStatus
  return openFetchedFiles(ctx, id, {
    check: async () => {
      await listFolder(root)
      return { ok: true, code: null, detail: '', serverVersion: null, readOnly: null }
    },
    list: async () => {
      const found: RemoteFile[] = []
      for (let folders = [''], depth = 0; folders.length > 0 && depth < limits.depth; depth++) {
        const below: string[] = []
        for (const folder of folders) {
          if (found.length >= mostListed) return found.slice(0, mostListed)
          for (const status of await listFolder(join(root, folder))) {
            const name = join(folder, status.pathSuffix)
            // Hadoop's own: `_SUCCESS`, `_temporary`, `.staging`, files that are being copied.
            if ((/^[._]/.test(status.pathSuffix) && status.pathSuffix !== '_delta_log') || status.pathSuffix === '') continue
            if (status.type === 'DIRECTORY') below.push(name)
            else if (status.type === 'FILE' && isListedName(name)) found.push(present(name, status))
          }
        }
        folders = below
      }
      return found.slice(0, mostListed)
    },
    async read(file, offset, take, signal) {
      const path = join(root, file.name)
      await take(await ask(path, { op: 'OPEN', ...(offset > 0 && { offset: String(offset) }) }, signal), offset)
      // OPEN knows no condition: a file that was put in this one's place meanwhile would be the end of another.
      const { FileStatus: now } = await parse(Found, await ask(path, { op: 'GETFILESTATUS' }, signal))
      if (present(file.name, now).version !== file.version) throw new AppError('conflict', 'ingestion.file_changed')
    },
  })
}

const join = (folder: string, name: string): string =>
  folder === '' || folder.endsWith('/') || name === '' ? `${folder}${name}` : `${folder}/${name}`

const present = (name: string, { length, modificationTime }: FileStatus): RemoteFile => ({
  name,
  sizeBytes: length,
  modifiedAt: new Date(modificationTime),
  version: `${modificationTime} ${length}`,
})

const unreadable = (cause: unknown) => new AppError('conflict', 'ingestion.source_error', { params: { code: 'WebHDFS' }, cause })

async function parse<T>(schema: z.ZodType<T>, answer: IncomingMessage): Promise<T> {
  const text = await textOf(answer)
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw unreadable(error)
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer as AsyncIterable<string>) {
    text += chunk
    if (text.length > limits.answerCharacters) throw unreadable(new Error('the answer does not end'))
  }
  return text
}

const notServing = new Set(['StandbyException', 'SafeModeException', 'RetriableException'])

/** Hadoop answers 403 also where nothing is forbidden: it says in the body what was the matter. */
async function refusalIn(answer: IncomingMessage, path: string): Promise<AppError> {
  const said = Refusal.safeParse(
    await textOf(answer)
      .then(JSON.parse)
      .catch(() => null),
  )
  const exception = said.success ? said.data.RemoteException.exception : ''
  const params = { code: exception, object: path }
  if (notServing.has(exception)) return new AppError('unavailable', 'ingestion.source_standby', { params })
  return refusalOf(answer, path)
}
