import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { openDb, verifyChain } from '../../store/index.ts'
import { live } from '#testing/faults/live.ts'
import { mountSmallDisk, type SmallDisk } from '#testing/faults/small-disk.ts'

// F05, and of F13 that no file can be made though there is room. Each store of the home stands in turn on a small disk that fills up. The process must live, say so in a code of its own, have
// done nothing, and go on without a restart when there is room again.

const isEmbedded = process.env.STORE !== 'pg' && process.env.LAKE !== 'clickhouse'
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 80 },
] as const
const csvOf = (rows: number) =>
  ['id,name', ...Array.from({ length: rows }, (_, i) => `${i},${Math.random()}号企业${Math.random()}`), ''].join('\n')

interface Tight {
  city: TestCity
  disk: SmallDisk
  steward: Client
  planId: string
  /** Writes the file that the plan loads. */
  offer(rows: number, encoding?: BufferEncoding): void
  liveRows(): Promise<number>
}

/** A city whose `store` is on a small disk, with one load behind it. */
async function withTightStore(store: string, mebibytes: number, work: (tight: Tight) => Promise<void>): Promise<void> {
  const [home, files] = [mkdtempSync(join(tmpdir(), 'datong-tight-')), mkdtempSync(join(tmpdir(), 'datong-files-'))]
  const disk = mountSmallDisk(join(home, store), mebibytes)
  if (typeof disk === 'string') {
    rmSync(home, { recursive: true })
    console.log(disk)
    // A tmpfs needs nothing but root: where CI runs as root it must be there.
    assert.ok(process.env.CI !== 'true' || process.getuid?.() !== 0, disk)
    return
  }
  try {
    const city = await openTestCity({ env: { DATONG_HOME: home, LOG_LEVEL: 'silent' }, fileRoots: [files] })
    try {
      const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
      const offer = (rows: number, encoding: BufferEncoding = 'utf8') =>
        writeFileSync(join(files, 'firm.csv'), Buffer.from(`${encoding === 'utf16le' ? '\ufeff' : ''}${csvOf(rows)}`, encoding))
      offer(1000)
      const { id: sourceId } = await steward.call('create_source', { body: { name: '文件夹', settings: { kind: 'folder', path: '' } } })
      const mapping = items.map(({ code }) => ({ item: code, column: code }))
      const body = { entryId, sourceId, object: 'firm.csv', mapping, verify: 'content' } as const
      const { id: planId } = await steward.call('create_plan', { body })
      assert.equal((await runPlan(steward, planId)).state, 'succeeded')
      const liveRows = async () => {
        const { lake_table } = await city.app.plane.db
          .selectFrom('catalog.resource')
          .select('lake_table')
          .where('entry_id', '=', entryId)
          .executeTakeFirstOrThrow()
        const [found] = await city.app.lake.measure<{ n: string }>(`SELECT uniqExact(id) AS n FROM lake.${lake_table}`)
        return Number(found!.n)
      }
      await work({ city, disk, steward, planId, offer, liveRows })
    } finally {
      await city.close()
    }
  } finally {
    disk.close()
    for (const folder of [home, files]) rmSync(folder, { recursive: true, force: true })
  }
}

const loadsOf = async ({ steward, planId }: Tight) => {
  const { state, written, error } = await runPlan(steward, planId)
  return [state, written, error?.code ?? null]
}

for (const lacking of isEmbedded ? (['room', 'inodes'] as const) : [])
  test(`a disk of the lake without ${lacking} fails the load with its code, leaves the old data live, and is used again when there is some`, () =>
    withTightStore('lake', 48, async (tight) => {
      tight.offer(150_000)
      tight.disk.fill(lacking)
      assert.deepEqual(await loadsOf(tight), ['failed', null, 'ingestion.disk_full'])
      assert.equal(await tight.liveRows(), 1000)
      const tables = await tight.city.app.lake.measure(
        "SELECT name FROM system.tables WHERE database = 'lake' AND match(name, '^(r|q|a|in|v|w)_')",
      )
      assert.equal(tables.length, 1, 'nothing is left of the load that failed')
      tight.disk.free()
      assert.deepEqual(await loadsOf(tight), ['succeeded', 150_000, null])
      assert.equal(await tight.liveRows(), 150_000)
    }))

