import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import mysql, { type Connection } from 'mysql2/promise'
import { startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import { randomOf } from '#testing/faults/live.ts'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
import { followedTable } from '#testing/stream/followed-sources.ts'
import { liveStreaming } from '#testing/stream/kill-city.ts'

const kills = Number(process.env.KILLS ?? (process.env.CI === 'true' ? 5 : 3))
const isMissing = !hasMariadb()
if (isMissing && process.env.CI === 'true') throw new Error('Debian package mariadb-server is not installed')
if (isMissing) console.log('skipped: Debian package mariadb-server is not installed')

/** Every kind of change, one transaction after the other, until it is told to stop. */
async function write(client: Connection, random: () => number, signal: AbortSignal): Promise<number> {
  const any = (limit: number) => 1 + Math.floor(random() * limit)
  const acts = [
    () =>
      client.query(`INSERT INTO ${followedTable} VALUES (?, ?, 1) ON DUPLICATE KEY UPDATE name = VALUES(name)`, [
        any(9000),
        `改${any(1e9)}`,
      ]),
    () => client.query(`UPDATE ${followedTable} SET amount = amount + 1 WHERE id % 97 = ?`, [any(97) - 1]),
    () => client.query(`DELETE FROM ${followedTable} WHERE id % 211 = ?`, [any(211) - 1]),
    () => client.query(`UPDATE ${followedTable} SET id = ? WHERE id = ?`, [9000 + any(1e9), any(9000)]),
    () => client.query(`INSERT IGNORE INTO ${followedTable} SELECT seq + ?, '批', 2 FROM seq_1_to_300`, [any(9000)]),
    () => client.query(`BEGIN; DELETE FROM ${followedTable} WHERE id < 500; ROLLBACK`),
  ]
  let count = 0
  for (; !signal.aborted; count++) {
    await acts[Math.floor(random() * acts.length)]!()
    if (count % 300 === 299)
      await client.query(
        `TRUNCATE ${followedTable}; INSERT INTO ${followedTable} SELECT seq, '新', seq FROM seq_1_to_3000; FLUSH BINARY LOGS`,
      )
    await sleep(random() * 10)
  }
  return count
}

if (!isMissing)
  test(`a city that is killed ${kills} times while it copies and follows a binlog ends up with exactly what its source has`, async (t) => {
    const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
    t.diagnostic(`seed ${seed}: SEED=${seed} kills after the same times`)
    const random = randomOf(seed)
    const home = mkdtempSync(join(tmpdir(), 'datong-streams-'))
    const server = await startMariadb({ log_bin: 'binlog', server_id: '7', binlog_format: 'ROW' })
    const lake = process.env.LAKE === 'clickhouse' ? await startClickHouse({ shards: 1 }) : undefined
    const env = lake ? { CLICKHOUSE_URL: lake.urls.join(',') } : {}
    const client = await mysql.createConnection({ uri: server.url, charset: 'utf8mb4', multipleStatements: true })
    const source = { kind: 'mysql', port: server.port } as const
    const stop = new AbortController()
    try {
      await client.query(`CREATE DATABASE city CHARACTER SET utf8mb4; USE city;
        CREATE TABLE ${followedTable} (id bigint PRIMARY KEY, name varchar(60), amount decimal(14,0));
        INSERT INTO ${followedTable} SELECT seq, CONCAT('企业', seq), seq FROM seq_1_to_8000`)
      const writing = write(client, randomOf(seed + 1), stop.signal)
      for (let round = 0; round < kills; round++) await liveStreaming(home, source, round, Math.round(300 + random() * 5000), env)
      stop.abort()
      t.diagnostic(`${await writing} transactions`)
      const facts = await liveStreaming(home, source, kills, null, env)
      const end = facts.find((fact) => fact.fact === 'compared')
      assert.ok(end?.fact === 'compared' && end.rows > 1000)
      assert.deepEqual({ ...end, rows: 0 }, { fact: 'compared', rows: 0, lacking: [], extra: [], intact: true, slots: 0 }, `seed ${seed}`)
    } finally {
      stop.abort()
      client.destroy()
      await server.stop()
      await lake?.stop()
      rmSync(home, { recursive: true, force: true })
    }
  })
