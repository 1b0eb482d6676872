import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recogniseTables } from './recognise-tables.ts'

test('a table is told by its metadata or log; what lies in its folder is no object of its own', () => {
  const { tables, others } = recogniseTables([
    'a.csv',
    'ice/data/x.parquet',
    'ice/metadata/v2.metadata.json',
    'ice/metadata/v10.metadata.json',
    'ice/metadata/snap-1.avro',
    'deep/er/_delta_log/00000000000000000003.checkpoint.parquet',
    'deep/er/_delta_log/00000000000000000004.json',
    'deep/er/day=1/y.parquet',
    'deep/other.parquet',
    'both/metadata/00001-aa.gz.metadata.json',
    'both/_delta_log/00000000000000000000.json',
    'ice/nested/metadata/v1.metadata.json',
    'plain/metadata/notes.json',
    'plain/metadata/readme.metadata.json',
  ])
  assert.deepEqual(tables, [
    { name: 'deep/er/', format: 'delta', newest: 'deep/er/_delta_log/00000000000000000004.json' },
    { name: 'both/', format: 'delta', newest: 'both/_delta_log/00000000000000000000.json' },
    { name: 'ice/', format: 'iceberg', newest: 'ice/metadata/v10.metadata.json' },
  ])
  assert.deepEqual(others, ['a.csv', 'deep/other.parquet', 'plain/metadata/notes.json', 'plain/metadata/readme.metadata.json'])
  assert.deepEqual(recogniseTables(['metadata/v1.metadata.json', 'data/x.parquet']), {
    tables: [{ name: './', format: 'iceberg', newest: 'metadata/v1.metadata.json' }],
    others: [],
  })
})
