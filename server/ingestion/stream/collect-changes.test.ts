import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, collectChanges } from './collect-changes.ts'
import { watchLag } from './measure-lag.ts'
import { formatLsn, parseLsn } from './postgresql/lsn.ts'

/** What a table holds after batches, by key. */
function holder() {
  const held = new Map<string, string>()
  const batches: Batch[] = []
  const apply = async (batch: Batch) => {
    batches.push(batch)
    if (batch.emptiedAt !== null) held.clear()
    for (const [key, { values }] of batch.changes) values ? held.set(key, values[0]!) : held.delete(key)
  }
  return { held, batches, apply }
}

const fails = (error: unknown) => assert.fail(String(error))
const act = fc.record({
  kind: fc.constantFrom('put', 'move', 'remove', 'empty', 'commit', 'flush'),
  key: fc.integer({ min: 0, max: 5 }),
  to: fc.integer({ min: 0, max: 5 }),
})

test('batches leave what the changes left one by one, and carry the place of the last whole transaction', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 80 }), async (acts) => {
      const { held, batches, apply } = holder()
      const collector = collectChanges(0, apply, fails)
      const model = new Map<string, string>()
      let at = 0
      const writeDown = async (kind: string, key: string, to: string) => {
        const value = `${at}`
        const moves = kind === 'move' && model.has(key) && !model.has(to)
        if (kind === 'put' && model.has(key)) collector.update(null, [key], [value], at)
        else if (kind === 'put') collector.insert([key], [value], at)
        else if (moves) collector.update([key], [to], [value], at)
        else if (kind === 'remove' && model.has(key)) collector.remove([key], at)
        else if (kind === 'empty') collector.empty(at)
        if (kind === 'commit') await collector.commit(at)
        if (kind === 'flush') await collector.flush()
        if (kind === 'put') model.set(key, value)
        if (moves) model.set(to, value)
        if (moves || kind === 'remove') model.delete(key)
        if (kind === 'empty') model.clear()
      }
      for (const { kind, key, to } of acts) {
        at++
        await writeDown(kind, `k${key}`, `k${to}`)
      }
      await collector.commit(++at)
      await collector.flush()
      assert.deepEqual([...held].sort(), [...model].sort())
      assert.equal(collector.reached(), at)
      assert.equal(
        batches.reduce((rows, { emptiedAt, growth }) => (emptiedAt === null ? rows : 0) + growth, 0),
        model.size,
      )
    }),
    { numRuns: 300 },
  )
})

test('a transaction larger than a batch is applied in pieces that do not claim its place', async () => {
  const { batches, apply } = holder()
  const collector = collectChanges(7, apply, fails)
  for (let i = 0; i < 60_000; i++) await collector.insert([String(i)], ['x'], 100 + i)
  await collector.flush()
  assert.deepEqual(
    batches.map(({ position }) => position),
    [7],
  )
  collector.idle(90_000)
  assert.equal(collector.reached(), 7)
  await collector.commit(80_000)
  await collector.flush()
  assert.equal(collector.reached(), 80_000)
})

test('a batch that cannot be applied is told once, and nothing after it counts as reached', async () => {
  const told: unknown[] = []
  const collector = collectChanges(
    0,
    () => Promise.reject(new Error('full')),
    (error) => told.push(error),
  )
  collector.insert(['1'], ['x'], 1)
  await collector.commit(5)
  await assert.rejects(collector.flush(), /full/)
  collector.insert(['2'], ['x'], 6)
  await collector.commit(9)
  await assert.rejects(collector.flush(), /full/)
  assert.equal(collector.reached(), 0)
})

test('lag is the time since the source was first seen at a place that is not reached yet', () => {
  let now = 0
  const lagOf = watchLag(() => now)
  assert.equal(lagOf(100, 100), 0)
  now = 1000
  assert.equal(lagOf(200, 100), 0)
  now = 6000
  assert.equal(lagOf(300, 150), 5)
  now = 7000
  assert.equal(lagOf(300, 200), 1)
  assert.equal(lagOf(300, 300), 0)
})

test('positions of PostgreSQL are numbers and come back as they were', () => {
  for (const lsn of ['0/0', '0/16B3748', '1A/FFFFFFFF', '7FFFF/1']) assert.equal(formatLsn(parseLsn(lsn)), lsn)
})
