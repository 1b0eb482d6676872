import type { IncomingMessage } from 'node:http'
import { SaxesParser } from 'saxes'
import type { SourceSettings } from '#contract/ingestion.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { Ctx } from '../../../store/index.ts'
import type { AllowedHosts } from '../admit-host.ts'
import type { Connector } from '../connector.ts'
import { isListedName, mostListed, openFetchedFiles, type RemoteFile } from './fetched-files.ts'
import { guardedRequest, refusalOf } from './guarded-request.ts'
import { encodeKey, signS3 } from './sign-s3.ts'

type Settings = Extract<SourceSettings, { kind: 's3' }>

const limits = { pages: 50, answerCharacters: 8 * 2 ** 20 }

/** The files of a bucket below a prefix. */
export function openS3(
  ctx: Pick<Ctx, 'lake' | 'files'>,
  { id, settings, secret, allowed }: { id: string; settings: Settings; secret: string; allowed: AllowedHosts },
): Connector {
  const { region, accessKey, bucket, prefix } = settings
  const get = (key: string, query: Record<string, string>, headers: Record<string, string> = {}, signal?: AbortSignal) => {
    const url = addressOf(settings, key)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return guardedRequest({ url, headers: { ...headers, ...signS3(url, { region, accessKey, secret }, new Date()) }, allowed, signal })
  }
  const listPage = async (token: string | null, most: number): Promise<Page> => {
    const answer = await get('', {
      'list-type': '2',
      prefix,
      'max-keys': String(most),
      ...(token !== null && { 'continuation-token': token }),
    })
    if (answer.statusCode === 200) return readPage(answer)
    answer.destroy()
    throw refusalOf(answer, bucket)
  }
  return openFetchedFiles(ctx, id, {
    check: async () => {
      await listPage(null, 1)
      return { ok: true, code: null, detail: '', serverVersion: null, readOnly: null }
    },
    list: async () => {
      const found: RemoteFile[] = []
      let token: string | null = null
      for (let page = 0; page < limits.pages && found.length < mostListed; page++) {
        const { files, next } = await listPage(token, 1000)
        found.push(...files.filter(({ name }) => isListedName(name)))
        if (next === null) break
        token = next
      }
      return found.map((file) => ({ ...file, name: file.name.slice(prefix.length) })).slice(0, mostListed)
    },
    async read(file, offset, take, signal) {
      const answer = await get(
        prefix + file.name,
        {},
        { 'if-match': file.version, ...(offset > 0 && { range: `bytes=${offset}-` }) },
        signal,
      )
      if (answer.statusCode === 200 || answer.statusCode === 206) return take(answer, answer.statusCode === 206 ? offset : 0)
      answer.destroy()
      throw answer.statusCode === 412 ? new AppError('conflict', 'ingestion.file_changed') : refusalOf(answer, file.name)
    },
  })
}

function addressOf({ endpoint, bucket, addressing }: Settings, key: string): URL {
  const url = new URL(endpoint)
  if (addressing === 'host') url.hostname = `${bucket}.${url.hostname}`
  url.pathname = `${addressing === 'path' ? `/${bucket}` : ''}/${encodeKey(key)}`
  url.search = ''
  return url
}

interface Page {
  files: RemoteFile[]
  next: string | null
}

/** ListObjectsV2 as XML. saxes knows no entities but XML's own five. */
async function readPage(answer: IncomingMessage): Promise<Page> {
  const files: RemoteFile[] = []
  let next: string | null = null
  let fields: Record<string, string> = {}
  let text = ''
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => {
    text = ''
    if (name === 'Contents') fields = {}
  })
  parser.on('text', (part) => {
    text += part
  })
  parser.on('closetag', ({ name }) => {
    fields[name] ??= text
    if (name === 'NextContinuationToken') next = text
    if (name !== 'Contents') return
    const { Key: key = '', Size: size = '0', LastModified: at = '', ETag: tag = '' } = fields
    files.push({ name: key, sizeBytes: Number(size), modifiedAt: new Date(at), version: tag })
  })
  parser.on('error', (error) => {
    throw new AppError('conflict', 'ingestion.source_error', { params: { code: 'XML' }, cause: error })
  })
  let length = 0
  answer.setEncoding('utf8')
  for await (const chunk of answer as AsyncIterable<string>) {
    length += chunk.length
    if (length > limits.answerCharacters) throw new AppError('conflict', 'ingestion.source_error', { params: { code: 'XML' } })
    parser.write(chunk)
  }
  parser.close()
  return { files, next }
}
