import type { RouteInput, RouteOutput, Routes, RouteSpec } from '#contract/route.ts'
import type { Ctx } from '../store/index.ts'
import type { Readable } from 'node:stream'

/** A file body as the handler gets it: the stream of the request and what its headers say. */
export interface IncomingFile {
  stream: Readable
  contentType: string
  sizeBytes: number | null
}

/** What the transport alone knows; few handlers need it. */
export interface Transport {
  setSession(token: string | null): void
  sessionToken: string | null
  /** A header of the answer, also of a refusal. */
  setHeader(name: string, value: string): void
  file: IncomingFile | null
  /** SHA-256 in hex of a JSON body as it was sent, for signatures; null without one. */
  jsonSha256: string | null
  header(name: string): string | undefined
  /** Path and query as they were sent, for signatures. */
  url: string
  method: string
}

export type Handler<R extends RouteSpec> = (ctx: Ctx, input: RouteInput<R>, transport: Transport) => Promise<RouteOutput<R>>
export type Handlers<T extends Routes> = { [K in keyof T]: Handler<T[K]> }

export interface BoundRoute {
  name: string
  spec: RouteSpec
  handle: (ctx: Ctx, input: never, transport: Transport) => Promise<unknown>
}

/** Pairs a room's declared routes with its handlers; a missing, unknown or mistyped handler does not compile. */
export function bind<const T extends Routes>(specs: T, handlers: Handlers<T>): BoundRoute[] {
  return Object.entries(specs).map(([name, spec]) => ({ name, spec, handle: handlers[name as keyof T] as unknown as BoundRoute['handle'] }))
}
