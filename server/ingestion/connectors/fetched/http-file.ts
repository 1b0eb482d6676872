import type { IncomingMessage } from 'node:http'
import type { SourceSettings } from '#contract/ingestion.ts'
import type { Ctx } from '../../../store/index.ts'
import type { AllowedHosts } from '../admit-host.ts'
import type { Connector } from '../connector.ts'
import { openFetchedFiles, type RemoteFile } from './fetched-files.ts'
import { guardedRequest, refusalOf } from './guarded-request.ts'

type Settings = Extract<SourceSettings, { kind: 'http' }>

/** One file at a web address. The engine never sees the address: it would follow it anywhere. */
export function openHttpFile(
  ctx: Pick<Ctx, 'lake' | 'files'>,
  { id, settings, secret, allowed }: { id: string; settings: Settings; secret: string; allowed: AllowedHosts },
): Connector {
  const url = new URL(settings.url)
  const name = decodeURIComponent(url.pathname.split('/').at(-1) ?? '').replace(/\p{Cc}/gu, '') || url.hostname
  const account = settings.user && { authorization: `Basic ${Buffer.from(`${settings.user}:${secret}`).toString('base64')}` }
  const get = (headers: Record<string, string>, signal?: AbortSignal) =>
    guardedRequest({ url, headers: { ...account, ...headers }, allowed, signal, redirects: 3 })
  /** Many servers know no HEAD: the headers of a GET say the same. */
  const look = async (): Promise<RemoteFile> => {
    const answer = await get({})
    answer.destroy()
    if (answer.statusCode !== 200) throw refusalOf(answer, name)
    return presentFile(name, answer)
  }
  return openFetchedFiles(ctx, id, {
    check: async () => {
      await look()
      return { ok: true, code: null, detail: '', serverVersion: null, readOnly: true }
    },
    list: async () => [await look()],
    async read(file, offset, take, signal) {
      const answer = await get(offset > 0 ? { range: `bytes=${offset}-`, 'if-range': file.version } : {}, signal)
      const from = answer.statusCode === 206 ? offset : 0
      if (answer.statusCode !== 200 && answer.statusCode !== 206) {
        answer.destroy()
        throw refusalOf(answer, name)
      }
      await take(answer, from)
    },
  })
}

function presentFile(name: string, { headers }: IncomingMessage): RemoteFile {
  const modified = headers['last-modified']
  const etag = headers.etag?.startsWith('"') ? headers.etag : undefined
  return {
    name,
    sizeBytes: headers['content-length'] === undefined ? null : Number(headers['content-length']),
    modifiedAt: modified && !Number.isNaN(Date.parse(modified)) ? new Date(modified) : null,
    // A server that says neither may have changed the file at any moment.
    version: etag ?? modified ?? `${Date.now()}`,
  }
}
