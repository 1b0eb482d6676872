import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openThreadedPglite, type ThreadedPglite } from './threaded-pglite.ts'

const home = mkdtempSync(join(tmpdir(), 'datong-thread-'))
let pglite: ThreadedPglite
before(async () => {
  pglite = await openThreadedPglite(join(home, 'control'))
  await pglite.exec('create table t (n integer primary key, at timestamptz, doc jsonb, day date, big bigint)')
})
after(async () => {
  await pglite.close()
  rmSync(home, { recursive: true, force: true })
})

test('values pass the threads as the engine gives them', async () => {
  const at = new Date('2026-03-02T02:00:00.123Z')
  const values = [1, at, JSON.stringify({ 名: ['甲', null] }), '2026-02-14', 2 ** 40]
  await pglite.query('insert into t values ($1, $2, $3, $4, $5)', values)
  const { rows } = await pglite.query('select * from t')
  assert.deepEqual(rows, [{ n: 1, at, doc: { 名: ['甲', null] }, day: '2026-02-14', big: 2 ** 40 }])
  assert.equal((await pglite.query('update t set n = n')).affectedRows, 1)
})

test('an SQL error keeps its code and constraint, and spoils nothing after it', async () => {
  await assert.rejects(pglite.query('insert into t (n) values (1)'), { code: '23505', constraint: 't_pkey' })
  assert.equal((await pglite.query('select 1 as one')).rows[0]?.one, 1)
})

test('a text that begins a transaction of its own and fails leaves none open for the others', async () => {
  await assert.rejects(pglite.exec('begin; insert into t (n) values (77); select 1 / 0; commit'), { code: '22012' })
  assert.deepEqual((await pglite.query('select n from t where n = 77')).rows, [])
  assert.equal((await pglite.transaction((session) => session.query('select 1 as one'))).rows[0]?.one, 1)
})

test('a statement outside a transaction waits until it has ended, and what is rolled back is gone', async () => {
  const events: string[] = []
  const transaction = pglite.transaction(async (session) => {
    await session.query('insert into t (n) values (2)')
    await sleep(100)
    events.push('rolling back')
    throw new Error('no')
  })
  const outside = pglite.query('select count(*)::int as n from t').then(({ rows }) => events.push(`saw ${rows[0]?.n}`))
  const second = pglite.transaction(async (session) => {
    events.push('second')
    await session.query('insert into t (n) values (3)')
  })
  await assert.rejects(transaction, /no/)
  await Promise.all([outside, second])
  assert.deepEqual(events, ['rolling back', 'saw 1', 'second'])
  assert.deepEqual((await pglite.query('select n from t order by n')).rows, [{ n: 1 }, { n: 3 }])
})

test('a failed statement ends its transaction, and the next one is a new one', async () => {
  const failing = pglite.transaction(async (session) => {
    await session.query('insert into t (n) values (4)')
    await session.query('insert into t (n) values (1)')
  })
  await assert.rejects(failing, { code: '23505' })
  await pglite.transaction((session) => session.query('insert into t (n) values (5)'))
  assert.deepEqual((await pglite.query('select n from t where n > 3')).rows, [{ n: 5 }])
})

test('a transaction whose error was swallowed is told that it was not committed', async () => {
  const swallowing = pglite.transaction(async (session) => {
    await session.query('insert into t (n) values (6)')
    await session.query('insert into t (n) values (1)').catch(() => {})
  })
  await assert.rejects(swallowing, { code: '25P02' })
  assert.deepEqual((await pglite.query('select n from t where n = 6')).rows, [])
})

test('notifications arrive, and stop when nobody listens', async () => {
  const told: string[] = []
  const stop = await pglite.listen('news', (payload) => told.push(payload))
  await pglite.query("select pg_notify('news', 'one')")
  while (told.length === 0) await sleep(5)
  await stop()
  await pglite.query("select pg_notify('news', 'two')")
  await sleep(50)
  assert.deepEqual(told, ['one'])
})
