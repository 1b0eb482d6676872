import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toNumberText } from './xlsx-number.ts'

test('number text is written plain and never rounded while it is an integer', () => {
  const cases: [string, string, boolean][] = [
    ['0', '0', false],
    ['-0', '0', false],
    ['007', '7', false],
    ['1.50', '1.5', false],
    ['0.10000000000000001', '0.1', false],
    ['116.42728199999999', '116.427282', false],
    ['1.0000000000000001E-5', '0.00001', false],
    ['-2.5E-3', '-0.0025', false],
    ['9.99999999999999E+14', '999999999999999', false],
    ['9007199254740993', '9007199254740993', true],
    ['1E+400', `1${'0'.repeat(400)}`, true],
    ['12345678901234.567', '12345678901234.6', false],
  ]
  for (const [raw, text, precisionLost] of cases) assert.deepEqual(toNumberText(raw), { text, precisionLost }, raw)
  for (const raw of ['', 'NaN', 'INF', '1e401', '1,000', '0x10', '1e', '.', '一']) assert.equal(toNumberText(raw), undefined, raw)
})

test('any integer up to 15 digits keeps its digits, with or without exponent', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }), (value) => {
      const text = String(value)
      assert.deepEqual(toNumberText(text), { text, precisionLost: false })
      const digits = text.replace('-', '')
      const written = `${value < 0n ? '-' : ''}${digits[0]}.${digits.slice(1) || '0'}E+${digits.length - 1}`
      assert.deepEqual(toNumberText(written), { text, precisionLost: false })
    }),
  )
})
