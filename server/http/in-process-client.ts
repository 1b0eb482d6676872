import { Readable } from 'node:stream'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { type RouteName, routes } from '#contract/index.ts'
import type { Language } from '#contract/messages/index.ts'
import type { RouteAnswer, RouteCall, RouteSpec } from '#contract/route.ts'
import type { Problem } from '#contract/values.ts'
import { sessionCookie } from './server.ts'

type Spec<N extends RouteName> = (typeof routes)[N]
type JsonAnswer<N extends RouteName> = Spec<N>['output'] extends 'file' ? { fileName: string; bytes: Buffer } : RouteAnswer<Spec<N>>

/** Calls routes by name through the whole HTTP stack without a socket: the demo city and the tests act as people do. */
export interface InProcessClient {
  /** The parsed answer. @throws CallError with the problem when the answer is not 2xx. */
  call<N extends RouteName>(name: N, input?: Partial<RouteCall<Spec<N>>>): Promise<JsonAnswer<N>>
  /** The raw answer, whatever its status. */
  attempt<N extends RouteName>(name: N, input?: Partial<RouteCall<Spec<N>>>): Promise<LightMyRequestResponse>
}

class CallError extends Error {
  readonly status: number
  readonly problem: Problem
  constructor(name: string, status: number, problem: Problem) {
    super(`${name}: ${status} ${problem.code} ${problem.detail} ${JSON.stringify(problem.errors ?? '')}`)
    this.status = status
    this.problem = problem
  }
}

/** The address and body of a call, from the route's declaration. */
function toInject(spec: RouteSpec, input: { params?: object; query?: object; body?: unknown }): InjectOptions {
  const params = (input.params ?? {}) as Record<string, string>
  const url = spec.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? 'missing'))
  const query = Object.fromEntries(
    Object.entries(input.query ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
  if (spec.body !== 'file') return { method: spec.method, url, query, ...(input.body !== undefined && { payload: input.body as object }) }
  const payload = input.body instanceof Readable ? input.body : (input.body as Buffer)
  return { method: spec.method, url, query, payload, headers: { 'content-type': 'application/octet-stream' } }
}

interface Session {
  token: string
  csrf: string
  language?: Language
}

const headersOf = ({ csrf, language = 'zh' }: Session) => ({ 'x-csrf-token': csrf, 'accept-language': language })

/** `http` is asked for at each call, since a test may restart its city. */
export function inProcessClient(http: () => FastifyInstance, session: Session | null): InProcessClient {
  const attempt = async (name: RouteName, input: object = {}) => {
    const inject = toInject(routes[name], input)
    const signed = session && { cookies: { [sessionCookie]: session.token }, headers: { ...inject.headers, ...headersOf(session) } }
    return http().inject({ ...inject, ...signed })
  }
  const call = async (name: RouteName, input: object = {}) => {
    const response = await attempt(name, input)
    if (response.statusCode >= 300) throw new CallError(name, response.statusCode, response.json())
    if (routes[name].output === 'none') return undefined
    if (routes[name].output !== 'file') return response.json()
    const encoded = /''(.+)$/.exec(String(response.headers['content-disposition']))?.[1] ?? ''
    return { fileName: decodeURIComponent(encoded), bytes: response.rawPayload }
  }
  return { attempt, call } as InProcessClient
}
