import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openGroupCommit } from './group-commit.ts'

test('callers who call again as soon as they are answered share one batch, each with an outcome of their own', async () => {
  const batches: number[][] = []
  const commit = openGroupCommit(async (entries: number[]) => {
    batches.push(entries)
    await sleep(5)
    return entries.map((entry) => -entry)
  })
  const rounds = 6
  const caller = async (number: number) => {
    for (let round = 0; round < rounds; round++) assert.equal(await commit(round * 100 + number), -(round * 100 + number))
  }
  await Promise.all(Array.from({ length: 20 }, (_, i) => caller(i + 1)))
  assert.deepEqual(
    batches.map(({ length }) => length),
    Array.from({ length: rounds }, () => 20),
  )
  assert.equal(new Set(batches.flat()).size, 20 * rounds)
})

test('a batch takes 500 entries, a failed one fails its own callers only, and the next is written', async () => {
  const sizes: number[] = []
  const commit = openGroupCommit(async (entries: number[]) => {
    sizes.push(entries.length)
    if (entries.includes(7)) throw new Error('the disk is full')
    return entries
  })
  const first = await Promise.allSettled(Array.from({ length: 1201 }, (_, i) => commit(i)))
  assert.ok(Math.max(...sizes) <= 500)
  const failed = first.filter(({ status }) => status === 'rejected').length
  assert.equal(
    failed,
    sizes.find((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0) > 7),
  )
  assert.equal(await commit(8), 8)
})
