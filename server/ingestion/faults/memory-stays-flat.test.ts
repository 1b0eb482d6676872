import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity } from '#testing/city.ts'
import { postgresBin, startPostgres } from '#testing/postgres.ts'

// F09, the cap: rows stream, whatever their number. Node's own memory, as it counts it (heap and buffers), while data pass through it
// that are bigger: in CI, bigger than what it may hold at all. When memory does run out: `memory-runs-out.test.ts`.

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const MiB = 2 ** 20
const mostMiB = 400
const rows = process.env.CI === 'true' ? 500_000 : 150_000
/** A row's text, in bytes as it travels here. */
const textBytes = 960
const mostGrowth = (rows * textBytes) / 2 / MiB
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'text', name: '内容', dataType: 'C', length: 2000 },
] as const
const mapping = items.map(({ code }) => ({ item: code, column: code }))

/** What is alive, not what waits for its collection: that is as much as V8 finds convenient. */
const heldMiB = () => {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / MiB
}

async function peakOf(work: () => Promise<void>): Promise<{ before: number; peak: number }> {
  const before = heldMiB()
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, heldMiB())
  }, 500)
  try {
    await work()
  } finally {
    clearInterval(watch)
  }
  return { before, peak }
}

function assertFlat({ before, peak }: { before: number; peak: number }, what: string): void {
  assert.ok(peak <= mostMiB, `${what}: Node held ${Math.round(peak)} MiB`)
  assert.ok(peak - before <= mostGrowth, `${what}: Node held ${Math.round(before)} MiB before and ${Math.round(peak)} MiB meanwhile`)
}

/** A file in UTF-16, which the engine does not read: each byte of it passes through Node twice. */
function* utf16File() {
  const text = 'x'.repeat(textBytes / 2)
  yield Buffer.from('\ufeffid,text\n', 'utf16le')
  for (let from = 0; from < rows; from += 500)
    yield Buffer.from(Array.from({ length: 500 }, (_, i) => `${from + i},${text}${from + i}\n`).join(''), 'utf16le')
}

test('an upload that is bigger than the cap, and its load, pass through Node without staying there', async (t) => {
  const city = await openTestCity()
  try {
    const { entryId, steward } = await publishEntry(city, '厦门市档案馆', { name: '档案全文', items: [...items] })
    const { id: sourceId } = await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })
    const uploading = await peakOf(async () => {
      await steward.call('upload_file', { query: { fileName: 'archive.csv', sourceId }, body: Readable.from(utf16File()) as never })
    })
    const { id: planId } = await steward.call('create_plan', {
      body: { entryId, sourceId, object: 'archive.csv', mapping, verify: 'content' },
    })
    const loading = await peakOf(async () => {
      const { state, written } = await runPlan(steward, planId)
      assert.deepEqual([state, written], ['succeeded', rows])
    })
    t.diagnostic(JSON.stringify({ rows, uploading, loading }))
    assertFlat(uploading, 'the upload')
    assertFlat(loading, 'the load')
  } finally {
    await city.close()
  }
})

test('a table that is bigger than the cap passes through the line to its source without staying there', {
  skip: !postgresBin() && process.env.CI !== 'true' && "Debian's package postgresql is not installed",
}, async (t) => {
  const server = await startPostgres()
  const city = await openTestCity()
  try {
    const client = new pg.Client(server.url)
    await client.connect()
    await client.query(
      `CREATE TABLE archive AS SELECT i AS id, repeat(md5(i::text), ${textBytes / 32}) AS text FROM generate_series(1, ${rows}) AS i`,
    )
    await client.end()
    const { entryId, steward } = await publishEntry(city, '厦门市档案馆', { name: '档案全文', items: [...items] })
    const settings = { kind: 'postgresql', host: '127.0.0.1', port: server.port, database: 'postgres', user: 'postgres' } as const
    const { id: sourceId } = await steward.call('create_source', { body: { name: '档案库', settings } })
    const { id: planId } = await steward.call('create_plan', { body: { entryId, sourceId, object: 'archive', mapping, verify: 'content' } })
    const loading = await peakOf(async () => {
      const { state, written } = await runPlan(steward, planId)
      assert.deepEqual([state, written], ['succeeded', rows])
    })
    t.diagnostic(JSON.stringify({ rows, loading }))
    assertFlat(loading, 'the load')
  } finally {
    await city.close()
    await server.stop()
  }
})
