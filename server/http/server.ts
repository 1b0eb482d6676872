import { hash } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import serveStatic from '@fastify/static'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Language } from '#contract/messages/index.ts'
import type { FileAnswer, RouteSpec } from '#contract/route.ts'
import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { findUnstorable } from '../kernel/storable-text.ts'
import { type Ctx, isDatabaseAway, LakeError } from '../store/index.ts'
import type { BoundRoute, Transport } from './bind.ts'
import { openApiDocument } from './openapi.ts'
import { languageOf, toFieldProblems, toProblem } from './problem.ts'

export const sessionCookie = 'datong_session'

export interface HttpOptions {
  log: Logger
  routes: BoundRoute[]
  /** Who calls; throws unauthenticated, forbidden. Given by security, so that http knows no rule of it. */
  admit(request: {
    requestId: string
    address: string
    language: Language
    spec: RouteSpec
    name: string
    transport: Transport
  }): Promise<Ctx>
  /** Writes down a refusal or a failure of an effect. */
  recordRefusal(ctx: Pick<Ctx, 'requestId' | 'address'> & Partial<Ctx>, route: string, error: AppError): Promise<void>
  health(): Promise<Record<string, unknown>>
  portalDir: string
  secureCookies: boolean
  /** Proxies in front of this server that say who called. */
  trustedProxies: string[]
  /** An answer of which nobody takes anything for so long is cut off. */
  readerSeconds: number
  /** Tests: a change that leaves not exactly one audit entry becomes an error. */
  strictAudit?: boolean
}

const maxJsonBytes = 4 * 1024 * 1024

/** Builds the listening server from route data. Nothing of a domain is known here. */
export async function openHttp(options: HttpOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    bodyLimit: maxJsonBytes,
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: false, caseSensitive: true },
    requestTimeout: 0,
    trustProxy: options.trustedProxies.length > 0 && options.trustedProxies,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  })
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: options.secureCookies,
    crossOriginEmbedderPolicy: false,
  })
  // From here on only the reader is waited for: answers are made whole, in memory or in a file, before they begin to leave.
  app.addHook('onSend', async (_request, { raw }) => {
    raw.setTimeout(options.readerSeconds * 1000, () => raw.destroy())
  })
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    Object.assign(request, { jsonSha256: hash('sha256', body) })
    parseJson(request, body.toString('utf8'), done)
  })
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.setErrorHandler((error, request, reply) => fail(options, error, request, reply))
  app.get('/healthz', { config: { public: true } }, async (_request, reply) => reply.send(await options.health()))
  const document = openApiDocument()
  app.get('/openapi.json', { config: { public: true } }, async (_request, reply) => reply.send(document))
  for (const route of options.routes) mount(app, options, route)
  await servePortal(app, options.portalDir)
  return app
}

function mount(app: FastifyInstance, options: HttpOptions, { name, spec, handle }: BoundRoute): void {
  app.route({
    method: spec.method,
    url: spec.path,
    ...(spec.body === 'file' && { bodyLimit: 64 * 1024 ** 3 }),
    // Headers that tell a browser what a page may do mean nothing to a program that signs its calls.
    ...(spec.needs === 'signature' && { helmet: false }),
    handler: async (request, reply) => {
      const transport = transportOf(request, reply, options, spec)
      const language = languageOf(request.headers['accept-language'])
      const ctx = await options.admit({ requestId: request.id, address: request.ip, language, spec, name, transport })
      Object.assign(request, { admitted: ctx })
      const input = parseInput(spec, request)
      const result = await handle(ctx, input as never, transport)
      const hasEffect = spec.effect ? spec.effect !== 'read' : spec.method !== 'GET'
      if (hasEffect && ctx.recorded.count !== 1 && options.strictAudit)
        throw new Error(`${name} left ${ctx.recorded.count} audit entries instead of one`)
      return answer(spec, reply, result)
    },
  })
}

function transportOf(request: FastifyRequest, reply: FastifyReply, options: HttpOptions, spec: RouteSpec): Transport {
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict' as const, secure: options.secureCookies }
  return {
    sessionToken: request.cookies[sessionCookie] ?? null,
    setHeader: (name, value) => void reply.header(name, value),
    setSession: (token) =>
      void (token === null ? reply.clearCookie(sessionCookie, attributes) : reply.setCookie(sessionCookie, token, attributes)),
    file:
      spec.body === 'file'
        ? {
            stream: request.body instanceof Readable ? request.body : Readable.from([]),
            contentType: request.headers['content-type'] ?? '',
            sizeBytes: Number(request.headers['content-length']) || null,
          }
        : null,
    jsonSha256: (request as { jsonSha256?: string }).jsonSha256 ?? null,
    header: (header) => {
      const value = request.headers[header]
      return Array.isArray(value) ? value[0] : value
    },
    url: request.raw.url ?? '',
    method: request.method,
  }
}

