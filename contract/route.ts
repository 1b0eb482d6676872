import type { z } from 'zod'
import type { Scope } from './scopes.ts'

/**
 * A route is data: the server binds a handler to it, the portal and the CLI call it by its name, OpenAPI and the
 * authorisation matrix are made from it. `needs` has no default: a route without a declared scope does not compile.
 */
export interface RouteSpec {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify syntax: `/api/v1/catalog/entries/:entryId`. */
  path: string
  /** `public`: no session; `session`: any signed-in person; `signature`: an AK/SK key; else one scope. */
  needs: Scope | 'public' | 'session' | 'signature'
  /** Chinese one-line summary for people; the name is the operation id. */
  summary: string
  params?: z.ZodObject
  query?: z.ZodObject
  /** JSON body, or `file`: one raw body streamed to the handler (content-type of the file, name in the query). */
  body?: z.ZodType | 'file'
  /** JSON answer, or `file`: the handler streams bytes and names them, or `none`: 204. */
  output: z.ZodType | 'file' | 'none'
  /** Does it change something? Default: every method but GET. A GET that reads lake content says `data`. */
  effect?: 'read' | 'data' | 'change'
}

export type Routes = Record<string, RouteSpec>

type Infer<T, Otherwise> = T extends z.ZodType ? z.output<T> : Otherwise
type InferInput<T, Otherwise> = T extends z.ZodType ? z.input<T> : Otherwise

/** What a handler receives, after parsing. */
export type RouteInput<R extends RouteSpec> = {
  params: Infer<R['params'], Record<string, never>>
  query: Infer<R['query'], Record<string, never>>
  body: Infer<R['body'], undefined>
}

/** What a client sends. */
export type RouteCall<R extends RouteSpec> = (R['params'] extends z.ZodType
  ? { params: InferInput<R['params'], never> }
  : { params?: undefined }) &
  (R['query'] extends z.ZodType ? { query?: InferInput<R['query'], never> } : { query?: undefined }) &
  (R['body'] extends z.ZodType ? { body: InferInput<R['body'], never> } : { body?: unknown })

/** What a handler returns, before its output schema filters it, and what a client gets. */
export type RouteOutput<R extends RouteSpec> = R['output'] extends z.ZodType
  ? z.input<R['output']>
  : R['output'] extends 'file'
    ? FileAnswer
    : undefined
export type RouteAnswer<R extends RouteSpec> = R['output'] extends z.ZodType
  ? z.output<R['output']>
  : R['output'] extends 'file'
    ? Response
    : undefined

/** Bytes with a name; `body` is a Node Readable or a Buffer (typed loosely: the contract knows no Node). */
export interface FileAnswer {
  fileName: string
  contentType: string
  body: unknown
}

/** Keeps literal types while checking the shape. */
export const defineRoutes = <const R extends Routes>(routes: R): R => routes
