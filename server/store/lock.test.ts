import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lockHome } from './lock.ts'

test('a home folder has one owner at a time', async () => {
  const home = mkdtempSync(join(tmpdir(), 'datong-lock-'))
  const first = await lockHome(home)
  await assert.rejects(lockHome(home), /正被另一个大同进程使用/)
  await first.release()
  const second = await lockHome(home)
  await second.release()
  rmSync(home, { recursive: true, force: true })
})
