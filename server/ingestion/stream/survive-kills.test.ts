import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import pg from 'pg'
import { startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import { randomOf } from '#testing/faults/live.ts'
import { startPostgres } from '#testing/postgres.ts'
import { followedTable } from '#testing/stream/followed-sources.ts'
import { liveStreaming } from '#testing/stream/kill-city.ts'

const kills = Number(process.env.KILLS ?? (process.env.CI === 'true' ? 5 : 3))

/** Every kind of change, one transaction after the other, until it is told to stop. */
async function write(client: pg.Client, random: () => number, signal: AbortSignal): Promise<number> {
  const any = (limit: number) => 1 + Math.floor(random() * limit)
  const acts = [
    () =>
      client.query(`insert into ${followedTable} values ($1, $2, 1) on conflict (id) do update set name = excluded.name`, [
        any(9000),
        `改${any(1e9)}`,
      ]),
    () => client.query(`update ${followedTable} set amount = amount + 1 where id % 97 = $1`, [any(97) - 1]),
    () => client.query(`delete from ${followedTable} where id % 211 = $1`, [any(211) - 1]),
    () => client.query(`update ${followedTable} set id = (select max(id) + 1 from ${followedTable}) where id = $1`, [any(9000)]),
    () =>
      client.query(`insert into ${followedTable} select i, '批', 2 from generate_series($1::int, $1::int + 300) i on conflict do nothing`, [
        any(9000),
      ]),
    () => client.query(`begin; delete from ${followedTable} where id < 500; rollback`),
  ]
  let count = 0
  for (; !signal.aborted; count++) {
    await acts[Math.floor(random() * acts.length)]!()
    if (count % 400 === 399)
      await client.query(
        `begin; truncate ${followedTable}; insert into ${followedTable} select i, '新', i from generate_series(1, 3000) i; commit`,
      )
    await sleep(random() * 10)
  }
  return count
}

test(`a city that is killed ${kills} times while it copies and follows ends up with exactly what its source has`, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}: SEED=${seed} kills after the same times`)
  const random = randomOf(seed)
  const home = mkdtempSync(join(tmpdir(), 'datong-streams-'))
  const server = await startPostgres({ wal_level: 'logical' })
  const lake = process.env.LAKE === 'clickhouse' ? await startClickHouse({ shards: 1 }) : undefined
  const env = lake ? { CLICKHOUSE_URL: lake.urls.join(',') } : {}
  const client = new pg.Client(server.url)
  await client.connect()
  const source = { kind: 'postgresql', port: server.port } as const
  const stop = new AbortController()
  try {
    await client.query(`create table ${followedTable} (id bigint primary key, name text, amount numeric);
      alter table ${followedTable} replica identity full; create publication datong for table ${followedTable};
      insert into ${followedTable} select i, '企业'||i, i from generate_series(1, 8000) i`)
    const writing = write(client, randomOf(seed + 1), stop.signal)
    for (let round = 0; round < kills; round++) await liveStreaming(home, source, round, Math.round(300 + random() * 5000), env)
    stop.abort()
    t.diagnostic(`${await writing} transactions`)
    const facts = await liveStreaming(home, source, kills, null, env)
    const end = facts.find((fact) => fact.fact === 'compared')
    assert.ok(end?.fact === 'compared' && end.rows > 1000)
    assert.deepEqual({ ...end, rows: 0 }, { fact: 'compared', rows: 0, lacking: [], extra: [], intact: true, slots: 1 }, `seed ${seed}`)
  } finally {
    stop.abort()
    await client.end()
    await server.stop()
    await lake?.stop()
    rmSync(home, { recursive: true, force: true })
  }
})
