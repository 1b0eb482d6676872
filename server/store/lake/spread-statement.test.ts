import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { quoteIdentifier } from './quote-identifier.ts'
import { spreadStatement } from './spread-statement.ts'

const spread = (sql: string, shardBy?: string[]) => spreadStatement(sql, 'city', shardBy)?.map((step) => step.sql) ?? null

test('a table becomes one of each node and a whole over them, spread by its sorting key', () => {
  assert.deepEqual(
    spread('CREATE TABLE lake.t (a Int8, b Date) ENGINE = MergeTree PARTITION BY b ORDER BY (a, b) SETTINGS index_granularity = 64'),
    [
      'CREATE TABLE shard.t (a Int8, b Date) ENGINE = MergeTree PARTITION BY b ORDER BY (a, b) SETTINGS index_granularity = 64',
      'CREATE TABLE lake.t AS shard.t ENGINE = Distributed(`city`, shard, t, sipHash64(tuple((a, b))))',
    ],
  )
  assert.match(spread('CREATE TABLE lake.t (a Int8) ENGINE = MergeTree ORDER BY tuple()')![1]!, /, rand\(\)\)$/)
  assert.match(spread('CREATE TABLE lake.t (a Int8) ENGINE = MergeTree ORDER BY a', ['键'])![1]!, /sipHash64\(tuple\(`键`\)\)/)
})

test('a table that is changed in place lies on one node', () => {
  assert.match(spread('CREATE TABLE lake.t (a Int8) ENGINE = ReplacingMergeTree(a) ORDER BY a')![1]!, /, t, \d+\)$/)
})

test('a clone is made of the parts of each node', () => {
  assert.equal(spread('CREATE TABLE lake.n AS lake.`live`')![0], 'CREATE TABLE shard.n AS shard.`live`')
  assert.deepEqual(spread('ALTER TABLE lake.n ATTACH PARTITION tuple() FROM lake.`live`'), [
    'ALTER TABLE shard.n ATTACH PARTITION tuple() FROM shard.`live`',
  ])
})

test('rows are deleted where they lie, by copies of the tables that tell which', () => {
  assert.deepEqual(spread('DELETE FROM n WHERE k IN (SELECT k FROM lake.`changed`)'), [
    'CREATE OR REPLACE TABLE scratch.`changed` ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM lake.`changed`',
    'DELETE FROM shard.n WHERE k IN (SELECT k FROM scratch.`changed`)',
    'DROP TABLE IF EXISTS scratch.`changed` SYNC',
  ])
  assert.deepEqual(spread("DELETE FROM lake.n WHERE t = 'FROM lake.x'"), ["DELETE FROM shard.n WHERE t = 'FROM lake.x'"])
})

test('what one node runs for all stays as it is, and so do tables that keep nothing', () => {
  for (const sql of ['SELECT 1', 'INSERT INTO lake.t SELECT * FROM lake.s', "INSERT INTO t SELECT 'DROP TABLE x'"])
    assert.equal(spread(sql), null)
  for (const sql of ['CREATE TABLE lake.n (a Int8) ENGINE = Null', 'CREATE MATERIALIZED VIEW lake.v TO lake.t AS SELECT a FROM lake.n'])
    assert.deepEqual(spread(sql), [sql])
})

test('a definition that would do half of what it says is refused', () => {
  for (const sql of [
    'RENAME TABLE lake.a TO lake.b',
    'CREATE TABLE lake.t ENGINE = MergeTree ORDER BY a AS SELECT 1 AS a',
    'DETACH TABLE lake.a',
  ])
    assert.throws(() => spread(sql), TypeError, sql)
})

test('whatever a name or a text holds, it is never read as part of the statement', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }).filter((s) => !s.includes('\0')),
    fc.constantFrom('lake.x', '` ENGINE = Null', ' ORDER BY b', "' AS SELECT", 'a`b\\', 'FROM lake.t'),
  )
  fc.assert(
    fc.property(hostile, hostile, (table, column) => {
      const [t, c] = [quoteIdentifier(table), quoteIdentifier(column)]
      const body = `(${c} String DEFAULT 'ENGINE = Null ORDER BY') ENGINE = MergeTree ORDER BY ${c}`
      assert.deepEqual(spread(`CREATE TABLE lake.${t} ${body}`), [
        `CREATE TABLE shard.${t} ${body}`,
        `CREATE TABLE lake.${t} AS shard.${t} ENGINE = Distributed(\`city\`, shard, ${t}, sipHash64(tuple(${c})))`,
      ])
      assert.equal(spread(`DROP TABLE lake.${t} SYNC`)![1], `DROP TABLE IF EXISTS shard.${t} SYNC`)
    }),
  )
})
