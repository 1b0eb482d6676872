import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import mysql, { type Connection } from 'mysql2/promise'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
import type { TestServer } from '#testing/postgres.ts'
import { awaitStream } from '#testing/stream/await-stream.ts'
import { fileNumber } from './binlog-place.ts'

const isMissing = !hasMariadb()
if (isMissing && process.env.CI === 'true') throw new Error('Debian package mariadb-server is not installed')
if (isMissing) console.log('skipped: Debian package mariadb-server is not installed')

const items = [
  { code: 'id', name: '编号', dataType: 'C', length: 40, isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 40 },
  { code: 'amount', name: '金额', dataType: 'Y', length: 20, scale: 3 },
  { code: 'born', name: '成立日期', dataType: 'D' },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))
const log = { log_bin: 'binlog', server_id: '7', binlog_format: 'ROW' }

if (!isMissing) {
  let city: TestCity
  let server: TestServer
  let client: Connection
  before(async () => {
    city = await openTestCity()
    server = await startMariadb(log)
    client = await mysql.createConnection({ uri: server.url, charset: 'utf8mb4', multipleStatements: true })
    await client.query(`CREATE DATABASE city CHARACTER SET utf8mb4; CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'right-pass';
      GRANT SELECT ON city.* TO reader@'127.0.0.1'; GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO reader@'127.0.0.1'; USE city`)
  })
  after(async () => {
    client.destroy()
    await city.close()
    await server.stop()
  })

  const run = async (sql: string, values: unknown[] = []) => (await client.query(sql, values))[0] as never
  const makeTable = (name: string, rows: number, key = 'id bigint primary key') =>
    run(`CREATE TABLE ${name} (${key}, name varchar(60), amount decimal(20,3), born date);
      INSERT INTO ${name} SELECT seq, CONCAT('企业', seq), seq / 8, DATE'2000-01-01' + INTERVAL seq % 5000 DAY FROM seq_1_to_${rows}`)

  async function planOf(orgName: string, object: string, user = 'reader'): Promise<{ steward: Client; planId: string; entryId: string }> {
    const { entryId, steward } = await publishEntry(city, orgName, { name: `企业名录${object}${user}`, items: [...items] })
    const settings = { kind: 'mysql', host: '127.0.0.1', port: server.port, database: 'city', user } as const
    const secret = user === 'reader' ? 'right-pass' : ''
    const { id: sourceId } = await steward.call('create_source', { body: { name: `库${object}${user}`, settings, secret } })
    const { id: planId } = await steward.call('create_plan', {
      body: { entryId, sourceId, object, mapping, mode: { kind: 'stream' }, driftPolicy: 'evolve' },
    })
    return { steward, planId, entryId }
  }

  const inLake = async (entryId: string) => {
    const { lake_table } = await city.app.plane.db
      .selectFrom('catalog.resource')
      .select('lake_table')
      .where('entry_id', '=', entryId)
      .executeTakeFirstOrThrow()
    return city.app.lake.rows<Record<string, string | null>>(
      `SELECT id, name, toString(amount) AS amount, toString(born) AS born FROM lake.${lake_table} FINAL`,
    )
  }

  /** Compared as lines: a difference of whole tables would take minutes to print. */
  async function assertSame(entryId: string, table: string, where = 'true'): Promise<void> {
    const source = (await run(
      `SELECT TRIM(CAST(id AS CHAR)) AS id, name, TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(amount AS CHAR))) AS amount,
        CAST(born AS CHAR) AS born FROM ${table} WHERE ${where}`,
    )) as Record<string, string | null>[]
    const lines = (rows: Record<string, string | null>[]) =>
      rows.map(({ id, name, amount, born }) => JSON.stringify([id, name, amount, born]))
    const [lake, wanted] = [lines(await inLake(entryId)), lines(source)]
    const [held, there] = [new Set(lake), new Set(wanted)]
    assert.deepEqual(
      {
        extra: lake.filter((line) => !there.has(line)).slice(0, 5),
        lacking: wanted.filter((line) => !held.has(line)).slice(0, 5),
        rows: lake.length,
      },
      { extra: [], lacking: [], rows: wanted.length },
    )
  }

  /** Waits until the lake holds everything that the source has now. */
  async function settle(steward: Client, id: string): Promise<void> {
    const [{ File, Position }] = (await run('SHOW MASTER STATUS')) as [{ File: string; Position: number }]
    const end = [fileNumber(File), Position] as const
    await awaitStream(steward, id, ({ position, state }) => {
      const [file, at] = (position ?? '0:0').split(':').map(Number) as [number, number]
      return state === 'streaming' && (file > end[0] || (file === end[0] && at >= end[1]))
    })
  }

  test('copy and log meet without a gap while the source is written to, and the lake then follows every change', async () => {
    await makeTable('firm', 20_000)
    const { steward, planId, entryId } = await planOf('厦门市市场监督管理局', 'firm')
    let isWriting = true
    const write = async (seed: number) => {
      const writer = await mysql.createConnection({ uri: server.url, database: 'city', charset: 'utf8mb4', multipleStatements: true })
      let writes = 0
      for (; isWriting; writes++) {
        await sleep(3)
        const id = 1 + ((seed + writes * 7919) % 25_000)
        await writer.query('INSERT INTO firm VALUES (?, ?, 1.5, null) ON DUPLICATE KEY UPDATE name = VALUES(name), amount = amount + 1', [
          id,
          `改${writes}\t\\N\n末`,
        ])
        if (writes % 3 === 0) await writer.query('DELETE FROM firm WHERE id = ?', [1 + ((seed + writes * 104729) % 25_000)])
        if (writes % 50 === 0)
          await writer.query('UPDATE firm SET id = ? WHERE id = ?', [100_000 + seed + writes * 30_000, 1 + ((writes * 31) % 20_000)])
        if (writes % 70 === 0) await writer.query('BEGIN; UPDATE firm SET amount = 0 WHERE id % 101 = 5; ROLLBACK')
      }
      await writer.end()
      return writes
    }
    const writing = Promise.all([write(1), write(10_000), write(20_000)])
    writing.catch(() => {})
    const { id } = await steward.call('start_stream', { params: { planId } })
    await awaitStream(steward, id, ({ state }) => state === 'streaming')
    await sleep(2000)
    isWriting = false
    const writes = await writing
    assert.ok(
      writes.every((count) => count > 50),
      `${writes} writes`,
    )
    await settle(steward, id)
    await assertSame(entryId, 'firm')
    const entry = await steward.call('get_entry', { params: { entryId } })
    assert.ok(entry.rows! > 15_000)
  })

  test('keys of every kind that is taken find their rows again, with values exact to the last digit', async () => {
    const kinds = [
      ['wide', 'bigint unsigned', '18446744073709540000 + seq', '18446744073709551615'],
      ['negative', 'bigint', 'CAST(seq AS SIGNED) - 9223372036854775807', '-9223372036854775808'],
      ['numbered', 'decimal(30,4)', 'seq - 12345678901234567890.5001', '-99999999999999999999999999.9999'],
      ['spelled', 'varchar(40)', "CONCAT('甲''\\\\ ', seq, '\\t末')", 'Ä😀 '],
      ['padded', 'char(20) character set latin1', "CONCAT('k', seq)", 'Z-9'],
      ['dated', 'date', "DATE'1000-01-01' + INTERVAL seq DAY", '9999-12-31'],
    ] as const
    for (const [name, type, value, added] of kinds) {
      await run(`CREATE TABLE ${name} (id ${type} primary key, name varchar(60), amount decimal(20,3), born date);
        INSERT INTO ${name} SELECT ${value}, CONCAT('企业', seq), seq, NULL FROM seq_1_to_2000`)
      const { steward, planId, entryId } = await planOf('厦门市商务局', name)
      const { id } = await steward.call('start_stream', { params: { planId } })
      await awaitStream(steward, id, ({ state }) => state === 'streaming')
      await run(`INSERT INTO ${name} VALUES (?, '新', 12345678901234567.891, '2024-02-29')`, [added])
      await run(`UPDATE ${name} SET amount = amount + 0.001 WHERE amount % 3 = 0; DELETE FROM ${name} WHERE amount % 7 = 0;
        SET binlog_row_image = MINIMAL; UPDATE ${name} SET name = 'kurz' WHERE amount % 5 = 0; SET binlog_row_image = FULL`)
      await settle(steward, id)
      await assertSame(entryId, name)
      await steward.call('stop_stream', { params: { streamId: id } })
    }
  })

  test('a key of several columns, a change of case in it, transactions over several tables, and prepared ones', async () => {
    await run(`CREATE TABLE branch (id varchar(20), city varchar(10), on_day date, name varchar(60), amount decimal(20,3), born date,
        PRIMARY KEY (city, id, on_day), KEY (amount)); CREATE TABLE other (id int primary key);
      INSERT INTO branch SELECT CONCAT('b', seq), CONCAT('c', seq % 7), DATE'2020-01-01' + INTERVAL seq DAY, 'n', seq, NULL FROM seq_1_to_3000`)
    const { steward, planId, entryId } = await planOf('厦门市商务局', 'branch')
    const { id } = await steward.call('start_stream', { params: { planId } })
    await awaitStream(steward, id, ({ state }) => state === 'streaming')
    await run(`BEGIN; UPDATE branch SET id = UPPER(id) WHERE amount % 2 = 0; INSERT INTO other VALUES (1);
      UPDATE branch SET name = '改' WHERE amount < 900;
      UPDATE branch, other SET branch.name = 'zwei', other.id = 2 WHERE branch.amount = other.id; COMMIT;
      XA START 'one'; UPDATE branch SET name = 'xa' WHERE amount = 5; XA END 'one'; XA COMMIT 'one' ONE PHASE`)
    const session = async (sql: string) => {
      const other = await mysql.createConnection({ uri: server.url, database: 'city', multipleStatements: true })
      await other.query(sql)
      const { threadId } = other
      await other.end()
      // Others may finish what it prepared once its session is gone.
      const isThere = async () =>
        ((await run('SELECT 1 FROM information_schema.processlist WHERE id = ?', [threadId])) as unknown[]).length > 0
      while (await isThere()) await sleep(20)
    }
    await session(
      `XA START 'later'; UPDATE branch SET name = 'xa' WHERE amount = 7; DELETE FROM branch WHERE amount = 8; XA END 'later'; XA PREPARE 'later'`,
    )
    await session(`XA START 'never'; UPDATE branch SET name = 'xa' WHERE amount = 1500; XA END 'never'; XA PREPARE 'never'`)
    await run(`XA ROLLBACK 'never'; UPDATE branch SET name = 'after' WHERE amount = 2500`)
    await sleep(1500)
    await run("XA COMMIT 'later'")
    await settle(steward, id)
    await assertSame(entryId, 'branch')
    const counted = await awaitStream(steward, id, ({ rows }) => rows === 2999)
    assert.equal(counted.quarantined, 0)
  })

  test('emptied tables, transactions larger than a batch, other files of the log, pauses and restarts leave the lake equal to the source', async () => {
    await makeTable('parcel', 300)
    const { steward, planId, entryId } = await planOf('厦门市邮政管理局', 'parcel')
    const { id } = await steward.call('start_stream', { params: { planId } })
    await awaitStream(steward, id, ({ state }) => state === 'streaming')
    await run(`TRUNCATE TABLE parcel; FLUSH BINARY LOGS; BEGIN; INSERT INTO parcel SELECT seq, 'neu', seq, NULL FROM seq_1_to_120000;
      UPDATE parcel SET amount = 3 WHERE id % 7 = 0; DELETE FROM parcel WHERE id % 11 = 0; COMMIT`)
    await settle(steward, id)
    await assertSame(entryId, 'parcel')
    await run("UPDATE parcel SET amount = 12345678901234567.891, name = REPEAT('长', 50) WHERE id = 3")
    await settle(steward, id)
    const bad = await awaitStream(steward, id, ({ quarantined, reasons }) => quarantined === 1 && reasons.length === 1)
    assert.deepEqual([bad.reasons[0]!.column, bad.reasons[0]!.reason], ['name', 'ingestion.too_long'])
    await assertSame(entryId, 'parcel', 'id <> 3')
    await run("UPDATE parcel SET name = 'kurz' WHERE id = 3")
    await steward.call('pause_stream', { params: { streamId: id } })
    await run('FLUSH BINARY LOGS; DELETE FROM parcel WHERE id % 3 = 1; UPDATE parcel SET id = -id WHERE id % 5 = 0')
    await sleep(1000)
    assert.equal((await steward.call('get_stream', { params: { streamId: id } })).state, 'paused')
    await steward.call('resume_stream', { params: { streamId: id } })
    await settle(steward, id)
    await assertSame(entryId, 'parcel')
    await city.restart()
    await run("INSERT INTO parcel VALUES (999999, 'nach dem Neustart', 1, NULL)")
    await settle(steward, id)
    await assertSame(entryId, 'parcel')
    const [{ n }] = (await run('SELECT COUNT(*) AS n FROM parcel')) as [{ n: number }]
    await awaitStream(steward, id, ({ rows, quarantined }) => rows === n && quarantined === 0)
  })

  test('what cannot be followed is refused at the start, with what the department has to do', async () => {
    const refused = async (object: string, create: string, user?: string) => {
      await run(create)
      const { steward, planId } = await planOf('厦门市民政局', object, user)
      const response = await steward.attempt('start_stream', { params: { planId } })
      assert.equal(response.statusCode, 409)
      return response.json().code
    }
    const columns = 'name varchar(40), amount decimal(20,3), born date'
    assert.equal(await refused('keyless', `CREATE TABLE keyless (id int, ${columns})`), 'ingestion.stream_no_key')
    assert.equal(await refused('inexact', `CREATE TABLE inexact (id double primary key, ${columns})`), 'ingestion.stream_key_type')
    assert.equal(await refused('filled', `CREATE TABLE filled (id int(9) zerofill primary key, ${columns})`), 'ingestion.stream_key_type')
    assert.equal(await refused('shown', 'CREATE VIEW shown AS SELECT * FROM keyless'), 'ingestion.stream_object_kind')
    const child = `CREATE TABLE parents (id int primary key); CREATE TABLE child (id int primary key, parent int, ${columns}, FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE SET NULL)`
    assert.equal(await refused('child', child), 'ingestion.stream_cascade')
    const plain = `CREATE TABLE plain (id int primary key, ${columns})`
    const account = "CREATE USER looker@'127.0.0.1'; GRANT SELECT ON city.* TO looker@'127.0.0.1'"
    assert.equal(await refused('plain', `${plain}; ${account}`, 'looker'), 'ingestion.stream_replication_right')
    assert.equal(await refused('plain', 'SET GLOBAL binlog_format = MIXED'), 'ingestion.stream_binlog')
    await run('SET GLOBAL binlog_format = ROW')
  })

  test('a table that grows a column is followed on; one that is altered pauses the stream, which is then copied anew', async () => {
    await makeTable('hotel', 30)
    const { steward, planId, entryId } = await planOf('厦门市文化和旅游局', 'hotel')
    const { id } = await steward.call('start_stream', { params: { planId } })
    await awaitStream(steward, id, ({ state }) => state === 'streaming')
    await run(`INSERT INTO hotel VALUES (31, 'alt', 1, NULL); CREATE INDEX by_name ON hotel (name)`)
    await settle(steward, id)
    await run(
      `ALTER TABLE hotel ADD COLUMN stars int DEFAULT 3, ADD INDEX by_stars (stars); INSERT INTO hotel VALUES (32, 'neu', 1, NULL, 5)`,
    )
    await settle(steward, id)
    await assertSame(entryId, 'hotel')
    await run(
      `ALTER TABLE hotel DROP COLUMN amount, ADD COLUMN amount decimal(20,3) DEFAULT 7; INSERT INTO hotel (id, name) VALUES (33, 'danach')`,
    )
    const paused = await awaitStream(steward, id, ({ state }) => state === 'paused')
    assert.equal(paused.error?.code, 'ingestion.stream_altered')
    await steward.call('start_stream', { params: { planId } })
    await awaitStream(steward, id, ({ state }) => state === 'streaming')
    await settle(steward, id)
    await assertSame(entryId, 'hotel')
  })

  /** The server keeps a file while a session reads it, also one whose client is gone: that it learns when it sends the next change. */
  const purgeTo = async (file: string) => {
    await run('CREATE TABLE IF NOT EXISTS tick (id int)')
    for (;;) {
      await run(`PURGE BINARY LOGS TO '${file}'`)
      const [{ Log_name }] = (await run('SHOW BINARY LOGS')) as [{ Log_name: string }]
      if (Log_name === file) return
      await run('INSERT INTO tick VALUES (1)')
      await sleep(100)
    }
  }

  test('a log that is thrown away is told beforehand, and afterwards the stream says that it must be copied anew', async () => {
    await makeTable('school', 50)
    const { steward, planId, entryId } = await planOf('厦门市教育局', 'school')
    const { id } = await steward.call('start_stream', { params: { planId } })
    await settle(steward, id)
    const [{ File }] = (await run('SHOW MASTER STATUS')) as [{ File: string }]
    await steward.call('pause_stream', { params: { streamId: id } })
    await run('FLUSH BINARY LOGS; DELETE FROM school WHERE id < 10')
    await purgeTo(File)
    const warned = await awaitStream(steward, id, ({ error }) => error !== null)
    assert.deepEqual([warned.state, warned.error?.code], ['paused', 'ingestion.stream_log_ending'])
    const [{ File: next }] = (await run('SHOW MASTER STATUS')) as [{ File: string }]
    await purgeTo(next)
    const failed = await awaitStream(steward, id, ({ state }) => state === 'failed')
    assert.equal(failed.error?.code, 'ingestion.stream_slot_lost')
    await steward.call('start_stream', { params: { planId } })
    await awaitStream(steward, id, ({ state }) => state === 'streaming')
    await assertSame(entryId, 'school')
  })

  test('what is read again stands in the book without its keys, and neither outside the hours of the source nor while it is stopped', async () => {
    await makeTable('clinic', 500)
    const { steward, planId, entryId } = await planOf('厦门市卫生健康委员会', 'clinic')
    const { id } = await steward.call('start_stream', { params: { planId } })
    await settle(steward, id)
    const { sourceId } = await steward.call('get_plan', { params: { planId } })
    await run("UPDATE clinic SET name = '改' WHERE id BETWEEN 100 AND 110")
    await settle(steward, id)
    const book = await steward.call('list_source_statements', { params: { sourceId }, query: {} })
    const reading = book.items.filter(({ statement }) => / IN \(/.test(statement))
    assert.ok(reading.length > 0)
    assert.ok(reading.every(({ statement }) => !/10\d/.test(statement)))
    await steward.call('stop_source', { params: { sourceId }, body: { reason: '源系统检修' } })
    await run("UPDATE clinic SET name = '停' WHERE id = 1")
    await sleep(1500)
    assert.equal((await steward.call('get_stream', { params: { streamId: id } })).state, 'paused')
    await steward.call('release_source', { params: { sourceId } })
    await settle(steward, id)
    const open = async (window: { from: string; to: string } | null) => {
      const { name, settings, systemId, care, version } = await steward.call('get_source', { params: { sourceId } })
      const body = { name, settings, systemId, version, care: { ...care, window } }
      await steward.call('update_source', { params: { sourceId }, body: body as never })
    }
    await open({ from: '03:00', to: '03:01' })
    const waits = await awaitStream(steward, id, ({ error }) => error !== null)
    assert.equal(waits.error?.code, 'ingestion.outside_window')
    await run("UPDATE clinic SET name = '夜' WHERE id = 2")
    await sleep(2500)
    assert.ok(!(await inLake(entryId)).some(({ name }) => name === '夜'))
    await open(null)
    await settle(steward, id)
    await assertSame(entryId, 'clinic')
  })

  test('a row that stands in the log before it can be read is read once it can', async () => {
    await makeTable('clerk', 100)
    const { steward, planId, entryId } = await planOf('厦门市总工会', 'clerk')
    const { id } = await steward.call('start_stream', { params: { planId } })
    await settle(steward, id)
    // The server waits between its log and its commit for a replica that never answers.
    await run(`SET GLOBAL rpl_semi_sync_master_wait_point = AFTER_SYNC; SET GLOBAL rpl_semi_sync_master_wait_no_slave = ON;
      SET GLOBAL rpl_semi_sync_master_timeout = 4000; SET GLOBAL rpl_semi_sync_master_enabled = ON`)
    const startedAt = performance.now()
    await run("UPDATE clerk SET name = '迟' WHERE id = 7")
    assert.ok(performance.now() - startedAt > 3000, 'the commit waited')
    await run('SET GLOBAL rpl_semi_sync_master_enabled = OFF')
    await settle(steward, id)
    await assertSame(entryId, 'clerk')
  })

  test('what a source changed past its log is found by the proof of contents', async () => {
    await makeTable('secret', 500)
    const { steward, planId } = await planOf('厦门市审计局', 'secret')
    const { id } = await steward.call('start_stream', { params: { planId } })
    await settle(steward, id)
    const prove = async () => {
      const { proof } = await steward.call('prove_stream', { params: { streamId: id } })
      return (await awaitStream(steward, id, (stream) => !stream.isProving && stream.proof?.at !== proof?.at)).proof!
    }
    const before = await prove()
    assert.deepEqual([before.agrees, before.rows, before.error], [true, 500, null])
    await run("SET sql_log_bin = 0; UPDATE secret SET name = '密' WHERE id = 3; DELETE FROM secret WHERE id = 4; SET sql_log_bin = 1")
    const after = await prove()
    assert.deepEqual([after.agrees, after.changed, after.extra, after.lacking, after.keys.sort()], [false, 1, 1, 0, ['3', '4']])
  })
}
