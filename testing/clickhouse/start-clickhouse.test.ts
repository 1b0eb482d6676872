import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLake } from '../../server/store/lake/lake.ts'
import { testEngine } from '../lake/test-lake.ts'
import { startClickHouse } from './start-clickhouse.ts'

// Starting servers needs python3 or a C compiler, which a machine that runs only the embedded engines may lack.
if (testEngine === 'clickhouse') {
  test('rows written through a Distributed table lie on two shards and are read as one', async () => {
    const servers = await startClickHouse({ shards: 2 })
    try {
      const lake = await openLake({ urls: servers.urls })
      await lake.define('CREATE TABLE lake.people_local (id UInt64, name String) ENGINE = MergeTree ORDER BY id')
      await lake.define('CREATE TABLE lake.people AS lake.people_local ENGINE = Distributed(city, lake, people_local, sipHash64(id))')
      await lake.command(
        "INSERT INTO people SELECT number, concat('人', toString(number)) FROM numbers(10000)",
        {},
        { settings: { distributed_foreground_insert: 1 } },
      )
      assert.deepEqual(await lake.measure('SELECT count() AS n FROM people'), [{ n: '10000' }])
      assert.deepEqual(await lake.rows('SELECT name FROM people WHERE id = {id:UInt64}', { id: 4711 }), [{ name: '人4711' }])
      const shards = await lake.measure<{ shard: number; n: string }>(
        'SELECT shardNum() AS shard, count() AS n FROM people GROUP BY shard ORDER BY shard',
      )
      assert.deepEqual(
        shards.map(({ shard }) => shard),
        [1, 2],
      )
      assert.ok(
        shards.every(({ n }) => Number(n) > 4000),
        JSON.stringify(shards),
      )

      await servers.restart()
      assert.deepEqual(await lake.measure('SELECT count() AS n FROM people'), [{ n: '10000' }])
      await lake.close()
    } finally {
      await servers.stop()
    }
  })
}
