import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLakeValue, lakeTypeOf } from './lake-types.ts'

const of = (dataType: Parameters<typeof lakeTypeOf>[0]['dataType'], length: number | null = null, scale: number | null = null) =>
  lakeTypeOf({ dataType, length, scale })

test('an unstated scale keeps decimals, a stated one is kept exactly', () => {
  assert.equal(of('N', 10, 2).column, 'Nullable(Decimal(10, 2))')
  assert.equal(of('N', 10).value, 'Decimal(20, 10)')
  assert.equal(of('Y').value, 'Decimal(38, 2)')
  assert.equal(of('N', 1_000_000, 38).value, 'Decimal(76, 38)')
})

test('a long integer is wider than 64 bits, and no type is narrower than its values', () => {
  assert.equal(of('I', 19).value, 'Int64')
  assert.equal(of('I', 20).value, 'Int128')
})

test('only exact values of a type are values of it', () => {
  const cases: [ReturnType<typeof of>, string[], string[]][] = [
    [of('I'), ['0', '-9223372036854775808', '007'], ['9223372036854775808', '1.0', '1e3', '', ' 1', '١']],
    [of('N', 5, 2), ['999.99', '-0.5', '1.500', '000123.4'], ['1000', '1.234', '.5', '1,000', 'NaN']],
    [of('F'), ['1e300', '-0.1'], ['1e400', 'inf', 'nan', '0x1']],
    [of('D'), ['2024-02-29', '1900-01-01', '2299-12-31'], ['2023-02-29', '1899-12-31', '20240101', '2024-2-9']],
    [of('T'), ['1986-05-04 00:30:00', '2024-01-01T10:20:30.123456'], ['2024-01-01', '2024-01-01 24:00:00', '2024-01-01 10:20:30Z']],
    [of('L'), ['true', 'false'], ['1', 'TRUE', '']],
    [of('C'), ['', '任何文字', '\0'], ['\ud800']],
  ]
  for (const [type, good, bad] of cases) {
    for (const text of good) assert.ok(isLakeValue(type, text), `${type.value} ${text}`)
    for (const text of bad) assert.ok(!isLakeValue(type, text), `${type.value} not ${text}`)
  }
})
