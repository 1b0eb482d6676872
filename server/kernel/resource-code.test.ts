import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { buildResourceCode, parseResourceCode } from './resource-code.ts'

const padded = (digits: number) => fc.integer({ min: 1, max: 10 ** digits - 1 }).map((n) => String(n).padStart(digits, '0'))

test('a code is read back as it was built, whatever its parts', () => {
  fc.assert(
    fc.property(
      fc.record(
        {
          category: fc.constantFrom('1' as const, '2' as const, '3' as const),
          subject: padded(2),
          topic: padded(3),
          detail: fc.stringMatching(/^\d{0,6}$/),
          serial: fc.integer({ min: 1, max: 9_999_999 }),
        },
        { noNullPrototype: true },
      ),
      (parts) => assert.deepEqual(parseResourceCode(buildResourceCode(parts)), parts),
    ),
  )
  assert.equal(buildResourceCode({ category: '3', subject: '01', topic: '001', detail: '', serial: 123 }), '301001/000123')
})

test('what is no code of the guide is refused', () => {
  for (const code of [
    '401001/1',
    '300001/1',
    '301000/1',
    '301001',
    '301001/',
    '301001/0',
    '301001/000',
    '3010a1/1',
    ' 301001/1',
    '301001/1\n',
  ])
    assert.equal(parseResourceCode(code), null, code)
  const parts = { category: '1', subject: '01', topic: '001', detail: '', serial: 1 } as const
  for (const wrong of [
    { subject: '1' },
    { subject: '010', topic: '01' },
    { topic: '0001' },
    { detail: 'x' },
    { serial: 0 },
    { serial: 1.5 },
  ])
    assert.throws(() => buildResourceCode({ ...parts, ...wrong }), { code: 'catalog.resource_code' })
})
