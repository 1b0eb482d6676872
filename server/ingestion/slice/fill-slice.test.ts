import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { postgresBin, startPostgres, type TestServer } from '#testing/postgres.ts'
import { newId } from '../../kernel/ids.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import { type Lake, openLake } from '../../store/index.ts'
import type { Reading } from '../connectors/connector.ts'
import { openPostgresql } from '../connectors/postgresql.ts'
import { inputName } from '../conversion/column-plan.ts'
import { convertColumn } from '../conversion/convert-column.ts'
import { plainColumn } from '../conversion/plain-column.ts'
import type { Conversions } from '../load/fill-tables.ts'
import { tablesOf } from '../load/lake-tables.ts'
import type { LoadFailure } from '../load/load-failure.ts'
import { fillSlice } from './fill-slice.ts'

const isMissing = !postgresBin() && process.env.CI !== 'true'
const options = { skip: isMissing && "Debian's package postgresql is not installed" }
const dir = mkdtempSync(join(tmpdir(), 'datong-slice-'))
let server: TestServer
let client: pg.Client
let lake: Lake
before(async () => {
  if (isMissing) return
  server = await startPostgres()
  client = new pg.Client(server.url)
  await client.connect()
  await client.query("create table firm as select i - 1500 as id, date '2020-01-01' + i as born from generate_series(1, 3000) i")
  await client.query('alter table firm add primary key (id)')
  lake = await openLake({ dir })
})
after(async () => {
  if (isMissing) return
  await client.end()
  await lake.close()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

const bounds = { kind: 'key', column: 'id', from: '-500', below: '500', since: null } as const

/** Fills the slice; `alter`: what the source would say, otherwise. @returns how often the source was asked, and the outcome */
async function fill(alter: (statement: string, turn: number) => string, conversions?: Conversions) {
  const settings = {
    kind: 'postgresql',
    host: '127.0.0.1',
    port: server.port,
    database: 'postgres',
    schema: 'public',
    user: 'postgres',
  } as const
  const items = ['id', 'born'].map((code, i) => ({
    ...{ code, name: code, dataType: i === 0 ? ('I' as const) : ('D' as const), length: null, scale: null },
    ...{ isKey: i === 0, isRequired: false, sensitiveKind: 'none' as const },
  }))
  const wanted = items.map((item, i) => ({
    column: item.code,
    type: lakeTypeOf(item),
    conversion: i === 0 ? ('integer' as const) : ('date' as const),
    missing: [],
  }))
  const signal = new AbortController().signal
  const opened = await openPostgresql(settings, '', ['127.0.0.1']).openReading('firm', null, wanted, signal)
  let turns = 0
  const reading: Reading = {
    ...opened,
    input: async (columns, how) => {
      const input = await opened.input(columns, how)
      return { ...input, parameters: { ...input.parameters, statement: alter(input.parameters.statement!, ++turns) } }
    },
  }
  const columns = items.map((item, i) => ({
    ...{ item, type: wanted[i]!.type, source: item.code, input: inputName(i), arrival: reading.arrivals[i]! },
    ...{ conversion: wanted[i]!.conversion, format: '', missing: [], trim: true },
  }))
  const tables = tablesOf(newId(), 1, 3)
  const object = {
    lake,
    reading,
    columns,
    items,
    tables,
    verify: 'content' as const,
    quarantineLimit: { share: 1, rows: null },
    signal,
    ...(conversions && { conversions }),
  }
  try {
    const filled = await fillSlice({ object, bounds, number: 3 })
    return { turns, filled }
  } catch (error) {
    return { turns, failure: error as LoadFailure }
  } finally {
    await reading.close()
  }
}

test('a slice holds the rows of its range, and the checksum is that of 32 bits of its keys', options, async () => {
  const { turns, filled } = await fill((statement) => statement)
  assert.equal(turns, 1)
  const bits = Array.from({ length: 1000 }, (_, i) => (i - 500) >>> 0)
  const checksum = String(bits.reduce((sum, key) => sum + key, 0))
  assert.deepEqual([filled?.read_rows, filled?.written_rows, filled?.checksum], [1000, 1000, checksum])
})

for (const [what, from, to] of [
  ['count', 'count(*)', 'count(*) + 1'],
  ['checksum', 'sum(', '7 + sum('],
] as const)
  test(`a ${what} that does not agree is read again once, then the load fails and names the slice`, options, async () => {
    const passing = await fill((statement, turn) => (turn === 1 ? statement.replace(from, to) : statement))
    assert.deepEqual([passing.turns, passing.filled?.read_rows], [2, 1000])
    const lasting = await fill((statement) => statement.replace(from, to))
    assert.deepEqual([lasting.turns, lasting.failure?.code], [2, 'ingestion.slice_differs'])
    assert.equal(lasting.failure!.details.params!.slice, 'id ≥ -500 , < 500')
  })

test('contents that do not agree name the slice and the rows', options, async () => {
  const shift = <Converted extends { value: string }>(code: string, converted: Converted): Converted =>
    code === 'born' ? { ...converted, value: `if(\`#0\` = 200, ${converted.value} + 1, ${converted.value})` } : converted
  const { failure } = await fill((statement) => statement, {
    plain: (column, definitions) => shift(column.item.code, plainColumn(column, definitions)),
    long: (column, definitions) => shift(column.item.code, convertColumn(column, definitions)),
  })
  assert.deepEqual([failure?.code, failure?.differing], ['ingestion.slice_differs', ['200']])
})
