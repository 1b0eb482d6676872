import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import iconv from 'iconv-lite'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { loadThrough } from '#testing/lake/load-through.ts'
import { hasMariadb, startMariadb } from '#testing/mariadb.ts'
import { postgresBin, startPostgres } from '#testing/postgres.ts'
import { type Lake, openFiles, openLake } from '../../../store/index.ts'
import { openFolder } from '../../connectors/folder.ts'
import { describeFile } from '../describe-file.ts'
import { type DumpPart, readDump } from './read-dump.ts'
import type { DumpKind } from './sql-texts.ts'

const dir = mkdtempSync(join(tmpdir(), 'datong-dump-'))
let lake: Lake
before(async () => {
  lake = await openLake({ dir: join(dir, 'lake') })
})
after(async () => {
  await lake.close()
  rmSync(dir, { recursive: true, force: true })
})
let files = 0
const write = (content: string | Buffer) => {
  const path = join(dir, `${++files}.sql`)
  writeFileSync(path, content)
  return path
}
const describe = (content: string | Buffer, known = {}) =>
  describeFile({ path: write(content), fileName: 'a.sql', measure: lake.measure, known })
async function read(text: string, kind: DumpKind, piece = 7, table?: string): Promise<DumpPart[]> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += piece) yield text.slice(at, at + piece)
  }
  return (await Array.fromAsync(readDump(pieces(), kind, table))).flat()
}
const rowsOf = (parts: DumpPart[]) => parts.flatMap((part) => (part.kind === 'row' ? [part.texts] : []))

const nasty = ["it's", 'a\\b', 'tab\there', 'two\nlines', '甲😀', '); DROP TABLE x; --', '\\N', '/* no */', '', '$$', '`"`']

if (hasMariadb())
  test('what mysqldump has written of a table is what the table holds', async () => {
    const server = await startMariadb()
    const client = await mysql.createConnection({ uri: server.url, charset: 'utf8mb4' })
    try {
      await client.query('CREATE DATABASE d CHARACTER SET utf8mb4')
      await client.query('USE d')
      await client.query(
        "CREATE TABLE `a (b` (id bigint unsigned PRIMARY KEY COMMENT 'x, y)', `na,me` text COMMENT 'it''s COMMENT ''甲\\\\', n decimal(30,10), at datetime(6), raw blob, g int GENERATED ALWAYS AS (id % 7) VIRTUAL, KEY `k` (at))",
      )
      await client.query('CREATE TABLE small (k int)')
      await client.query('INSERT INTO small VALUES (1)')
      await client.query('CREATE TRIGGER t BEFORE INSERT ON small FOR EACH ROW BEGIN SET NEW.k = NEW.k + 1; SET @a = 1; END')
      for (const [i, text] of nasty.entries())
        await client.query('INSERT INTO `a (b` (id, `na,me`, n, at, raw) VALUES (?, ?, ?, ?, ?)', [
          i,
          text,
          '-0.5',
          '2024-02-29 01:02:03.5',
          Buffer.from([0, 255]),
        ])
      await client.query('INSERT INTO `a (b` (id) VALUES (18446744073709551615)')
      const { port, username, password } = new URL(server.url)
      const dump = execFileSync('/usr/bin/mariadb-dump', [
        ...`--no-defaults -h 127.0.0.1 -P ${port} -u ${username} --password=${password} --hex-blob --skip-ssl --triggers d`.split(' '),
      ])
      const { columns, sheets, reading } = await describe(dump, { table: 'a (b' })
      assert.deepEqual(sheets!.map(({ name }) => name).sort(), ['a (b', 'small'])
      assert.equal(reading.format, 'sql')
      assert.deepEqual(
        columns.map(({ name }) => name),
        ['id', 'na,me', 'n', 'at', 'raw', 'g'],
      )
      assert.deepEqual(
        columns.map(({ comment }) => comment),
        ['x, y)', "it's COMMENT '甲\\", '', '', '', ''],
      )
      const rows = rowsOf(await read(dump.toString(), 'mysql', 4096, 'a (b'))
      assert.deepEqual(
        rows.slice(0, -1).map(([, text]) => text),
        nasty,
      )
      assert.deepEqual(rows[0], ['0', nasty[0], '-0.5000000000', '2024-02-29 01:02:03.500000', '00ff', '0'])
      assert.deepEqual(rows.at(-1), ['18446744073709551615', null, null, null, null, '1'])
    } finally {
      client.destroy()
      await server.stop()
    }
  })
else if (process.env.CI === 'true') throw new Error('Debian package mariadb-server is not installed')

