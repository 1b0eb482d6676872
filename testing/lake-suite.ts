import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { LakeError } from '../server/store/lake/lake-error.ts'
import type { Lake, openLake } from '../server/store/lake/lake.ts'
import { quoteIdentifier } from '../server/store/lake/quote-identifier.ts'

/** An engine under test: where to open it, how to kill it without warning, how to bring it back on the same data. */
export interface LakeHarness {
  open(): ReturnType<typeof openLake>
  /** Inserts acknowledged batches of 100 rows into `lake.acked`, is killed -9 after `afterMs`, and returns how many batches were acknowledged. */
  insertUntilKilled(afterMs: number): Promise<number>
  /** Nodes that a batch is spread over. */
  shards: number
  stop(): Promise<void>
}

const isLakeError = (code: number) => (error: unknown) => error instanceof LakeError && error.code === code

/** What every lake must do, whichever engine is behind it. */
export function lakeSuite(name: string, start: () => Promise<LakeHarness>): void {
  describe(name, { concurrency: false }, () => {
    let harness: LakeHarness
    let lake: Lake
    before(async () => {
      harness = await start()
      lake = await harness.open()
    })
    after(async () => {
      await lake.close()
      await harness.stop()
    })

    valueTests(() => lake)
    tableTests(() => lake)
    limitTests(() => lake)
    streamTests(() => lake)

    test('rows that were acknowledged survive a kill -9, and none is doubled', async () => {
      await lake.define('CREATE TABLE lake.acked (batch UInt32, n UInt32) ENGINE = MergeTree ORDER BY (batch, n)')
      await lake.close()
      let acknowledged = 0
      for (const afterMs of [150, 400, 700]) acknowledged += await harness.insertUntilKilled(afterMs)
      lake = await harness.open()
      const [found] = await lake.measure<{ rows: string; batches: string; torn: string }>(
        'SELECT sum(c) AS rows, count() AS batches, countIf(c != 100) AS torn FROM (SELECT batch, count() AS c FROM acked GROUP BY batch)',
      )
      assert.ok(acknowledged > 0, 'the writer was killed before its first insert')
      const [batches, torn] = [Number(found!.batches), Number(found!.torn)]
      assert.ok(batches - torn >= acknowledged, `${acknowledged} batches were acknowledged, ${batches - torn} are there as a whole`)
      // At most one batch of each round may have arrived without its acknowledgement; in part only where it has parts.
      assert.ok(batches <= acknowledged + 3)
      assert.ok(torn <= (harness.shards > 1 ? 3 : 0), `${torn} batches are torn`)
    })
  })
}

function valueTests(lake: () => Lake): void {
  test('any text comes back as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }).filter((s) => s.isWellFormed()),
        async (s) => {
          assert.deepEqual(await lake().rows('SELECT {s:String} AS s, {list:Array(String)} AS list', { s, list: [s, '大同'] }), [
            { s, list: [s, '大同'] },
          ])
        },
      ),
      { numRuns: 60, examples: [["'; DROP TABLE x --"], ['\\'], ["\\'"], ['\0\t\r\n\b\f'], ['龘靐齉𠮷'], ['\\N'], ['{s:String}']] },
    )
  })

  test('64-bit integers and decimals keep every digit', async () => {
    const [row] = await lake().rows<Record<string, string>>(
      'SELECT {a:Int64} AS a, {b:UInt64} AS b, {c:Decimal(38, 10)} AS c, {d:Nullable(Int64)} AS d, {e:Array(Int64)} AS e',
      {
        a: -9223372036854775808n,
        b: '18446744073709551615',
        c: '1234567890123456789012345678.0123456789',
        d: null,
        e: [9007199254740993n],
      },
    )
    assert.deepEqual(row, {
      a: '-9223372036854775808',
      b: '18446744073709551615',
      c: '1234567890123456789012345678.0123456789',
      d: null,
      e: ['9007199254740993'],
    })
    await assert.rejects(lake().rows('SELECT {a:Int64}', { a: 2 ** 53 }), TypeError)
  })

  test('a forgotten parameter is an error and never an earlier value', async () => {
    await lake().rows('SELECT {secret:String}', { secret: 'a' })
    await assert.rejects(lake().rows('SELECT {secret:String}'), TypeError)
  })

  test('a setting holds for its own statement only', async () => {
    const zone = () => lake().measure<{ zone: string }>('SELECT toString(toDateTime(0)) AS zone', {}, { settings: {} })
    const before = await zone()
    for (let i = 0; i < 5; i++) await lake().measure('SELECT 1', {}, { settings: { session_timezone: 'Asia/Shanghai' } })
    for (let i = 0; i < 5; i++) assert.deepEqual(await zone(), before)
  })

  test('tables are listed while others are made and dropped', async () => {
    const name = (i: number) => `lake.${quoteIdentifier(`listed_${i}`)}`
    const changes = Array.from({ length: 30 }, async (_, i) => {
      await lake().define(`CREATE TABLE ${name(i)} (id UInt64) ENGINE = MergeTree ORDER BY id`)
      const found = await lake().tables([`listed_${i}`])
      await lake().define(`DROP TABLE ${name(i)} SYNC`)
      return found
    })
    assert.deepEqual(
      (await Promise.all(changes)).map((found) => found.map(({ name }) => name)),
      changes.map((_, i) => [`listed_${i}`]),
    )
  })

  test('a name with quotes, spaces and Chinese is one identifier', async () => {
    const name = '表 `x\\" 一'
    await lake().define(`CREATE TABLE lake.${quoteIdentifier(name)} (${quoteIdentifier('列`')} String) ENGINE = Memory`)
    await lake().command(`INSERT INTO ${quoteIdentifier(name)} SELECT {v:String}`, { v: '厦门' })
    assert.deepEqual(await lake().rows(`SELECT * FROM ${quoteIdentifier(name)}`), [{ '列`': '厦门' }])
    await lake().define(`DROP TABLE ${quoteIdentifier(name)}`)
  })
}

