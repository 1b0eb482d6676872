import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkText } from './check-portal-text.ts'

test('words inside a component are found wherever a user would read them', () => {
  const caught = [
    'const a = <p>Hello</p>',
    'const a = <p>目录</p>',
    'const a = <Button title="Save" />',
    'const a = <Button aria-label={"Save"} />',
    "const a = '目录'",
    'const a = `目录`',
    'const a = <p>{b}：{c}</p>',
  ]
  for (const text of caught) assert.equal(checkText('x.tsx', text).length, 1, text)
})

test('texts that come from text.ts, punctuation and technical attributes pass', () => {
  const clean = ['const a = <p className="dt-muted">{t.title}</p>', 'const a = <p>·  —</p>', 'const a = <Page page=\'search\' name="x" />']
  for (const text of clean) assert.deepEqual(checkText('x.tsx', text), [], text)
})
