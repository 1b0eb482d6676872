import { messageOf } from '#contract/messages/index.ts'
import type { Problem } from '#contract/values.ts'
import { AppError, type ErrorKind, type FieldProblem, statusOf } from '../kernel/errors.ts'

export type Language = 'zh' | 'en'

/** Chinese unless the client asks for English first. */
export function languageOf(acceptLanguage: string | undefined): Language {
  return /^\s*en\b/i.test(acceptLanguage ?? '') ? 'en' : 'zh'
}

const titles: Record<ErrorKind, Record<Language, string>> = {
  invalid: { zh: '内容不符合要求', en: 'Invalid input' },
  unauthenticated: { zh: '尚未登录或登录已失效', en: 'Not signed in' },
  forbidden: { zh: '没有权限', en: 'Not allowed' },
  not_found: { zh: '未找到', en: 'Not found' },
  conflict: { zh: '与当前状态冲突', en: 'Conflict' },
  gone: { zh: '已停止提供', en: 'No longer offered' },
  too_large: { zh: '内容过大', en: 'Too large' },
  limited: { zh: '超出限额', en: 'Limit reached' },
  unavailable: { zh: '暂时不可用', en: 'Unavailable' },
}

/** The one place where an error becomes an answer (RFC 9457). Foreign errors become a 500 that tells nothing. */
export function toProblem(error: unknown, requestId: string, language: Language): { status: number; body: Problem } {
  const known = error instanceof AppError ? error : undefined
  const status = known ? statusOf[known.kind] : 500
  const code = known?.code ?? 'http.internal'
  const params = { requestId, ...known?.details.params }
  return {
    status,
    body: {
      type: `urn:datong:problem:${code}`,
      title: known ? titles[known.kind][language] : language === 'zh' ? '内部错误' : 'Internal error',
      status,
      detail: messageOf(code, language, params),
      instance: requestId,
      code,
      actor: known?.details.actor ?? null,
      errors: (known?.details.problems ?? []).map((p) => ({
        pointer: p.pointer,
        code: p.code,
        detail: messageOf(p.code, language, p.params),
      })),
    },
  }
}

interface Issue {
  path: PropertyKey[]
  code?: string
  message: string
  keys?: string[]
  input?: unknown
}

/** zod's issues as field problems with JSON Pointers; every problem is reported, not the first one only. */
export function toFieldProblems(prefix: string, issues: readonly Issue[]): FieldProblem[] {
  return issues.flatMap((issue): FieldProblem[] => {
    const pointer = prefix + issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    if (issue.code === 'unrecognized_keys')
      return (issue.keys ?? []).map((field) => ({ pointer: `${pointer}/${field}`, code: 'value.unknown_field', params: { field } }))
    if (/^[a-z]+\.[a-z_]+$/.test(issue.message)) return [{ pointer, code: issue.message }]
    if (/expected .*received undefined/i.test(issue.message)) return [{ pointer, code: 'value.required' }]
    return [{ pointer, code: 'value.invalid', params: { reason: issue.message } }]
  })
}
