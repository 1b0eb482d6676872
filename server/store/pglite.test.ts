import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeCheckpoint } from './checkpoint.ts'
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

test('the journal is given back to the disk while the control plane is open', async () => {
  const home = mkdtempSync(join(tmpdir(), 'datong-pglite-'))
  const pglite = await openPglite(join(home, 'control'))
  const journal = async () =>
    (await pglite.query<{ bytes: number }>('select sum(size)::float8 as bytes from pg_ls_waldir()')).rows[0]!.bytes
  const write = () => pglite.exec(`insert into t select repeat('值', 300) from generate_series(1, 30000)`)
  const MiB = 2 ** 20
  try {
    await pglite.exec('create table t (text text)')
    assert.equal(await makeCheckpoint(pglite), false, 'nothing is due')
    let most = 0
    for (let time = 0; time < 8; time++) {
      await write()
      assert.equal(await makeCheckpoint(pglite, 16 * MiB), true)
      most = Math.max(most, await journal())
    }
    assert.ok(most <= 100 * MiB, `${most / MiB} MiB of journal`)
    assert.equal(await makeCheckpoint(pglite, 16 * MiB), false)
  } finally {
    await pglite.close()
    rmSync(home, { recursive: true, force: true })
  }
})
