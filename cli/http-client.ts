import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { RouteSpec } from '#contract/route.ts'
import type { Problem } from '#contract/values.ts'

/** Where the command line finds its city and keeps its session; the only reader of process.env here. */
export const settings = {
  url: (process.env.DATONG_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, ''),
  sessionFile: process.env.DATONG_SESSION ?? join(homedir(), '.config', 'datong', 'session.json'),
  language: process.env.DATONG_LANGUAGE === 'en' ? 'en' : 'zh',
}

export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

interface Saved {
  url: string
  cookie: string
  csrfToken: string
}

function readSession(): Saved | undefined {
  if (!existsSync(settings.sessionFile)) return undefined
  const saved = JSON.parse(readFileSync(settings.sessionFile, 'utf8')) as Saved
  return saved.url === settings.url ? saved : undefined
}

function saveSession(response: Response, answer: unknown): void {
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0]
  if (!cookie) return
  if (cookie.endsWith('=')) {
    rmSync(settings.sessionFile, { force: true })
    return
  }
  mkdirSync(dirname(settings.sessionFile), { recursive: true, mode: 0o700 })
  writeFileSync(
    settings.sessionFile,
    JSON.stringify({ url: settings.url, cookie, csrfToken: (answer as { csrfToken: string }).csrfToken } satisfies Saved),
  )
  chmodSync(settings.sessionFile, 0o600)
}

/** Calls one route of the city with the kept session. @throws ProblemError with the server's own words. */
export async function callRoute(
  spec: RouteSpec,
  input: { params: Record<string, unknown>; query: Record<string, unknown>; body: unknown },
): Promise<Response & { answer?: unknown }> {
  const url = new URL(settings.url + spec.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input.params[name]))))
  for (const [name, value] of Object.entries(input.query)) url.searchParams.set(name, String(value))
  const session = readSession()
  const isFile = spec.body === 'file'
  const response = await fetch(url, {
    method: spec.method,
    headers: {
      'accept-language': settings.language,
      ...(session && { cookie: session.cookie, 'x-csrf-token': session.csrfToken }),
      ...(spec.body && { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
    },
    ...(spec.body && { body: (isFile ? input.body : JSON.stringify(input.body)) as BodyInit }),
    // Node's fetch needs this for a streamed body.
    ...(isFile && { duplex: 'half' }),
  } as RequestInit)
  if (!response.ok) throw new ProblemError((await response.json()) as Problem)
  const answer = response.headers.get('content-type')?.includes('json') && spec.output !== 'file' ? await response.json() : undefined
  saveSession(response, answer)
  return Object.assign(response, { answer })
}
