import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity } from '#testing/city.ts'
import { postgresBin, startPostgres } from '#testing/postgres.ts'
import { awaitStream } from '#testing/stream/await-stream.ts'

// F30, a consumer that did not acknowledge for long: the source's log has grown meanwhile.

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const MiB = 2 ** 20
const changes = 200_000
const textBytes = 1000
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'text', name: '内容', dataType: 'C', length: 2000 },
] as const

test('a stream that was paused while the log of its source grew says how much waits, and catches up without holding it in memory', {
  skip: !postgresBin() && process.env.CI !== 'true' && "Debian's package postgresql is not installed",
}, async (t) => {
  const server = await startPostgres({ wal_level: 'logical' })
  const city = await openTestCity()
  const client = new pg.Client(server.url)
  await client.connect()
  try {
    await client.query(`create table note (id bigint primary key, text varchar(2000)); alter table note replica identity full; insert into note values (0, 'erste');
      create publication datong_note for table note`)
    const { entryId, steward } = await publishEntry(city, '厦门市档案馆', { name: '记录', items: [...items] })
    const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
    const { id: sourceId } = await steward.call('create_source', { body: { name: '记录库', settings } })
    const mapping = items.map(({ code }) => ({ item: code, column: code }))
    const body = { entryId, sourceId, object: 'note', mapping, mode: { kind: 'stream' } } as const
    const { id: planId } = await steward.call('create_plan', { body })
    const { id } = await steward.call('start_stream', { params: { planId } })
    await awaitStream(steward, id, ({ state }) => state === 'streaming', 120)
    await steward.call('pause_stream', { params: { streamId: id } })
    await awaitStream(steward, id, ({ state }) => state === 'paused')

    // Many transactions, so that each could be acknowledged; a third of the rows change once more, a few go.
    await client.query(`do $$ begin for part in 0..${changes / 1000 - 1} loop
      insert into note select i, repeat('x', ${textBytes}) || i from generate_series(part * 1000 + 1, part * 1000 + 1000) i; commit; end loop; end $$`)
    await client.query("update note set text = 'neu' || id where id % 3 = 0")
    await client.query('delete from note where id % 100 = 1')
    const waiting = await awaitStream(steward, id, ({ retainedBytes }) => (retainedBytes ?? 0) > changes * textBytes, 90)
    t.diagnostic(`${Math.round(waiting.retainedBytes! / MiB)} MiB of log wait`)

    // What is alive, not what waits for its collection: that is as much as V8 finds convenient.
    const held = () => {
      collect()
      return (process.memoryUsage().heapUsed + process.memoryUsage().external) / MiB
    }
    const before = held()
    let peak = before
    const watch = setInterval(() => {
      peak = Math.max(peak, held())
    }, 500)
    await steward.call('resume_stream', { params: { streamId: id } })
    const rows = changes + 1 - changes / 100
    await awaitStream(steward, id, (stream) => stream.state === 'streaming' && stream.rows === rows, 240)
    clearInterval(watch)
    t.diagnostic(`Node held ${Math.round(before)} MiB before and ${Math.round(peak)} MiB meanwhile`)
    assert.ok(peak - before < (changes * textBytes) / MiB, `Node held ${Math.round(peak - before)} MiB more`)

    const source = await client.query('select count(*)::text as n, sum(id)::text as ids, sum(length(text))::text as length from note')
    const { lake_table } = await city.app.plane.db
      .selectFrom('catalog.resource')
      .select('lake_table')
      .where('entry_id', '=', entryId)
      .executeTakeFirstOrThrow()
    assert.deepEqual(
      await city.app.lake.measure(
        `SELECT toString(count()) AS n, toString(sum(id)) AS ids, toString(sum(length(text))) AS length FROM lake.${lake_table} FINAL`,
      ),
      source.rows,
    )
  } finally {
    await client.end()
    await city.close()
    await server.stop()
  }
})
