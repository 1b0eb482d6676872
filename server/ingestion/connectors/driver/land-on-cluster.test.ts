import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startClickHouse } from '#testing/clickhouse/start-clickhouse.ts'
import { loadThrough } from '#testing/lake/load-through.ts'
import { startScriptedSqlserver } from '#testing/servers/scripted-sqlserver.ts'
import { openLake } from '../../../store/index.ts'
import { openSqlserver } from '../sqlserver/sqlserver.ts'

const count = 30_000

test('what a driver brings lies on both shards of a cluster, and each row is numbered once', { timeout: 120_000 }, async (t) => {
  const cluster = await startClickHouse({ shards: 2 })
  t.after(() => cluster.stop())
  const lake = await openLake({ urls: cluster.urls })
  t.after(() => lake.close())
  const server = await startScriptedSqlserver((sql) => {
    if (sql.includes('ProductMajorVersion')) return { rows: [['14']] }
    if (sql.includes('snapshot_isolation_state')) return { rows: [[0]] }
    if (sql.includes('SELECT COUNT(*)')) return { rows: [[count]] }
    if (!sql.includes('sys.columns')) return { rows: Array.from({ length: count }, (_, i) => [String(i), `企业${i}`]) }
    return {
      rows: [
        ['id', 'bigint', 8, 19, 0, 0, '1.1', '', 1],
        ['name', 'nvarchar', 80, 0, 0, 1, '1.2', '', 0],
      ],
    }
  })
  t.after(() => server.close())
  const settings = { kind: 'sqlserver', host: '127.0.0.1', port: server.port, database: 'd', schema: 'dbo', user: 'reader' } as const
  const access = { lake, allowed: ['127.0.0.1'], care: undefined }
  const loaded = await loadThrough(lake, openSqlserver({ ...settings, certificate: '' }, '', access), {
    object: 'firm',
    items: [
      { code: 'id', dataType: 'I', isKey: true },
      { code: 'name', dataType: 'C', length: 40 },
    ],
  })
  const { read, sent, written, agrees } = loaded
  assert.deepEqual({ read, sent, written, agrees }, { read: count, sent: count, written: count, agrees: true })
  const [found] = await lake.measure<{ rows: string; last: string }>(
    "SELECT uniqExact(_row) AS rows, max(_row) AS last FROM merge('lake', '^r_')",
  )
  assert.deepEqual(found, { rows: String(count), last: String(count) })
})
