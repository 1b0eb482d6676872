import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pgTemplate } from '#testing/pg-template.ts'
import { systemActor } from '../../kernel/actor.ts'
import { appendEvents, openDb, toEventRecord } from '../../store/index.ts'

const home = mkdtempSync(join(tmpdir(), 'datong-verify-'))
after(() => rmSync(home, { recursive: true, force: true }))

const verify = (city = home) => {
  const env = { PATH: process.env.PATH, DATONG_HOME: city, LOG_LEVEL: 'silent' }
  return spawnSync(process.execPath, ['server/main.ts', 'verify'], { env, encoding: 'utf8' })
}
const open = async () => openDb({ home, template: await pgTemplate() })

test('`verify` tells an intact chain from a broken one, by its words and by its exit code', async () => {
  const before = await open()
  const ctx = { actor: systemActor('test'), now: () => new Date(), address: null, purpose: null, requestId: 'x' }
  await before.db.transaction().execute((tx) =>
    appendEvents(
      tx as never,
      [1, 2, 3].map((n) => toEventRecord(ctx, { action: `test.n${n}` })),
    ),
  )
  await before.close()
  const intact = verify()
  assert.equal(intact.status, 0, intact.stderr)
  assert.match(intact.stdout, /审计链完整/)
  const plane = await open()
  await plane.db.updateTable('platform.event').set({ actor_name: '别人' }).where('seq', '=', 2).execute()
  await plane.close()
  const broken = verify()
  assert.equal(broken.status, 1, broken.stderr)
  assert.match(broken.stdout, /第 2 条/)
  assert.match(verify(join(home, 'elsewhere')).stderr, /DATONG_HOME/)
})
