import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import mysql, { type Connection } from 'mysql2/promise'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
import { freePort, type TestServer } from '#testing/postgres.ts'
import { openMysql } from './connectors/mysql.ts'

const isMissing = !hasMariadb()
if (isMissing && process.env.CI === 'true') throw new Error('Debian package mariadb-server is not installed')
if (isMissing) console.log('skipped: Debian package mariadb-server is not installed')

if (!isMissing) {
  let city: TestCity
  let server: TestServer
  let client: Connection
  before(async () => {
    city = await openTestCity()
    server = await startMariadb()
    client = await mysql.createConnection({ uri: server.url, charset: 'utf8mb4' })
    await client.query('CREATE DATABASE city CHARACTER SET utf8mb4')
    await client.query("CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'right-pass'")
    await client.query("GRANT SELECT ON city.* TO reader@'127.0.0.1'")
    await client.query('USE city')
  })
  after(async () => {
    client.destroy()
    await server.stop()
    await city.close()
  })

  const settings = (more: object = {}) => ({
    kind: 'mysql',
    host: '127.0.0.1',
    port: server.port,
    database: 'city',
    user: 'reader',
    ...more,
  })
  const sourceOf = async (steward: Client, name: string, more: object = {}, secret = 'right-pass') =>
    (await steward.call('create_source', { body: { name, settings: settings(more), secret } as never })).id

  async function planOf(organisation: string, object: string, items: readonly object[], more: object = {}) {
    const { entryId, steward } = await publishEntry(city, organisation, { name: `目录 ${object}`, items: items as never })
    const sourceId = await sourceOf(steward, `库 ${object}`)
    const mapping = (items as { code: string }[]).map(({ code }) => ({ item: code, column: code }))
    const { id: planId } = await steward.call('create_plan', {
      body: { entryId, sourceId, object, mapping, verify: 'content', ...more } as never,
    })
    return { entryId, steward, sourceId, planId }
  }
  const liveTable = async (entryId: string) =>
    (await city.app.plane.db.selectFrom('catalog.resource').select('lake_table').where('entry_id', '=', entryId).executeTakeFirstOrThrow())
      .lake_table
  const rowsOf = async (entryId: string) =>
    city.app.lake.rows<Record<string, unknown>>(`SELECT * EXCEPT (_row, \`#digest\`) FROM lake.${await liveTable(entryId)} ORDER BY id`)

  test('typed columns of MariaDB arrive exactly, and their contents agree', async () => {
    await client.query("SET sql_mode = '', time_zone = '+08:00'")
    await client.query(`CREATE TABLE typed (id BIGINT UNSIGNED PRIMARY KEY, small TINYINT UNSIGNED, name VARCHAR(40) NOT NULL COMMENT '名称', gbk VARCHAR(20) CHARACTER SET gbk,
      bin VARCHAR(20) COLLATE utf8mb4_bin, amt DECIMAL(12,2), wide DECIMAL(65,30), code INT(6) ZEROFILL, d DATE, dt DATETIME(6), ts TIMESTAMP(3) NULL, tm TIME, y YEAR,
      yes TINYINT(1), bits BIT(5), f FLOAT, g DOUBLE, e ENUM('甲','乙'), s SET('x','y'), j JSON, raw BLOB, pt POINT) COMMENT '类型表'`)
    await client.query(`INSERT INTO typed VALUES
      (18446744073709551615, 255, '厦门𠮷\\\\a\\tb\\'c"', '厦门', 'Ａ', -0.01, 12345678901234567890123456789012345.123456789012345678901234567891, 42, '2020-02-29', '2299-12-31 23:59:59.000100',
        '2020-06-01 08:00:00.120', '-12:30:00', 1999, 1, b'10101', 16777216, 1/3e0, '乙', 'x,y', '{"a": "𠮷"}', X'00FF5C', POINT(1, 2)),
      (2, 0, '', '', '', 0, 0, 0, '1900-01-01', '1900-01-01 00:00:00', '1988-07-01 10:00:00', '00:00:00', 0, 0, 0, 0.1, 1e-300, '甲', '', '[]', '', NULL),
      (3, NULL, '　全角　', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, -1.234567, NULL, NULL, NULL, NULL, NULL, NULL)`)
    const item = (code: string, dataType: string, more: object = {}) => ({
      code,
      name: code,
      dataType,
      ...(dataType === 'C' && { length: 40 }),
      ...more,
    })
    const items = [
      item('id', 'N', { length: 20, scale: 0, isKey: true }),
      item('small', 'I'),
      item('name', 'C', { length: 40 }),
      item('gbk', 'C'),
      item('bin', 'C'),
      item('amt', 'Y', { length: 12, scale: 2 }),
      item('wide', 'N', { length: 65, scale: 30 }),
      item('code', 'C'),
      item('d', 'D'),
      item('dt', 'T'),
      item('ts', 'T'),
      item('tm', 'C'),
      item('y', 'C'),
      item('yes', 'L'),
      item('bits', 'I'),
      item('f', 'F'),
      item('g', 'B'),
      item('e', 'C'),
      item('s', 'C'),
      item('j', 'M'),
      item('raw', 'M'),
      item('pt', 'C'),
    ]
    const { entryId, steward, sourceId, planId } = await planOf('厦门市市场监督管理局', 'typed', items)
    const { check } = await steward.call('check_source', { params: { sourceId } })
    assert.deepEqual([check?.ok, check?.code, check?.readOnly], [true, null, true])
    assert.match(check!.serverVersion!, /MariaDB/)
    const [listed] = (await steward.call('list_source_objects', { params: { sourceId } })).items
    assert.deepEqual([listed!.name, listed!.kind, listed!.comment], ['typed', 'table', '类型表'])
    const described = await steward.call('describe_source_object', { params: { sourceId }, query: { object: 'typed' } })
    assert.deepEqual(described.columns[2], {
      name: 'name',
      type: 'varchar(40)',
      nullable: false,
      isKey: false,
      comment: '名称',
      samples: ['　全角　', '厦门𠮷\\a\tb\'c"'],
    })

    const load = await runPlan(steward, planId)
    assert.deepEqual([load.error, load.reasons], [null, []])
    assert.deepEqual([load.state, load.read, load.sent, load.written, load.quarantined, load.agrees], ['succeeded', 3, 3, 3, 0, true])
    const none = Object.fromEntries(items.map(({ code }) => [code, null]))
    assert.deepEqual(await rowsOf(entryId), [
      {
        id: '2',
        small: '0',
        name: '',
        gbk: '',
        bin: '',
        amt: '0',
        wide: '0',
        code: '000000',
        d: '1900-01-01',
        dt: '1900-01-01 00:00:00.000000',
        ts: '1988-07-01 10:00:00.000000',
        tm: '00:00:00',
        y: '0000',
        yes: false,
        bits: '0',
        f: 0.1,
        g: 1e-300,
        e: '甲',
        s: '',
        j: '[]',
        raw: '',
        pt: null,
      },
      { ...none, id: '3', name: '全角', f: -1.2345670461654663 },
      {
        id: '18446744073709551615',
        small: '255',
        name: '厦门𠮷\\a\tb\'c"',
        gbk: '厦门',
        bin: 'Ａ',
        amt: '-0.01',
        wide: '12345678901234567890123456789012345.123456789012345678901234567891',
        code: '000042',
        d: '2020-02-29',
        dt: '2299-12-31 23:59:59.000100',
        ts: '2020-06-01 08:00:00.120000',
        tm: '-12:30:00',
        y: '1999',
        yes: true,
        bits: '21',
        f: 16777216,
        g: 1 / 3,
        e: '乙',
        s: 'x,y',
        j: '{"a": "𠮷"}',
        raw: '00ff5c',
        pt: 'POINT(1 2)',
      },
    ])
  })

  test('zero dates, days that do not exist, numbers out of range and long decimals go to quarantine as they are', async () => {
    await client.query("SET sql_mode = 'ALLOW_INVALID_DATES'")
    await client.query(
      'CREATE TABLE dirty (id INT PRIMARY KEY, d DATE, dt DATETIME, ts TIMESTAMP NULL, big BIGINT UNSIGNED, num DECIMAL(65,30), yes TINYINT(1))',
    )
    await client.query(`INSERT INTO dirty (id, d, dt, ts, big, num, yes) VALUES (1, '0000-00-00', NULL, NULL, 1, 1, 1), (2, '2020-00-00', NULL, NULL, 1, 1, 1), (3, '2020-02-31', NULL, NULL, 1, 1, 1),
      (4, '1850-01-01', NULL, NULL, 1, 1, 1), (5, NULL, '2021-02-29 01:02:03', NULL, 1, 1, 1), (6, '9999-12-31', NULL, NULL, 1, 1, 1), (7, NULL, NULL, '0000-00-00 00:00:00', 1, 1, 1),
      (8, NULL, NULL, NULL, 18446744073709551615, 1, 1), (9, NULL, NULL, NULL, 1, 1.005, 1), (10, NULL, NULL, NULL, 1, 1, 2), (11, '2020-12-31', '2020-12-31 00:00:00', '2020-12-31 00:00:00', 9223372036854775807, 1.5, 0),
      (12, NULL, '9999-12-31 23:59:59', NULL, 1, 1, 1), (13, NULL, '0000-00-00 00:00:00', NULL, 1, 1, 1)`)
    const items = [
      ['id', 'I'],
      ['d', 'D'],
      ['dt', 'T'],
      ['ts', 'T'],
      ['big', 'I'],
      ['num', 'N'],
      ['yes', 'L'],
    ].map(([code, dataType]) => ({
      code,
      name: code,
      dataType,
      ...(code === 'id' && { isKey: true }),
      ...(code === 'num' && { length: 10, scale: 2 }),
    }))
    const { entryId, steward, planId } = await planOf('厦门市商务局', 'dirty', items, { quarantineLimit: 1 })
    const load = await runPlan(steward, planId)
    assert.equal(load.error, null)
    assert.deepEqual([load.read, load.sent, load.written, load.quarantined, load.agrees], [13, 13, 2, 11, true])
    const { items: rows } = await steward.call('list_quarantine', { params: { planId } })
    assert.deepEqual(
      rows.map(({ column, values }) => `${values.id} ${column} ${values[column]}`),
      [
        '1 d 0000-00-00',
        '2 d 2020-00-00',
        '3 d  2020-02-31',
        '4 d 1850-01-01',
        '5 dt  2021-02-29 01:02:03',
        '6 d 9999-12-31',
        '7 ts 0000-00-00 00:00:00',
        '8 big 18446744073709551615',
        '9 num 1.005000000000000000000000000000',
        '10 yes 2',
        '13 dt 0000-00-00 00:00:00',
      ],
    )
    assert.deepEqual(await rowsOf(entryId), [
      {
        id: '11',
        d: '2020-12-31',
        dt: '2020-12-31 00:00:00.000000',
        ts: '2020-12-31 00:00:00.000000',
        big: '9223372036854775807',
        num: '1.5',
        yes: false,
      },
      // The usual word for "for ever" is a moment that the lake holds exactly.
      { id: '12', d: null, dt: '9999-12-31 23:59:59.000000', ts: null, big: '1', num: '1', yes: true },
    ])
  })

  test('timestamps are those of Beijing, wherever the server stands', async () => {
    await client.query("SET sql_mode = '', time_zone = '+08:00'")
    await client.query('CREATE TABLE moments (id INT PRIMARY KEY, ts TIMESTAMP(6) NULL)')
    await client.query("INSERT INTO moments VALUES (1, '2020-06-01 01:00:00.5'), (2, '1970-01-01 08:00:01'), (3, '0000-00-00'), (4, NULL)")
    const { entryId, steward, planId } = await planOf('厦门市水利局', 'moments', [
      { code: 'id', name: '号', dataType: 'I', isKey: true },
      { code: 'ts', name: '时', dataType: 'C', length: 40 },
    ])
    for (const zone of ['+00:00', '+08:00', '-11:30']) {
      await client.query(`SET GLOBAL time_zone = '${zone}'`)
      const load = await runPlan(steward, planId)
      assert.deepEqual([load.error, load.agrees], [null, true])
      assert.deepEqual(
        (await rowsOf(entryId)).map(({ ts }) => ts),
        ['2020-06-01 01:00:00.5', '1970-01-01 08:00:01', '0000-00-00 00:00:00', null],
        zone,
      )
    }
  })

  test('an account that can write by a role is not read only, although the role is not its default', async () => {
    const steward = await city.as('厦门市水利局', 'steward')
    for (const [user, right, isReadOnly] of [
      ['looker', 'SELECT', true],
      ['writer', 'INSERT', false],
    ] as const) {
      await client.query(`CREATE ROLE \`role of ${user}\``)
      await client.query(`GRANT ${right} ON city.* TO \`role of ${user}\``)
      await client.query(`CREATE USER ${user}@'127.0.0.1' IDENTIFIED BY 'right-pass'`)
      await client.query(`GRANT SELECT ON city.* TO ${user}@'127.0.0.1'`)
      await client.query(`GRANT \`role of ${user}\` TO ${user}@'127.0.0.1'`)
      const sourceId = await sourceOf(steward, `库 ${user}`, { user })
      const { check } = await steward.call('check_source', { params: { sourceId } })
      assert.deepEqual([check?.ok, check?.readOnly, check?.code], [true, isReadOnly, isReadOnly ? null : 'ingestion.not_read_only'])
    }
  })

  test('a wrong password, an unknown database, host or object and a host outside the allow list are told apart', async () => {
    const steward = await city.as('厦门市交通运输局', 'steward')
    const checkOf = async (name: string, more: object, secret?: string) =>
      (await steward.call('check_source', { params: { sourceId: await sourceOf(steward, name, more, secret) } })).check!
    const wrong = await checkOf('口令', {}, 'wrong-pass-5813')
    assert.deepEqual([wrong.ok, wrong.code, JSON.stringify(wrong).includes('5813')], [false, 'ingestion.source_password', false])
    assert.equal((await checkOf('库名', { database: 'other' })).code, 'ingestion.source_refused')
    assert.equal((await checkOf('端口', { port: 1 })).code, 'ingestion.source_unreachable')
    assert.equal((await checkOf('可写', { user: 'datong', database: 'city' }, '')).code, 'ingestion.not_read_only')
    const admitted = (host: string, hosts: string[]) =>
      openMysql({ ...settings({ host }), kind: 'mysql' } as never, 'right-pass', hosts).check()
    await assert.rejects(admitted('no-such-host.invalid', ['no-such-host.invalid']), { code: 'ingestion.host_unknown' })
    await assert.rejects(admitted('127.0.0.1', ['10.0.0.0/8']), { code: 'ingestion.host_not_allowed' })
    await assert.rejects(openMysql(settings() as never, 'right-pass', ['127.0.0.1']).describe('nothing', null), {
      code: 'ingestion.object_unknown',
    })
  })

  test('a rogue server that asks for a file gets none', async () => {
    const received: Buffer[] = []
    let asked = 0
    const packet = (number: number, body: Buffer) => Buffer.concat([Buffer.from([body.length, 0, 0, number]), body])
    // Handshake of protocol 10: version, thread, salt, capabilities 4.1 with every flag of files, charset, plugin.
    const greeting = Buffer.from(
      `\n8.0.36\0\x01\0\0\0${'a'.repeat(8)}\0\xff\xf7\x2d\x02\0\xff\x00\x15${'\0'.repeat(10)}${'b'.repeat(12)}\0mysql_native_password\0`,
      'latin1',
    )
    const rogue = createServer((socket) => {
      let isGreeted = false
      socket.on('error', () => {})
      socket.write(packet(0, greeting))
      socket.on('data', (bytes) => {
        received.push(bytes)
        // A login is answered with OK, every statement with a request for a file (0xfb and its name).
        if (!isGreeted) socket.write(packet(2, Buffer.from([0, 0, 0, 2, 0, 0, 0])))
        else if (bytes[4] === 3) {
          asked++
          socket.write(packet(1, Buffer.from('\xfb/etc/hostname', 'latin1')))
          setTimeout(() => socket.destroy(), 500)
        }
        isGreeted = true
      })
    })
    const port = await freePort()
    await new Promise<void>((done) => rogue.listen(port, '127.0.0.1', done))
    const secretText = readFileSync('/etc/hostname', 'utf8').trim()
    try {
      await assert.rejects(openMysql(settings({ port }) as never, '', ['127.0.0.1']).listObjects())
      const read = `SELECT * FROM mysql({address:String}, 'd', query('SELECT 1'), 'u', '', SETTINGS connection_max_tries = 1, read_write_timeout = 3)`
      await assert.rejects(city.app.lake.rows(read, { address: `127.0.0.1:${port}` }))
      assert.ok(asked >= 2, `${asked} statements were asked`)
      assert.equal(Buffer.concat(received).toString('latin1').includes(secretText), false)
    } finally {
      rogue.close()
    }
  })

  test('a big table comes in two halves, with five numbers; killing the server in the middle leaves them live', {
    timeout: 120_000,
  }, async () => {
    await client.query('CREATE TABLE firm (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, amount DECIMAL(14,2), born DATE) ENGINE=InnoDB')
    await client.query(
      "INSERT INTO firm SELECT seq, CONCAT('企业', seq), seq / 100, DATE'2000-01-01' + INTERVAL seq % 9000 DAY FROM seq_1_to_400000",
    )
    await client.query('ANALYZE TABLE firm')
    const items = [
      { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
      { code: 'name', name: '名称', dataType: 'C', length: 40 },
      { code: 'amount', name: '金额', dataType: 'Y', length: 14, scale: 2 },
      { code: 'born', name: '成立日期', dataType: 'D' },
    ]
    const { entryId, steward, sourceId, planId } = await planOf('厦门市民政局', 'firm', items)
    const load = await runPlan(steward, planId)
    assert.deepEqual(
      [load.error, load.state, load.read, load.sent, load.written, load.quarantined, load.agrees],
      [null, 'succeeded', 400000, 400000, 400000, 0, true],
    )
    const table = await liveTable(entryId)

    // The rows come slowly, so that the middle of the load is certain to be found.
    await client.query('CREATE VIEW slow_firm AS SELECT id, name, amount, born FROM firm WHERE id % 40000 > 0 OR SLEEP(0.3) = 0')
    const mapping = items.map(({ code }) => ({ item: code, column: code }))
    const slow = await steward.call('create_plan', { body: { entryId, sourceId, object: 'slow_firm', mapping, verify: 'content' } })
    const { id } = await steward.call('start_load', { params: { planId: slow.id } })
    const isReading = async () =>
      (
        (
          await client.query("SELECT 1 FROM information_schema.processlist WHERE info LIKE '%#digest%' AND id <> CONNECTION_ID()")
        )[0] as object[]
      ).length > 0
    while (!(await isReading())) await new Promise((done) => setTimeout(done, 50))
    await server.kill()
    const failed = await awaitLoad(steward, id)
    assert.equal(failed.state, 'failed')
    assert.match(failed.error!.code, /^ingestion\.source_(lost|unreachable)$/)
    assert.equal(await liveTable(entryId), table)
    assert.deepEqual(await city.app.lake.measure(`SELECT count() AS n FROM lake.${table}`), [{ n: '400000' }])
  })
}
