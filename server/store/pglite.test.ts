import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openPglite, syncCount } from './pglite.ts'

test('every commit of the embedded control plane reaches fsync, in a folder of its owner', async () => {
  const home = mkdtempSync(join(tmpdir(), 'datong-pglite-'))
  const dir = join(home, 'control')
  const pglite = await openPglite(dir)
  try {
    assert.equal((await pglite.query<{ fsync: string }>('show fsync')).rows[0]?.fsync, 'on')
    await pglite.exec('create table t (n integer)')
    for (let n = 0; n < 20; n++) {
      const before = syncCount()
      await pglite.query('insert into t values ($1)', [n])
      assert.ok(syncCount() > before, `commit ${n} was not synced`)
    }
    assert.equal(statSync(dir).mode & 0o777, 0o700)
    const { rows } = await pglite.query<{ n: number; day: string }>(`select count(*) as n, date '2026-02-14' as day from t`)
    assert.deepEqual(rows, [{ n: 20, day: '2026-02-14' }])
  } finally {
    await pglite.close()
    rmSync(home, { recursive: true, force: true })
  }
})