if (postgresBin())
  for (const way of ['--no-owner', '--inserts', '--column-inserts'])
    test(`what pg_dump ${way} has written of a table is what the table holds`, async () => {
      const server = await startPostgres()
      const client = new pg.Client(server.url)
      await client.connect()
      try {
        await client.query('CREATE TABLE "a b" (id bigint PRIMARY KEY, "na,me" text, n numeric, at timestamptz, ok boolean)')
        await client.query(`COMMENT ON COLUMN "a b"."na,me" IS 'it''s 名\\ IS ''称'`)
        await client.query('CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $x$ BEGIN INSERT INTO none VALUES (1); RETURN 1; END $x$')
        for (const [i, text] of nasty.entries()) await client.query('INSERT INTO "a b" VALUES ($1, $2, $3, NULL, true)', [i, text, '1e-10'])
        const dump = execFileSync(join(postgresBin()!, 'pg_dump'), [way, server.url])
        const { columns, reading } = await describe(dump)
        assert.equal(reading.format === 'sql' && reading.table, 'public.a b')
        assert.deepEqual(
          columns.map(({ name }) => name),
          ['id', 'na,me', 'n', 'at', 'ok'],
        )
        assert.deepEqual(
          columns.map(({ comment }) => comment),
          ['', "it's 名\\ IS '称", '', '', ''],
        )
        const rows = rowsOf(await read(dump.toString(), 'postgresql', 4096, 'public.a b'))
        assert.deepEqual(
          rows.map(([, text]) => text),
          nasty,
        )
        assert.deepEqual(rows[0]!.slice(2), ['0.0000000001', null, way === '--no-owner' ? 't' : 'true'])
      } finally {
        await client.end()
        await server.stop()
      }
    })
else if (process.env.CI === 'true') throw new Error('Debian package postgresql is not installed')

const small =
  "CREATE TABLE t (id int, v varchar(9));\nINSERT INTO t VALUES (1,'a''b'),(2,NULL);\nINSERT INTO `t` (v, id) VALUES ('x\\n;(', -3);\n"

test('wherever the pieces are cut, the rows are the same', async () => {
  for (const piece of [1, 2, 3, 50, 1000])
    assert.deepEqual(
      rowsOf(await read(small, 'mysql', piece)),
      [
        ['1', "a'b"],
        ['2', null],
        ['x\n;(', '-3'],
      ],
      `in pieces of ${piece}`,
    )
})

test('rows that cannot be read are set aside; a form that is not known, or an open end, refuses the file', async () => {
  const parts = await read("CREATE TABLE t (id int, v text);\nINSERT INTO t VALUES (1),(NOW(),'a'),(3,'\ufffd'),(4,'d');\n", 'mysql')
  assert.deepEqual(
    parts.map((part) => (part.kind === 'broken' ? part.reason : part.kind)),
    ['table', 'ragged', 'sql_value', 'bad_characters', 'row'],
  )
  await assert.rejects(read('INSERT INTO t SELECT * FROM s;\n', 'mysql'), { code: 'file.sql_unknown' })
  await assert.rejects(read('INSERT INTO [t] VALUES (1);\n', 'mysql'), { code: 'file.sql_unknown' })
  await assert.rejects(read("INSERT INTO t VALUES (1),(2,'abc", 'mysql'), { code: 'file.sql_truncated' })
  await assert.rejects(read('COPY t (id) FROM stdin;\n1\n2\n', 'postgresql'), { code: 'file.sql_truncated' })
  await assert.rejects(describe('-- MySQL dump\nCREATE TABLE t (id int);\n'), { code: 'file.sql_no_rows' })
})

test('a dump in GB18030 loads, each row into the columns that its statement names', async () => {
  const path = write(iconv.encode(`-- MySQL dump\n${small.replace("a''b", '厦门')}INSERT INTO t VALUES (5, NOW());\n`, 'gb18030'))
  const connector = openFolder({ lake, files: openFiles(join(dir, 'files')) }, { kind: 'folder', path: '' }, [dir])
  const loaded = await loadThrough(lake, connector, {
    object: path.slice(dir.length + 1),
    items: [
      { code: 'id', dataType: 'I', isKey: true },
      { code: 'v', dataType: 'C', length: 50 },
    ],
  })
  assert.deepEqual([loaded.read, loaded.written, loaded.quarantined, loaded.agrees], [4, 3, 1, true])
  assert.deepEqual(loaded.rows, [
    { id: '1', v: '厦门' },
    { id: '2', v: null },
    { id: '-3', v: 'x\n;(' },
  ])
  assert.equal(loaded.quarantine[0]!['#reason'], 'file.defect.sql_value')
})
