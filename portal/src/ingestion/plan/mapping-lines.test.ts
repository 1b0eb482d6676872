import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toLines, toMapping } from './mapping-lines.ts'

test('every item has a line, and only lines with a column are sent', () => {
  const mapping = [{ item: 'b', column: '乙', conversion: 'date' as const, format: 'yyyyMMdd', missing: ['-', 'NULL'], trim: false }]
  const lines = toLines([{ code: 'a' }, { code: 'b' }], mapping)
  assert.deepEqual(
    lines.map(({ item, column, missing }) => [item, column, missing]),
    [
      ['a', '', ''],
      ['b', '乙', '- NULL'],
    ],
  )
  assert.deepEqual(toMapping(lines), mapping)
})

test('words for "no value" are taken once each, however they are spaced', () => {
  const [line] = toMapping([{ item: 'a', column: 'x', conversion: 'auto', format: '', missing: '  无  - 无\t', trim: true }])
  assert.deepEqual(line?.missing, ['无', '-'])
})