function tableTests(lake: () => Lake): void {
  test('one pass over a source fills staging and quarantine', async () => {
    await lake().define('CREATE TABLE lake.sink (id Int64, name String) ENGINE = Null')
    await lake().define('CREATE TABLE lake.staging (id Int64, name String) ENGINE = MergeTree ORDER BY id')
    await lake().define('CREATE TABLE lake.quarantine (id Int64, reason String) ENGINE = MergeTree ORDER BY id')
    await lake().define("CREATE MATERIALIZED VIEW lake.sink_valid TO staging AS SELECT id, name FROM sink WHERE name != ''")
    await lake().define(
      "CREATE MATERIALIZED VIEW lake.sink_invalid TO quarantine AS SELECT id, 'empty' AS reason FROM sink WHERE name = ''",
    )
    await lake().command("INSERT INTO sink SELECT number, if(number % 10 = 0, '', '名') FROM numbers({n:UInt64})", { n: 1000 })
    assert.deepEqual(await lake().measure('SELECT (SELECT count() FROM staging) AS valid, (SELECT count() FROM quarantine) AS invalid'), [
      { valid: '900', invalid: '100' },
    ])
  })

  test('two tables change places at once', async () => {
    await lake().define('CREATE TABLE lake.live (v String) ENGINE = MergeTree ORDER BY v')
    await lake().define('CREATE TABLE lake.next (v String) ENGINE = MergeTree ORDER BY v')
    await lake().command("INSERT INTO next SELECT 'new'")
    await lake().define('EXCHANGE TABLES lake.live AND lake.next')
    assert.deepEqual(await lake().rows('SELECT v FROM live'), [{ v: 'new' }])
    assert.deepEqual(await lake().rows('SELECT v FROM next'), [])
  })

  test('many keys are found in a keyed table with one statement', async () => {
    await lake().define('CREATE TABLE lake.keyed (id Int64, name String) ENGINE = EmbeddedRocksDB PRIMARY KEY id')
    await lake().command("INSERT INTO keyed SELECT number, concat('人', toString(number)) FROM numbers(10000)")
    const rows = await lake().rows('SELECT * FROM keyed WHERE id IN {keys:Array(Int64)} ORDER BY id', { keys: [7, 9999, 10000n] })
    assert.deepEqual(rows, [
      { id: '7', name: '人7' },
      { id: '9999', name: '人9999' },
    ])
  })
}

