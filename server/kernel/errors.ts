import type { Actor } from './actor.ts'

/** Errors that a user may see. Anything else that is thrown is a bug: 500, generic body, logged with the request id. */

/** HTTP status by kind; the only place where a kind becomes a number. */
export const statusOf = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  limited: 429,
  unavailable: 503,
} as const

export type ErrorKind = keyof typeof statusOf

/** One problem inside the input: a JSON Pointer and what is wrong there. */
export interface FieldProblem {
  pointer: string
  code: string
  params?: Record<string, string | number>
}

export interface ErrorDetails {
  /** Values for the {placeholders} of the code's message in contract/messages. */
  params?: Record<string, string | number>
  problems?: FieldProblem[]
  /** Who acts next, when it is not the caller (a role name of contract/security.ts). */
  actor?: string
  retryAfterSeconds?: number
  /** What the refused act was about: for the audit, never told to the caller. */
  object?: { type: string; id: string; name: string }
  /** Who was refused, where the request had no ctx yet: for the audit. */
  caller?: Actor
  cause?: unknown
}

/** `code` is `room.reason`; its Chinese and English text stand in contract/messages. */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly details: ErrorDetails
  constructor(kind: ErrorKind, code: string, details: ErrorDetails = {}) {
    super(`${code} ${JSON.stringify(details.params ?? {})}`, { cause: details.cause })
    this.name = 'AppError'
    this.kind = kind
    this.code = code
    this.details = details
  }
}

export const invalid = (code: string, params?: ErrorDetails['params']) => new AppError('invalid', code, { ...(params && { params }) })
export const conflict = (code: string, params?: ErrorDetails['params']) => new AppError('conflict', code, { ...(params && { params }) })
export const forbidden = (code: string, params?: ErrorDetails['params']) => new AppError('forbidden', code, { ...(params && { params }) })
/** Also for things that exist but lie outside the caller's row scope: their existence is not told (reliability V09). */
export const notFound = (code: string, params?: ErrorDetails['params']) => new AppError('not_found', code, { ...(params && { params }) })