if (isEmbedded)
  test('a full disk of the control plane refuses changes with a code, and nothing of them is done', () =>
    withTightStore('control', 64, async (tight) => {
      const { steward, city } = tight
      const count = async () => (await city.app.plane.db.selectFrom('ingestion.source').select('id').execute()).length
      const before = await count()
      tight.disk.fill()
      // Until the room within the files that are there is used up too.
      let refused: Awaited<ReturnType<Client['attempt']>> | undefined
      let made = 0
      for (; made < 3000 && !refused; made++) {
        const body = { name: `源 ${made} ${'长'.repeat(60)}`, settings: { kind: 'folder', path: '' } } as const
        const answer = await steward.attempt('create_source', { body })
        if (answer.statusCode !== 200) refused = answer
      }
      assert.deepEqual([refused?.statusCode, refused?.json().code], [503, 'http.disk_full'])
      assert.equal(await count(), before + made - 1, 'what was answered is there, and nothing else')
      assert.equal(await tight.liveRows(), 1000, 'what is there can be read')
      tight.disk.free()
      tight.offer(2000)
      assert.deepEqual(await loadsOf(tight), ['succeeded', 2000, null])
      assert.equal((await verifyChain(city.app.plane.db)).intact, true)
    }))

test('a journal that cannot be continued in a new file ends the process, and nothing that was acknowledged is lost', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'datong-journal-'))
  const disk = mountSmallDisk(home, 300)
  if (typeof disk === 'string') {
    rmSync(home, { recursive: true })
    assert.ok(process.env.CI !== 'true' || process.getuid?.() !== 0, disk)
    return t.skip(disk)
  }
  try {
    const program = fileURLToPath(import.meta.resolve('#testing/faults/fill-journal.ts'))
    const life = await live<{ fact: 'written'; n: number }>([program, home], process.env, { after: 'written', time: 5, ms: 0 }, () =>
      disk.fill('inodes'),
    )
    assert.equal(life.signal, 'SIGKILL', life.errors)
    assert.match(life.errors, /数据没有落盘/)
    disk.free()
    const plane = await openDb({ home })
    const kept = await plane.db.selectFrom('platform.setting').select('key').where('key', 'like', 'written %').execute()
    await plane.close()
    const keys = new Set(kept.map(({ key }) => key))
    assert.deepEqual(
      life.facts.filter(({ n }) => !keys.has(`written ${n}`)),
      [],
    )
  } finally {
    disk.close()
    rmSync(home, { recursive: true, force: true })
  }
})

for (const lacking of ['room', 'inodes'] as const)
  test(`a disk of the files without ${lacking} refuses an upload, keeps no half of it, and fails the load of a file that must be rewritten`, () =>
    withTightStore('files', 8, async (tight) => {
      const { steward, disk } = tight
      const { id: sourceId } = await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })
      disk.fill(lacking)
      const upload = () => steward.attempt('upload_file', { query: { fileName: 'firm.csv', sourceId }, body: Buffer.from(csvOf(20_000)) })
      const refused = await upload()
      assert.deepEqual([refused.statusCode, refused.json().code], [503, 'http.disk_full'])
      assert.deepEqual((await steward.call('list_source_objects', { params: { sourceId } })).items, [])
      tight.offer(20_000, 'utf16le')
      assert.deepEqual(await loadsOf(tight), ['failed', null, 'ingestion.disk_full'])
      assert.equal(await tight.liveRows(), 1000)
      disk.free()
      assert.equal((await upload()).statusCode, 200)
      assert.deepEqual(await loadsOf(tight), ['succeeded', 20_000, null])
    }))
