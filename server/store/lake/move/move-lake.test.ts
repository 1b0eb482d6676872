import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { embeddedHarness } from '#testing/lake/embedded-harness.ts'
import { startTestLake, testEngine } from '#testing/lake/test-lake.ts'
import type { Lake } from '../lake.ts'
import { moveLake } from './move-lake.ts'

// chDB holds one folder per process, so it cannot be both sides.
if (testEngine !== 'chdb') {
  let from: Lake
  let to: Lake
  const stops: (() => Promise<void>)[] = []
  before(async () => {
    const [here, there] = [await embeddedHarness(), await startTestLake()]
    from = await here.open()
    to = await there.open()
    stops.push(
      () => from.close(),
      here.stop,
      () => to.close(),
      there.stop,
    )
    await from.define(
      'CREATE TABLE lake.`r_1` (`_row` UInt64, `姓名` Nullable(String), d Nullable(Date32)) ENGINE = MergeTree ORDER BY `_row`',
    )
    await from.command(
      "INSERT INTO lake.`r_1` SELECT number + 1, if(number % 7 = 0, NULL, concat('人', toString(number))), toDate32('2026-01-01') FROM numbers(1000)",
    )
    // Rows that never were sent have numbers far up.
    await from.command('INSERT INTO lake.`r_1` SELECT 1099511627776 + number, NULL, NULL FROM numbers(5)')
    await from.command('DELETE FROM lake.`r_1` WHERE `_row` = 500')
    await from.define('CREATE TABLE lake.live_rows (id Int64, v UInt64) ENGINE = ReplacingMergeTree(v) ORDER BY id')
    await from.command('INSERT INTO lake.live_rows SELECT number, 1 FROM numbers(100)')
    await from.define('CREATE TABLE lake.nothing (id Int64) ENGINE = MergeTree ORDER BY id')
    await from.define('CREATE TABLE lake.sink (id Int64) ENGINE = Null')
  })
  after(async () => {
    for (const stop of stops) await stop()
  })

  test('a move that breaks goes on where it was, and copies nothing twice', async () => {
    let inserts = 0
    const breaking: Lake = {
      ...to,
      async insertStream(table, format, source, limits) {
        const done = await to.insertStream(table, format, source, limits)
        // The rows have arrived, and nobody has heard of it.
        if (table === 'lake.r_1' && ++inserts === 3) throw new Error('the line is cut')
        return done
      },
    }
    await to.define(
      'CREATE TABLE lake.`r_1` (`_row` UInt64, `姓名` Nullable(String), d Nullable(Date32)) ENGINE = MergeTree ORDER BY `_row`',
    )
    await to.command("INSERT INTO lake.`r_1` SELECT number + 1, 'half a slice', NULL FROM numbers(10)")
    await assert.rejects(
      moveLake({ from, to: breaking }, () => {}, { sliceRows: 100 }),
      /the line is cut/,
    )
    const moved = await moveLake({ from, to }, () => {}, { sliceRows: 100 })
    assert.deepEqual(
      moved.map(({ name, rows, copied }) => [name, rows, copied]),
      [
        ['live_rows', 100, 0],
        ['nothing', 0, 0],
        ['r_1', 1004, 704],
      ],
    )
    const again = await moveLake({ from, to }, () => {}, { sliceRows: 100 })
    assert.ok(again.every(({ copied }) => copied === 0))
    assert.deepEqual(
      again.map(({ digest }) => digest),
      moved.map(({ digest }) => digest),
    )
    assert.deepEqual(await to.rows('SELECT `姓名`, d FROM lake.`r_1` WHERE `_row` = 2'), [{ 姓名: '人1', d: '2026-01-01' }])
  })

  test('rows at the other side that were not moved go', async () => {
    await to.command('INSERT INTO lake.`r_1` SELECT arrayJoin([500, 2199023255552]), NULL, NULL')
    const moved = await moveLake({ from, to }, () => {}, { sliceRows: 100 })
    assert.deepEqual(
      moved.map(({ name, rows, copied }) => [name, rows, copied]),
      [
        ['live_rows', 100, 0],
        ['nothing', 0, 0],
        ['r_1', 1004, 104],
      ],
    )
  })
}