function limitTests(lake: () => Lake): void {
  const endless = 'SELECT sum(sipHash64(number)) AS s FROM numbers(1000000000000)'

  test('a statement past its time or memory fails alone', async () => {
    const neighbour = lake().measure('SELECT sum(number) AS s FROM numbers(1000000)')
    await assert.rejects(lake().measure(endless, {}, { seconds: 0.3 }), isLakeError(159))
    await assert.rejects(lake().measure('SELECT groupArray(number) FROM numbers(100000000)', {}, { memoryBytes: 50e6 }), isLakeError(241))
    assert.deepEqual(await neighbour, [{ s: '499999500000' }])
    assert.deepEqual(await lake().measure('SELECT 1 AS one'), [{ one: 1 }])
  })

  test('a read cannot write', async () => {
    await assert.rejects(lake().rows('CREATE TABLE lake.sneaked (a Int8) ENGINE = Memory'), isLakeError(164))
    await assert.rejects(lake().measure('DROP DATABASE lake', {}, { priority: 'bulk' }), isLakeError(164))
  })

  test('an error has the engine’s number and word', async () => {
    await assert.rejects(
      lake().rows('SELECT * FROM lake.absent'),
      (error: unknown) => isLakeError(60)(error) && (error as LakeError).name === 'UNKNOWN_TABLE',
    )
  })

  test('a cancelled statement stops in the engine, and a waiting one leaves its queue', async () => {
    const running = new AbortController()
    setTimeout(() => running.abort(), 200)
    await assert.rejects(lake().measure(endless, {}, { signal: running.signal, seconds: 60 }), isLakeError(394))
    const [left] = await lake().measure<{ n: string }>(
      "SELECT count() AS n FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%processes%'",
    )
    assert.equal(left!.n, '0')
    await assert.rejects(lake().measure('SELECT 1', {}, { signal: AbortSignal.abort() }), isLakeError(394))
  })

  test('a cancelled load stops, and nothing arrives afterwards', async () => {
    await lake().define('CREATE TABLE lake.half (n UInt64) ENGINE = MergeTree ORDER BY n')
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 500)
    await assert.rejects(
      lake().command('INSERT INTO half SELECT number FROM numbers(1000000000)', {}, { signal: stop.signal }),
      isLakeError(394),
    )
    const count = () => lake().measure('SELECT count() AS n FROM half')
    const atOnce = await count()
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.deepEqual(await count(), atOnce)
    await lake().define('DROP TABLE half SYNC')
  })

  test('lookups are answered while a load runs', async () => {
    await lake().define('CREATE TABLE lake.loaded (n UInt64, s String) ENGINE = MergeTree ORDER BY n')
    let loading = true
    const load = lake()
      .command('INSERT INTO loaded SELECT number, toString(sipHash64(number)) FROM numbers(5000000)')
      .finally(() => {
        loading = false
      })
    let answered = 0
    while (loading) {
      await Promise.all(Array.from({ length: 8 }, () => lake().rows('SELECT name FROM keyed WHERE id = {id:Int64}', { id: 42 })))
      if (loading) answered += 8
    }
    await load
    assert.ok(answered >= 16, `${answered} lookups were answered during the load`)
  })
}

function streamTests(lake: () => Lake): void {
  test('bytes of a result load into a table again, in every format', async () => {
    for (const format of ['CSVWithNames', 'JSONEachRow', 'Parquet']) {
      await lake().define('CREATE OR REPLACE TABLE lake.copy (id Int64, name String, at Nullable(Date)) ENGINE = MergeTree ORDER BY id')
      const source =
        "SELECT toInt64(number) AS id, concat('名\"', toString(number), '\\n') AS name, if(number % 3 = 0, NULL, toDate('2026-01-01') + number % 300) AS at FROM numbers({n:UInt64})"
      const bytes = await lake().bytes(source, { n: 200000 }, format)
      await lake().insertStream('lake.copy', format, bytes)
      const digest = 'SELECT count() AS n, groupBitXor(cityHash64(id, name, at)) AS x FROM '
      assert.deepEqual(await lake().measure(`${digest} copy`), await lake().measure(`${digest} (${source})`, { n: 200000 }), format)
    }
  })

  test('bytes carry one header and nothing else', async () => {
    assert.equal(await text(await lake().bytes("SELECT 1 AS `编号`, '大' AS `名称`", {}, 'CSVWithNames')), '"编号","名称"\n1,"大"\n')
    assert.equal((await buffer(await lake().bytes('SELECT 1 AS a WHERE 0', {}, 'JSONEachRow'))).length, 0)
  })

  test('an export that fails late never looks complete', async () => {
    await assert.rejects(
      lake().bytes('SELECT throwIf(number = 2900000), number FROM numbers(3000000)', {}, 'CSV', { threads: 1 }).then(buffer),
    )
  })

  test('broken bytes are refused with the row', async () => {
    await lake().define('CREATE TABLE lake.strict (id Int64) ENGINE = MergeTree ORDER BY id')
    await assert.rejects(
      lake().insertStream('lake.strict', 'CSV', Readable.from(['1\n2\nthree\n'])),
      (error: unknown) => error instanceof LakeError && [27, 117].includes(error.code) && /row 3/.test(error.message),
    )
    await assert.rejects(lake().bytes('SELECT throwIf(number = 5) FROM numbers(10)', {}, 'CSV').then(text))
  })
}
