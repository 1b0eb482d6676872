import pg from 'pg'
import { startPostgres, type TestServer } from '#testing/postgres.ts'

/** A register of enterprises as a department keeps it: numbers, texts, a decimal, a date, a time, a truth. */
export const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'uscc', name: '统一社会信用代码', dataType: 'C', length: 18 },
  { code: 'name', name: '企业名称', dataType: 'C', length: 120 },
  { code: 'district', name: '所在区', dataType: 'C', length: 20 },
  { code: 'address', name: '住所', dataType: 'C', length: 200 },
  { code: 'capital', name: '注册资本', dataType: 'Y', length: 16, scale: 2 },
  { code: 'employees', name: '从业人数', dataType: 'I' },
  { code: 'founded', name: '成立日期', dataType: 'D' },
  { code: 'updated_at', name: '更新时间', dataType: 'T' },
  { code: 'active', name: '是否存续', dataType: 'L' },
] as const

const create = `CREATE TABLE enterprise (
  id bigint PRIMARY KEY, uscc char(18) NOT NULL, name varchar(120) NOT NULL, district varchar(20), address varchar(200),
  capital numeric(16,2), employees integer, founded date, updated_at timestamp, active boolean)`
const fill = `INSERT INTO enterprise SELECT i, '9135' || lpad(i::text, 14, '0'), '厦门市鹭岛实业有限公司第' || i || '分公司',
  (array['思明区','湖里区','集美区','海沧区','同安区','翔安区'])[1 + i % 6], '福建省厦门市湖滨南路' || i % 900 || '号之' || i % 37,
  (i % 10000000) / 100.0, CASE WHEN i % 11 = 0 THEN NULL ELSE i % 500 END, date '1980-01-01' + (i % 16000)::int,
  timestamp '2020-01-01' + i * interval '7 seconds' + (i % 1000) * interval '1 millisecond', i % 9 <> 0
  FROM generate_series(1, $1::bigint) AS i`

export interface SourceDatabase {
  server: TestServer
  /** The same rows as a CSV file. @returns its size in bytes */
  copyTo(path: string, rows?: number): Promise<void>
  /** Runs a statement of its department. */
  query(sql: string): Promise<unknown>
  stop(): Promise<void>
}

export async function startSource(rows: number, settings: Record<string, string> = {}): Promise<SourceDatabase> {
  const server = await startPostgres({ shared_buffers: '512MB', max_wal_size: '4GB', autovacuum: 'off', ...settings })
  const client = new pg.Client(server.url)
  await client.connect()
  await client.query(create)
  await client.query(fill, [rows])
  await client.query('VACUUM ANALYZE enterprise')
  return {
    server,
    copyTo: async (path) => {
      await client.query(`COPY enterprise TO '${path}' WITH (FORMAT csv, HEADER)`)
    },
    query: (sql) => client.query(sql),
    stop: async () => {
      await client.end()
      await server.stop()
    },
  }
}
