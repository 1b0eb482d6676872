import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { messageOf, messages } from './index.ts'

const root = new URL('../../', import.meta.url).pathname
const rooms = new Set(Object.keys(messages).map((code) => code.split('.')[0]!))

/** Places where a code of an error stands: constructors, their short forms, and `code`, `error` and `reason` of a problem. */
const places = [
  /new AppError\(\s*'\w+',\s*'([a-z]+\.[a-z0-9_]+)'/g,
  /\b(?:invalid|conflict|forbidden|notFound|unauthenticated|unavailable|refuse|problem|wrong|fail)\(\s*'([a-z]+\.[a-z0-9_]+)'/g,
  /\berror: '([a-z]+\.[a-z0-9_]+)'/g,
]
function* codesOf(text: string): Generator<string> {
  for (const place of places) for (const [, code] of text.matchAll(place)) yield code!
  for (const line of text
    .replace(/action: '[^']+'/g, '')
    .split('\n')
    .filter((one) => /\bcode\b/.test(one) && !/^\s*(\*|\/\/|\/\*)/.test(one)))
    for (const [, code] of line.matchAll(/'([a-z]+\.[a-z0-9_]+)'/g)) if (rooms.has(code!.split('.')[0]!) && !isColumn(line)) yield code!
}
const isColumn = (line: string) => /\b(select|where|orderBy|ref|From|Join|Into|Table)\w*\(/.test(line)

test('every code that an error can carry has a text in both languages', () => {
  const missing = globSync('{server,contract}/**/*.ts', { cwd: root, exclude: (name) => name === 'node_modules' })
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) =>
      [...new Set(codesOf(readFileSync(root + path, 'utf8')))].filter((code) => !messages[code]).map((code) => `${path}: ${code}`),
    )
  assert.deepEqual(missing, [])
})

test('a text says something, in both languages with the same places to fill', () => {
  const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()
  for (const [code, { zh, en }] of Object.entries(messages)) {
    assert.match(zh, /[一-鿿]{2}.*[。？！）}]$/s, code)
    assert.match(en, /[A-Za-z]{2}/, code)
    // What only one language names is a clerk's detail that the other leaves out: it must at least exist.
    assert.deepEqual(
      [...new Set(holes(en))].filter((hole) => !zh.includes(hole)),
      [],
      code,
    )
  }
})

test('places are filled, and what is not given stays visible', () => {
  assert.equal(messageOf('value.date', 'en', { value: '2025-02-30' }), '“2025-02-30” is not a date. Write an existing date as 2026-01-31.')
  assert.match(messageOf('value.date', 'zh'), /\{value\}/)
})
