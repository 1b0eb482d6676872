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

test('a crash during a load ends the process, which says why, and the folder opens again', async () => {
  const harness = await embeddedHarness()
  const script = `const { openLake } = await import('${import.meta.resolve('./lake.ts')}')
    const lake = await openLake({ dir: process.argv[1] })
    lake.command('INSERT INTO FUNCTION null() SELECT sleepEachRow(3) FROM numbers(100000000) SETTINGS function_sleep_max_microseconds_per_block = 0')
    setTimeout(() => { throw new Error('crash') }, 300)`
  await assert.rejects(promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, harness.dir]), {
    signal: 'SIGKILL',
    stderr: /Error: crash/,
  })
  const lake = await harness.open()
  assert.deepEqual(await lake.measure('SELECT 1 AS one'), [{ one: 1 }])
  await lake.close()
  await harness.stop()
})
