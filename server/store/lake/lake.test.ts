import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { embeddedHarness } from '#testing/lake/embedded-harness.ts'
import { startTestLake, testEngine } from '#testing/lake/test-lake.ts'
import { lakeSuite } from '#testing/lake-suite.ts'

lakeSuite(`the lake on ${testEngine}`, startTestLake)

test('a second process is told that the folder is taken', async () => {
  const harness = await embeddedHarness()
  const lake = await harness.open()
  const script = `import('${import.meta.resolve('./lake.ts')}').then((m) => m.openLake({ dir: process.argv[1] })).then(() => console.log('opened'), (e) => console.log(e.code, e.message))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, harness.dir])
  assert.match(stdout, /^76 .*open in process/)
  await lake.close()
  await harness.stop()
})
