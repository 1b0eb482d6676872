import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { messageOf, messages } from '#contract/messages/index.ts'
import { toFieldProblems } from './problem.ts'

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  reason: z.string().min(4),
  kind: z.enum(['甲', '乙']),
  count: z.int().min(1).max(9),
  list: z.array(z.string()).max(1),
  code: z.string().regex(/^\d$/),
  uscc: z.string().regex(/^x$/, { error: 'value.uscc' }),
  day: z.iso.date(),
})

test('every problem of an input is told in the words of the contract, at its place', () => {
  const input = {
    name: '一二三四五六',
    reason: '短',
    kind: '丙',
    count: 0,
    list: ['a', 'b'],
    code: 'x',
    uscc: 'y',
    day: '2026-13-01',
    more: 1,
  }
  const problems = toFieldProblems('', schema.safeParse(input).error!.issues)
  assert.deepEqual(Object.fromEntries(problems.map(({ pointer, code }) => [pointer, code])), {
    '/name': 'value.too_long',
    '/reason': 'value.too_short',
    '/kind': 'value.choice',
    '/count': 'value.too_small',
    '/list': 'value.too_many',
    '/code': 'value.format',
    '/uscc': 'value.uscc',
    '/day': 'value.format',
    '/more': 'value.unknown_field',
  })
  for (const { code, params } of problems) {
    assert.ok(messages[code], code)
    assert.doesNotMatch(messageOf(code, 'zh', params), /\{/)
  }
})

test('what is missing or empty is required', () => {
  const problems = toFieldProblems('/content', schema.safeParse({ name: '' }).error!.issues)
  assert.deepEqual(
    new Set(problems.filter(({ pointer }) => pointer !== '/content/kind').map(({ code }) => code)),
    new Set(['value.required']),
  )
})
