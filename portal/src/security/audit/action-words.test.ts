import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { actionWord } from './action-words.ts'

test('every act that the server writes down has a word in both languages', () => {
  const sources = globSync('server/**/*.ts', { exclude: (name) => /\.test\.ts$/.test(String(name)) })
  const actions = new Set(
    sources.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/action: '([a-z]+\.[a-z_]+)'/g)].map(([, action]) => action!)),
  )
  assert.ok(actions.size > 20)
  assert.deepEqual(
    [...actions].filter((action) => !/\p{Script=Han}/u.test(actionWord(action, 'zh'))),
    [],
  )
})
