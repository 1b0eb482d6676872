import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDates } from './parse-dates.ts'

test('dates are read as notices and spreadsheets write them', () => {
  const { dates, unread } = parseDates('2027-01-01, 2027/1/2\n2027年1月3日（周日）；4月5日 "2027-05-01"', 2027)
  assert.deepEqual(dates, ['2027-01-01', '2027-01-02', '2027-01-03', '2027-04-05', '2027-05-01'])
  assert.deepEqual(unread, [])
})

test('a range is every day of it, also over the end of a month', () => {
  assert.deepEqual(parseDates('1月1日至3日', 2027).dates, ['2027-01-01', '2027-01-02', '2027-01-03'])
  assert.deepEqual(parseDates('9月30日 至 10月2日', 2027).dates, ['2027-09-30', '2027-10-01', '2027-10-02'])
  assert.equal(parseDates('2月5日（农历除夕）至12日', 2027).dates.length, 8)
})

test('what is no date is named and nothing is guessed', () => {
  assert.deepEqual(parseDates('春节 2027-02-30 13月1日 5 10月8日至1日', 2027), {
    dates: [],
    unread: ['春节', '2027-02-30', '13月1日', '5', '10月8日至1日'],
  })
})
