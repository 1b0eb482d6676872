import { type Language, messageOf } from '#contract/messages/index.ts'
import type { Problem } from '#contract/values.ts'
import { AppError, type ErrorKind, type FieldProblem, statusOf } from '../kernel/errors.ts'

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
  values?: readonly unknown[]
  origin?: string
  minimum?: number | bigint
  maximum?: number | bigint
}

/** zod's issues as field problems with JSON Pointers; every problem is reported, not the first one only. */
export function toFieldProblems(prefix: string, issues: readonly Issue[]): FieldProblem[] {
  return issues.flatMap((issue): FieldProblem[] => {
    const pointer = prefix + issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    if (issue.code === 'unrecognized_keys')
      return (issue.keys ?? []).map((field) => ({ pointer: `${pointer}/${field}`, code: 'value.unknown_field', params: { field } }))
    return [{ pointer, ...nameIssue(issue) }]
  })
}

const sizes = {
  string: { small: 'value.too_short', big: 'value.too_long' },
  array: { small: 'value.too_few', big: 'value.too_many' },
  number: { small: 'value.too_small', big: 'value.too_large' },
} as const

/** zod speaks English to developers; a user is told in the words of contract/messages. */
function nameIssue(issue: Issue): Pick<FieldProblem, 'code' | 'params'> {
  const { code, message, origin, values, minimum, maximum } = issue
  if (/^[a-z]+\.[a-z_]+$/.test(message)) return { code: message }
  if (/expected .*received undefined/i.test(message)) return { code: 'value.required' }
  const size = sizes[origin as keyof typeof sizes] ?? sizes.number
  if (code === 'too_big' && maximum !== undefined) return { code: size.big, params: { limit: Number(maximum) } }
  if (code === 'too_small' && minimum !== undefined)
    return origin === 'string' && Number(minimum) === 1
      ? { code: 'value.required' }
      : { code: size.small, params: { limit: Number(minimum) } }
  if (code === 'invalid_value' && values) return { code: 'value.choice', params: { choices: values.join('、') } }
  if (code === 'invalid_format') return { code: 'value.format' }
  return { code: 'value.invalid', params: { reason: message } }
}
