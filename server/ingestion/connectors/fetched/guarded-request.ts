import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { AppError, conflict } from '../../../kernel/errors.ts'
import { type AllowedHosts, admitHost } from '../admit-host.ts'

export interface GuardedRequest {
  url: URL
  method?: 'GET' | 'HEAD'
  headers?: Record<string, string>
  allowed: AllowedHosts
  signal?: AbortSignal | undefined
  /** How many times an answer may lead elsewhere; each address is checked like the first. */
  redirects?: number
}

const silenceMs = 60_000

/**
 * Asks a web server. Its name is resolved once and checked, and the connection goes to the address that was checked; certificates are
 * checked against the name. Only the headers have arrived when it returns. Whoever does not read the body destroys it.
 * @throws `ingestion.host_not_allowed` `ingestion.source_unreachable` `ingestion.redirect_refused`
 */
export async function guardedRequest(asked: GuardedRequest): Promise<IncomingMessage> {
  const { url, allowed, redirects = 0 } = asked
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw conflict('ingestion.redirect_refused')
  const address = await admitHost(url.hostname, allowed)
  const answer = await send(asked, address)
  const { statusCode = 0, headers } = answer
  if (statusCode < 300 || statusCode > 399 || !headers.location) return answer
  answer.destroy()
  const next = URL.canParse(headers.location, url) ? new URL(headers.location, url) : null
  if (!next || redirects === 0 || (url.protocol === 'https:' && next.protocol !== 'https:')) throw conflict('ingestion.redirect_refused')
  // An account is for the server that it was given for.
  const { authorization: _, ...others } = asked.headers ?? {}
  return guardedRequest({
    ...asked,
    url: next,
    redirects: redirects - 1,
    headers: next.origin === url.origin ? (asked.headers ?? {}) : others,
  })
}

function send({ url, method = 'GET', headers = {}, signal }: GuardedRequest, address: string): Promise<IncomingMessage> {
  const family = address.includes(':') ? 6 : 4
  const lookup: LookupFunction = (_host, options, done) => (options.all ? done(null, [{ address, family }]) : done(null, address, family))
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? tlsRequest : plainRequest)(
      url,
      {
        method,
        headers: { 'accept-encoding': 'identity', ...headers },
        lookup,
        agent: false,
        timeout: silenceMs,
        ...(signal && { signal }),
      },
      resolve,
    )
    request.on('timeout', () => request.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })))
    request.on('error', (error: Error & { code?: string }) => {
      const code = error.code ?? '-'
      const isLost = code === 'ECONNRESET' || code === 'EPIPE'
      reject(
        new AppError('unavailable', isLost ? 'ingestion.source_lost' : 'ingestion.source_unreachable', { params: { code }, cause: error }),
      )
    })
    request.end()
  })
}

/** An answer that is none of the expected ones, as an error of ours. */
export function refusalOf({ statusCode = 0 }: IncomingMessage, object: string): AppError {
  const params = { code: statusCode, object }
  if (statusCode === 401) return new AppError('conflict', 'ingestion.source_password', { params })
  if (statusCode === 403) return new AppError('conflict', 'ingestion.source_refused', { params })
  if (statusCode === 404 || statusCode === 410) return new AppError('not_found', 'ingestion.object_unknown', { params })
  if (statusCode === 429 || statusCode === 503) return new AppError('unavailable', 'ingestion.source_busy', { params })
  return new AppError(statusCode >= 500 ? 'unavailable' : 'conflict', 'ingestion.source_error', { params })
}
