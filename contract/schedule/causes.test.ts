import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messages } from '../messages/index.ts'
import { portalPaths } from '../portal-paths.ts'
import { causeOf, causes, nextSteps } from './causes.ts'

test('each cause is the cause of a message that exists, in other and shorter words', () => {
  for (const [code, cause] of Object.entries(causes)) {
    assert.ok(messages[code], code)
    assert.ok(cause.zh.length < messages[code].zh.length, code)
    assert.ok(cause.step in nextSteps, code)
  }
})

test('a code that nobody has put into words still has a cause and a step, a file’s one of its own', () => {
  assert.equal(causeOf('file.json_damaged').step, 'file')
  assert.equal(causeOf('ingestion.something_new').step, 'operator')
  for (const { page } of Object.values(nextSteps)) assert.ok(page in portalPaths)
})
