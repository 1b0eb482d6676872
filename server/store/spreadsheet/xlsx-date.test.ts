import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dateKindOf, toDateText, toSerial } from './xlsx-date.ts'

test('formats are told apart by their placeholders, not by their literals', () => {
  const cases: [string, string | undefined][] = [
    ['yyyy-mm-dd', 'date'],
    ['[$-804]yyyy"年"m"月"', 'date'],
    ['m/d/yy h:mm', 'datetime'],
    ['[h]:mm:ss', 'time'],
    ['mm:ss.0', 'time'],
    ['General', undefined],
    ['G/通用格式', undefined],
    ['0.00E+00', undefined],
    ['[Red]#,##0.00;[Blue]-0', undefined],
    ['0"天 days"', undefined],
    ['@', undefined],
    ['_ ¥* #,##0.00_ ', undefined],
  ]
  for (const [code, kind] of cases) assert.equal(dateKindOf(176, code), kind, code)
  assert.equal(dateKindOf(31, undefined), 'date')
  assert.equal(dateKindOf(2, undefined), undefined)
})

test('serial numbers outside of the calendar have no date', () => {
  for (const raw of ['-1', '60', '60.5', '2958466', '1e400', 'NaN', 'x']) assert.equal(toDateText(raw, 'datetime', false), undefined, raw)
  assert.equal(toDateText('2958465', 'date', false), '9999-12-31')
  assert.equal(toDateText('1.0625', 'time', false), '25:30:00')
})

test('every second from 1900-03-01 to 9999 survives the way into a serial number and back', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1900-03-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
      const text = date.toISOString().slice(0, 19).replace('T', ' ')
      assert.equal(toDateText(toSerial(text)!, 'datetime', false), text)
      assert.equal(toDateText(toSerial(text.slice(0, 10))!, 'date', false), text.slice(0, 10))
    }),
    { numRuns: 300 },
  )
  for (const text of ['1900-02-28', '0000-00-00', '2023-02-29', '12026-01-01', '2024-01-01 24:00:00', '昨天'])
    assert.equal(toSerial(text), undefined, text)
})
