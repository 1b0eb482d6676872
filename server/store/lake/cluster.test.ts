import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ClickHouse, startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import { testEngine } from '#testing/lake/test-lake.ts'
import { type Lake, openLake } from './lake.ts'

const isAway = { name: 'AppError', kind: 'unavailable', code: 'platform.lake_away' }

// Starting servers needs python3 or a C compiler, which a machine that runs only the embedded engine may lack.
if (testEngine === 'cluster')
  describe('two shards', { concurrency: false }, () => {
    let servers: ClickHouse
    let lake: Lake
    /** The second node alone, as its operator sees it. */
    let second: Lake
    before(async () => {
      servers = await startClickHouse({ shards: 2 })
      lake = await openLake({ urls: servers.urls })
      second = await openLake({ urls: servers.urls.slice(1) })
    })
    after(async () => {
      await lake.close()
      await second.close()
      await servers.stop()
    })
    const count = async (table: string, of = lake) => Number((await of.measure<{ n: string }>(`SELECT count() AS n FROM ${table}`))[0]!.n)

    test('rows lie on both and are read as one', async () => {
      await lake.define('CREATE TABLE lake.people (`_row` UInt64, name Nullable(String)) ENGINE = MergeTree ORDER BY `_row`')
      await lake.command("INSERT INTO people SELECT number, concat('人', toString(number)) FROM numbers(10000)")
      assert.equal(await count('people'), 10000)
      assert.deepEqual(await lake.rows('SELECT name FROM people WHERE `_row` = {id:UInt64}', { id: 4711 }), [{ name: '人4711' }])
      const here = await count('shard.people', second)
      assert.ok(here > 4000 && here < 6000, `${here} rows on the second node`)
      const [table] = await lake.tables(['people'])
      assert.equal(table!.rows, 10000)
      assert.ok(table!.bytes > 0)
    })

    test('rows of one key lie on one node, whatever the table is sorted by', async () => {
      await lake.define(
        'CREATE TABLE lake.keyed_rows (`_row` UInt64, k Nullable(String)) ENGINE = MergeTree ORDER BY `_row`',
        {},
        { shardBy: ['k'] },
      )
      await lake.command('INSERT INTO keyed_rows SELECT number, if(number % 10 = 0, NULL, toString(number % 100)) FROM numbers(1000)')
      const [found] = await lake.measure<{ most: string }>(
        'SELECT max(n) AS most FROM (SELECT k, uniqExact(shardNum()) AS n FROM keyed_rows GROUP BY k)',
      )
      assert.equal(found!.most, '1')
    })

    test('a clone shares the parts of its original on every node, and loses rows alone', async () => {
      await lake.define('CREATE TABLE lake.next AS lake.people')
      await lake.define('ALTER TABLE lake.next ATTACH PARTITION tuple() FROM lake.people')
      await lake.define('CREATE TABLE lake.gone (id UInt64) ENGINE = MergeTree ORDER BY id')
      await lake.command('INSERT INTO gone SELECT number * 3 FROM numbers(1000)')
      await lake.command('DELETE FROM lake.next WHERE `_row` IN (SELECT id FROM lake.gone)')
      assert.equal(await count('next'), 9000)
      assert.equal(await count('people'), 10000)
      const joined = await lake.measure('SELECT count() AS n FROM people AS a INNER JOIN gone AS b ON a._row = b.id')
      assert.deepEqual(joined, [{ n: '1000' }])
      await lake.define('ALTER TABLE lake.next ADD COLUMN added String')
      assert.deepEqual(await lake.measure('SELECT uniqExact(added) AS n FROM next'), [{ n: '1' }])
      await lake.define('DROP TABLE IF EXISTS lake.next SYNC')
      assert.deepEqual(await lake.tables(['next']), [])
    })

    test('a table that is changed in place lies on one node, where its newest rows win', async () => {
      await lake.define('CREATE TABLE lake.live_rows (id Int64, v UInt64) ENGINE = ReplacingMergeTree(v) ORDER BY id')
      for (const v of [1, 2]) await lake.command('INSERT INTO live_rows SELECT number, {v:UInt64} FROM numbers(1000)', { v })
      const [found] = await lake.measure('SELECT count() AS n, min(v) AS v, uniqExact(shardNum()) AS nodes FROM live_rows FINAL')
      assert.deepEqual(found, { n: '1000', v: '2', nodes: '1' })
    })

    test('a definition that fails on one node is undone on the others, and can be made again', async () => {
      await second.define('CREATE TABLE shard.half_made (id Int64) ENGINE = MergeTree ORDER BY id')
      const define = () => lake.define('CREATE TABLE lake.half_made (id Int64) ENGINE = MergeTree ORDER BY id')
      await assert.rejects(define(), { code: 57 })
      assert.deepEqual(await lake.measure("SELECT name FROM system.tables WHERE name = 'half_made'"), [])
      // What lies about on one node is listed, and DROP finds it.
      assert.deepEqual(await lake.tables(['half_made']), [{ name: 'half_made', rows: 0, bytes: 0 }])
      await lake.define('DROP TABLE IF EXISTS lake.half_made SYNC')
      await define()
      await lake.define('CREATE TABLE IF NOT EXISTS lake.half_made (id Int64) ENGINE = MergeTree ORDER BY id')
    })

    test('servers that name other shards are refused', async () => {
      await assert.rejects(openLake({ urls: [...servers.urls, servers.urls[0]!] }), { name: 'LAYOUT' })
    })

    test('a node that dies during a load fails it, reads refuse to answer in part, and all is there when it is back', async () => {
      await lake.define('CREATE TABLE lake.half (n UInt64, s String) ENGINE = MergeTree ORDER BY n')
      const load = assert.rejects(
        lake.command('INSERT INTO half SELECT number, toString(sipHash64(number)) FROM numbers(400000000)', {}, { threads: 1 }),
        isAway,
      )
      while ((await count('half')) === 0);
      await servers.kill(1)
      await load
      await assert.rejects(lake.rows('SELECT count() AS n FROM people'), isAway)
      await assert.rejects(lake.tables(), isAway)
      await assert.rejects(lake.define('CREATE TABLE lake.later (n UInt64) ENGINE = MergeTree ORDER BY n'), isAway)
      // What one node knows alone is still told.
      assert.deepEqual(await lake.measure("SELECT name FROM system.tables WHERE database = 'lake' AND name = 'later'"), [])
      await servers.restart(1)
      assert.equal(await count('people'), 10000)
      await lake.define('DROP TABLE lake.half SYNC')
      await lake.define('CREATE TABLE lake.later (n UInt64) ENGINE = MergeTree ORDER BY n')
    })

    test('while the entry is away the next node tells what it knows, and the lake opens without it', async () => {
      await servers.kill(0)
      assert.deepEqual(await lake.measure("SELECT name FROM system.tables WHERE database = 'lake' AND name = 'people'"), [
        { name: 'people' },
      ])
      await assert.rejects(lake.rows('SELECT name FROM people'), isAway)
      const reopened = await openLake({ urls: servers.urls })
      assert.deepEqual(await reopened.measure('SELECT 1 AS one'), [{ one: 1 }])
      await reopened.close()
      await servers.restart(0)
      assert.equal(await count('people'), 10000)
    })
  })
