import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BSON } from 'mongodb'
import { beijingText, instantOf } from './beijing-time.ts'
import { extendedJson, fieldText, plainNumber } from './field-text.ts'

test('a number without its exponent is the same number, to the last digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -60, max: 60 }), (digits, exponent) => {
      const text = plainNumber(BSON.Decimal128.fromString(`${digits}E${exponent}`).toString())
      assert.match(text, /^-?\d+(\.\d+)?$/)
      const [whole, fraction = ''] = text.split('.')
      // Both as whole numbers of the 120th place after the point.
      assert.equal(BigInt(`${whole}${fraction.padEnd(120, '0')}`), digits * 10n ** BigInt(120 + exponent))
    }),
  )
  assert.deepEqual(['1E+3', '-1.5E-7', '12.34e1', 'NaN', 'Infinity'].map(plainNumber), ['1000', '-0.00000015', '123.4', 'NaN', 'Infinity'])
})

test('what Beijing’s clocks show leads back to the instant, and before 1992 to none that is later', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1992-01-02'), max: new Date('9999-01-01'), noInvalidDate: true }), (at) => {
      assert.deepEqual(instantOf(beijingText(at)), at)
    }),
  )
  fc.assert(
    fc.property(fc.date({ min: new Date('0100-01-01'), max: new Date('1992-01-02'), noInvalidDate: true }), (at) => {
      assert.ok(instantOf(beijingText(at)) <= at)
    }),
  )
  assert.equal(beijingText(new Date('1988-07-01T04:00:00Z')), '1988-07-01 13:00:00', 'summer time')
  assert.equal(beijingText(new Date('1900-06-01T00:00:00Z')), '1900-06-01 08:05:43', 'local mean time')
  assert.equal(beijingText(new Date(Number.NaN)), 'Invalid Date')
})

test('arrays and documents become extended JSON that the driver reads back as they were', () => {
  const { Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp, MinKey, Code } = BSON
  const value = {
    whole: Long.MAX_VALUE,
    few: new Int32(-1),
    half: new Double(0.5),
    not: new Double(Number.NaN),
    money: Decimal128.fromString('1.20'),
    id: new ObjectId(),
    bytes: new Binary(Buffer.from([0, 255])),
    at: new Date('2024-02-29T00:00:00.123Z'),
    early: new Date('1000-01-01T00:00:00Z'),
    stamp: new Timestamp({ t: 1, i: 2 }),
    least: new MinKey(),
    code: new Code('f()'),
    list: [null, { '': '"\\\u2028𠮷' }, []],
  }
  const back = BSON.EJSON.parse(extendedJson(value), { relaxed: false }) as typeof value
  assert.deepEqual(BSON.serialize(back), BSON.serialize(value))
  assert.equal(fieldText([Long.MAX_VALUE], 'text'), '[9223372036854775807]')
})
