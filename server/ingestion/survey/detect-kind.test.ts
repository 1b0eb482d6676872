import assert from 'node:assert/strict'
import { test } from 'node:test'
import { citizenIdCheck, luhnCheck } from '../../kernel/check-digits.ts'
import { detectKind } from './detect-kind.ts'

const today = '2026-11-22'
const bodies = Array.from({ length: 20 }, (_, i) => `3502031990010${String(1000 + 7 * i)}`)
const ids = bodies.map((body) => body + citizenIdCheck(body))
const of = (values: (string | null)[]) => detectKind(values, 0.8, today)

test('citizen numbers prove themselves by their check digit, and numbers of the same shape do not', () => {
  assert.deepEqual(of(ids), { kind: 'citizen_id', rate: 1 })
  assert.equal(of(bodies.map((body) => `${body}${citizenIdCheck(body) === '1' ? '2' : '1'}`))?.kind, undefined)
})

test('a few wrong ones and missing values leave the kind with its rate', () => {
  assert.deepEqual(of([...ids, '不详', '无', null, '', ' ']), { kind: 'citizen_id', rate: 0.909 })
  assert.equal(of([...ids.slice(0, 10), ...bodies]), null)
})

test('each kind is found by its values, and other things are none', () => {
  const series = (make: (i: number) => string) => Array.from({ length: 12 }, (_, i) => make(i))
  const card = (i: number) => `62220212345678${i + 10}`
  assert.equal(of(series((i) => card(i) + luhnCheck(card(i))))?.kind, 'bank_account')
  assert.equal(of(series((i) => `138000000${i + 10}`))?.kind, 'phone')
  assert.equal(of(series((i) => `user${i}@example.cn`))?.kind, 'email')
  assert.equal(of(series((i) => `闽D${10000 + i}`))?.kind, 'licence_plate')
  assert.equal(of(series((i) => `厦门市集美区银江路${i}号`))?.kind, 'address')
  assert.equal(of(['王一', '李二', '张三', '刘四', '陈五', '杨六'])?.kind, 'name')
  for (const values of [series(String), series((i) => `集美${i}`), series((i) => `2020-01-${i + 10}`), ['男', '女']])
    assert.equal(of(values), null)
})