const strictNothing = z.strictObject({})

function parseInput(spec: RouteSpec, request: FastifyRequest): { params: unknown; query: unknown; body: unknown } {
  if (spec.body && spec.body !== 'file' && request.body instanceof Readable) throw new AppError('invalid', 'http.wrong_content_type')
  const parts = {
    params: (spec.params ?? strictNothing).safeParse(request.params ?? {}),
    query: (spec.query ?? strictNothing).safeParse(request.query ?? {}),
    body: spec.body && spec.body !== 'file' ? spec.body.safeParse(request.body ?? undefined) : undefined,
  }
  const problems = [
    ...toFieldProblems('/params', parts.params.error?.issues ?? []),
    ...toFieldProblems('/query', parts.query.error?.issues ?? []),
    ...toFieldProblems('', parts.body?.error?.issues ?? []),
    ...findUnstorable(parts.query.data, '/query'),
    ...findUnstorable(parts.body?.data, ''),
  ]
  // An id of the wrong shape is an object that does not exist.
  if (parts.params.error) throw new AppError('not_found', 'value.not_found')
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  return { params: parts.params.data, query: parts.query.data, body: parts.body?.data }
}

function answer(spec: RouteSpec, reply: FastifyReply, result: unknown): FastifyReply {
  reply.header('cache-control', 'no-store')
  if (spec.output === 'none') return reply.code(204).send()
  if (spec.output === 'file') {
    const file = result as FileAnswer
    return reply
      .header('content-type', file.contentType)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`)
      .send(file.body)
  }
  // Parsing the answer is a leak filter: a field that the contract does not name does not leave.
  return reply.send(spec.output.parse(result))
}

async function fail(options: HttpOptions, error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const known = toAppError(error)
  const { status, body } = toProblem(known ?? error, request.id, languageOf(request.headers['accept-language']))
  if (!known || known.kind === 'unavailable')
    options.log.error({ err: error, requestId: request.id, url: request.routeOptions.url }, 'a request failed')
  const ctx = (request as { admitted?: Ctx }).admitted
  // A use case may have written its refusal down itself.
  const isRecorded = ctx !== undefined && ctx.recorded.count > 0
  if (known && !isRecorded && (known.kind === 'forbidden' || known.kind === 'unauthenticated' || known.kind === 'limited')) {
    await options
      .recordRefusal({ ...ctx, requestId: request.id, address: request.ip }, `${request.method} ${request.routeOptions.url ?? ''}`, known)
      .catch((cause) => options.log.error({ err: cause }, 'a refusal could not be recorded'))
  }
  if (known?.details.retryAfterSeconds) reply.header('retry-after', String(known.details.retryAfterSeconds))
  await reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(body))
}

/** Of the operating system and of PostgreSQL: nothing was done, and the operator reads why in the log. */
const refusals: { codes: RegExp; message: string; seconds?: number }[] = [
  { codes: /^(ENOSPC|EDQUOT|53100)$/, message: 'http.disk_full' },
  { codes: /^(EACCES|EPERM|EROFS)$/, message: 'http.folder_refused' },
  { codes: /^(EMFILE|ENFILE|53000)$/, message: 'http.too_many_files', seconds: 10 },
  { codes: /^53300$/, message: 'http.unavailable', seconds: 10 },
]

function toAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  const code = error instanceof LakeError ? error.system : (error as { code?: string }).code
  const refusal = refusals.find(({ codes }) => codes.test(code ?? ''))
  if (refusal) {
    const wait = refusal.seconds && { params: { seconds: refusal.seconds }, retryAfterSeconds: refusal.seconds }
    return new AppError('unavailable', refusal.message, { ...wait, cause: error })
  }
  if (isDatabaseAway(error))
    return new AppError('unavailable', 'http.database_away', { params: { seconds: 5 }, retryAfterSeconds: 5, cause: error })
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('too_large', 'http.too_large', { params: { limit: '4 MiB' } })
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY' || error instanceof SyntaxError)
    return new AppError('invalid', 'http.unreadable_body')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError('invalid', 'http.wrong_content_type')
  return undefined
}

async function servePortal(app: FastifyInstance, root: string): Promise<void> {
  await app.register(serveStatic, { root, maxAge: '1y', immutable: true, index: false, wildcard: false })
  const page = (reply: FastifyReply) => reply.sendFile('index.html', join(root), { maxAge: 0, immutable: false })
  app.get('/', { config: { public: true } }, (_request, reply) => page(reply))
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' && !/^\/(api|share|assets)\//.test(request.url) && (request.headers.accept ?? '').includes('text/html')
    return wantsPage ? page(reply) : fail({ log: app.log } as never, new AppError('not_found', 'http.not_found'), request, reply)
  })
}
