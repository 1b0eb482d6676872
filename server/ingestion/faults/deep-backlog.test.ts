import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { SourceSettings } from '#contract/ingestion.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity } from '#testing/city.ts'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
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

interface Followed {
  settings: SourceSettings
  run: (sql: string) => Promise<Record<string, string>[]>
  /** Many transactions, so that each could be acknowledged. */
  insert: () => Promise<unknown>
  /** Processes that send the log. */
  senders: () => Promise<number[]>
  close: () => Promise<void>
}

async function openPostgresql(): Promise<Followed> {
  const server = await startPostgres({ wal_level: 'logical' })
  const client = new pg.Client(server.url)
  await client.connect()
  const run = async (sql: string) => (await client.query(sql)).rows
  await run(`create table note (id bigint primary key, text varchar(2000)); alter table note replica identity full;
    insert into note values (0, 'erste'); create publication datong_note for table note`)
  return {
    settings: { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as SourceSettings,
    run,
    insert: () =>
      run(`do $$ begin for part in 0..${changes / 1000 - 1} loop
        insert into note select i, repeat('x', ${textBytes}) || i from generate_series(part * 1000 + 1, part * 1000 + 1000) i; commit; end loop; end $$`),
    senders: async () => (await run('select pid from pg_stat_replication')).map(({ pid }) => Number(pid)),
    close: async () => {
      await client.end()
      await server.stop()
    },
  }
}

async function openMysql(): Promise<Followed> {
  const server = await startMariadb({ log_bin: 'binlog', server_id: '7', binlog_format: 'ROW' })
  const client = await mysql.createConnection({ uri: server.url, charset: 'utf8mb4', multipleStatements: true })
  const run = async (sql: string) => (await client.query(sql))[0] as never
  await run(`CREATE DATABASE city CHARACTER SET utf8mb4; USE city;
    CREATE TABLE note (id bigint primary key, text varchar(2000)); INSERT INTO note VALUES (0, 'erste')`)
  return {
    settings: { kind: 'mysql', host: '127.0.0.1', port: server.port, database: 'city', user: 'datong' } as SourceSettings,
    run,
    insert: async () => {
      for (let part = 0; part < changes; part += 1000)
        await run(`INSERT INTO note SELECT seq, CONCAT(REPEAT('x', ${textBytes}), seq) FROM seq_${part + 1}_to_${part + 1000}`)
    },
    senders: async () => [],
    close: async () => {
      client.destroy()
      await server.stop()
    },
  }
}

async function follow({ settings }: Followed) {
  const city = await openTestCity()
  const { entryId, steward } = await publishEntry(city, '厦门市档案馆', { name: '记录', items: [...items] })
  const { id: sourceId } = await steward.call('create_source', { body: { name: '记录库', settings } })
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const body = { entryId, sourceId, object: 'note', mapping, mode: { kind: 'stream' } } as const
  const { id: planId } = await steward.call('create_plan', { body })
  const { id } = await steward.call('start_stream', { params: { planId } })
  await awaitStream(steward, id, ({ state }) => state === 'streaming', 120)
  return { city, entryId, steward, id }
}

const missing = {
  postgresql: !postgresBin() && "Debian's package postgresql is not installed",
  mysql: !hasMariadb() && "Debian's package mariadb-server is not installed",
}
const skipOf = (kind: keyof typeof missing) => process.env.CI !== 'true' && missing[kind]

for (const [kind, open] of Object.entries({ postgresql: openPostgresql, mysql: openMysql })) {
  const skip = skipOf(kind as keyof typeof missing)
  test(`a stream of ${kind} that was paused while the log grew catches up without holding it in memory`, { skip }, async (t) => {
    const source = await open()
    const { city, entryId, steward, id } = await follow(source)
    try {
      await steward.call('pause_stream', { params: { streamId: id } })
      await awaitStream(steward, id, ({ state }) => state === 'paused')

      await source.insert()
      // A third of the rows change once more, a few go.
      await source.run("update note set text = concat('neu', id) where id % 3 = 0")
      await source.run('delete from note where id % 100 = 1')
      if (kind === 'postgresql') {
        const waiting = await awaitStream(steward, id, ({ retainedBytes }) => (retainedBytes ?? 0) > changes * textBytes, 90)
        t.diagnostic(`${Math.round(waiting.retainedBytes! / MiB)} MiB of log wait`)
      }

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

      const sums = await source.run('select count(*) as n, sum(id) as ids, sum(length(text)) as length from note')
      const { lake_table } = await city.app.plane.db
        .selectFrom('catalog.resource')
        .select('lake_table')
        .where('entry_id', '=', entryId)
        .executeTakeFirstOrThrow()
      assert.deepEqual(
        await city.app.lake.measure(
          `SELECT toString(count()) AS n, toString(sum(id)) AS ids, toString(sum(length(text))) AS length FROM lake.${lake_table} FINAL`,
        ),
        sums.map(({ n, ids, length }) => ({ n: String(n), ids: String(ids), length: String(length) })),
      )
    } finally {
      await city.close()
      await source.close()
    }
  })
}

test('a stream that falls behind is somebody’s work until it has caught up, and both stand in the log', {
  skip: skipOf('postgresql'),
}, async () => {
  const source = await openPostgresql()
  const { city, steward, id } = await follow(source)
  const stopped: number[] = []
  const troubled = async () => {
    const work = (await steward.call('get_my_work')).counts.find(({ key }) => key === 'streams_troubled')!
    const listed = (await steward.call('list_streams', { query: { troubled: 'true' } })).items
    return [work.count, listed.map((stream) => stream.id)]
  }
  try {
    assert.deepEqual(await troubled(), [0, []])
    // A source too busy to send, which still answers.
    for (const pid of await source.senders()) {
      process.kill(pid, 'SIGSTOP')
      stopped.push(pid)
    }
    assert.equal(stopped.length, 1)
    await source.run("insert into note values (1, 'zweite')")
    const late = await awaitStream(steward, id, ({ state }) => state === 'lagging', 120)
    assert.ok(late.lagSeconds > 50, String(late.lagSeconds))
    assert.deepEqual(await troubled(), [1, [id]])
    for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT')
    await awaitStream(steward, id, ({ state, rows }) => state === 'streaming' && rows === 2, 120)
    assert.deepEqual(await troubled(), [0, []])
    const events = await city.app.plane.db
      .selectFrom('platform.event')
      .select('action')
      .where('action', 'in', ['ingestion.stream_lagging', 'ingestion.stream_caught_up'])
      .orderBy('seq')
      .execute()
    assert.deepEqual(
      events.map(({ action }) => action),
      ['ingestion.stream_lagging', 'ingestion.stream_caught_up'],
    )
  } finally {
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    await city.close()
    await source.close()
  }
})
