// The only place of the portal that speaks HTTP: one typed call per route name of the contract.
import { type RouteName, routes } from '#contract/index.ts'
import type { RouteAnswer, RouteCall, RouteSpec } from '#contract/route.ts'
import { Session } from '#contract/security.ts'
import type { Problem } from '#contract/values.ts'
import { currentLanguage } from '../ui/language.tsx'
import { localProblem, ProblemError } from './problem-error.ts'
import { apiText } from './text.ts'

type Spec<N extends RouteName> = (typeof routes)[N]
/** What a call of this route sends. */
export type Input<N extends RouteName> = RouteCall<Spec<N>>
/** What it gets: JSON in the contract's type, or for `file` routes a downloaded file. */
export type Answer<N extends RouteName> = Spec<N>['output'] extends 'file' ? DownloadedFile : RouteAnswer<Spec<N>>

export interface DownloadedFile {
  fileName: string
  content: Blob
}

interface LooseInput {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
}

/** Comes with every session and goes back with every change; it lives in memory only. */
let csrfToken = ''

/** The address of a call. Empty and undefined query values are left out. */
export function addressOf(spec: RouteSpec, input: LooseInput): string {
  const path = spec.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input.params?.[name] ?? '')))
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(input.query ?? {}))
    if (value !== undefined && value !== null && value !== '') query.set(key, String(value))
  return query.size > 0 ? `${path}?${query}` : path
}

/**
 * Calls a route. `signal` ends it early.
 * @throws ProblemError, always: what the server said, or `portal.unreachable` / `portal.unreadable`
 */
export async function call<N extends RouteName>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Answer<N>> {
  const spec: RouteSpec = routes[name]
  const loose = input as LooseInput
  const isJson = loose.body !== undefined && spec.body !== 'file'
  const response = await fetch(addressOf(spec, loose), {
    method: spec.method,
    headers: headersOf(spec, isJson),
    credentials: 'same-origin',
    ...(loose.body !== undefined && { body: isJson ? JSON.stringify(loose.body) : (loose.body as Blob) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw localProblem('portal.unreachable', 0, apiText[currentLanguage()].unreachable)
  })
  if (!response.ok) throw await problemOf(response)
  return (await answerOf(spec, response)) as Answer<N>
}

function headersOf(spec: RouteSpec, isJson: boolean): Record<string, string> {
  return {
    'accept-language': currentLanguage() === 'zh' ? 'zh-CN' : 'en',
    ...(isJson && { 'content-type': 'application/json' }),
    ...(spec.body === 'file' && { 'content-type': 'application/octet-stream' }),
    ...(spec.method !== 'GET' && { 'x-csrf-token': csrfToken }),
  }
}

async function answerOf(spec: RouteSpec, response: Response): Promise<unknown> {
  if (spec.output === 'none') return undefined
  if (spec.output === 'file') {
    const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1]
    return { fileName: decodeURIComponent(named ?? 'download'), content: await response.blob() } satisfies DownloadedFile
  }
  const answer: unknown = await response.json().catch(() => undefined)
  if (answer === undefined) throw unreadable(response.status)
  if (spec.output === Session) csrfToken = (answer as Session).csrfToken
  return answer
}

const unreadable = (status: number) => localProblem('portal.unreadable', status, apiText[currentLanguage()].unreadable(status))

async function problemOf(response: Response): Promise<ProblemError> {
  const isProblem = (response.headers.get('content-type') ?? '').includes('application/problem+json')
  const body = isProblem ? await response.json().catch(() => undefined) : undefined
  return body ? new ProblemError(body as Problem) : unreadable(response.status)
}

/**
 * Sends a file with its progress (0–1), which fetch cannot tell.
 * @throws ProblemError as `call`
 */
export function upload<N extends RouteName>(name: N, input: Omit<Input<N>, 'body'>, file: File, onProgress: (share: number) => void) {
  const spec: RouteSpec = routes[name]
  return new Promise<Answer<N>>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(spec.method, addressOf(spec, input as LooseInput))
    for (const [header, value] of Object.entries(headersOf(spec, false))) request.setRequestHeader(header, value)
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0)
    request.onerror = () => reject(localProblem('portal.unreachable', 0, apiText[currentLanguage()].unreachable))
    request.onload = () => {
      const body = parseJson(request.responseText)
      if (body === undefined) reject(unreadable(request.status))
      else if (request.status >= 200 && request.status < 300) resolve(body as Answer<N>)
      else reject(new ProblemError(body as Problem))
    }
    request.send(file)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Hands a downloaded file to the browser's own saving. */
export function saveFile({ fileName, content }: DownloadedFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
