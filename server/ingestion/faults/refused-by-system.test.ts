import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { awaitLoad, runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { type Client, openTestCity, type TestCity } from '#testing/city.ts'
import { closeFolder } from '#testing/faults/closed-folder.ts'
import { openDescriptors, takeDescriptors } from '#testing/faults/few-descriptors.ts'
import { verifyChain } from '../../store/index.ts'

// F13. The system refuses what every call needs: a descriptor, a right. The process must live, say so in a code of its own, keep nothing
// open of what it gave up, and go on without a restart. Names that run out are a full disk: disk-full.test.ts.

const isEmbedded = process.env.STORE !== 'pg' && process.env.LAKE !== 'clickhouse'
const cycles = Number(process.env.CYCLES ?? (process.env.CI === 'true' ? 2000 : 300))
/** The engine keeps open what it knows of each of its threads, and from its first error on the files of its symbols. */
const ofEngine = 50
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '名称', dataType: 'C', length: 60 },
] as const
const body = Buffer.from(`id,name\n${Array.from({ length: 3000 }, (_, i) => `${i},第${i}号企业\n`).join('')}坏,编号不是数字\n`)
let city: TestCity
let steward: Client
let sourceId: string
let planId: string

before(async () => {
  city = await openTestCity({ env: { LOG_LEVEL: 'silent' } })
  const published = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
  steward = published.steward
  sourceId = (await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })).id
  await upload()
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const plan = { entryId: published.entryId, sourceId, object: 'firm.csv', mapping, verify: 'content' } as const
  planId = (await steward.call('create_plan', { body: plan })).id
  assert.deepEqual(await load(), ['succeeded', 3000, null])
})
after(() => city.close())

const upload = () => steward.attempt('upload_file', { query: { fileName: 'firm.csv', sourceId }, body })
const download = () => steward.attempt('export_quarantine', { params: { planId } })
const load = async () => {
  const { state, written, error } = await runPlan(steward, planId)
  return [state, written, error?.code ?? null]
}

/** How often each answer was given. */
async function tally(times: number, call: typeof upload): Promise<Record<string, number>> {
  const answers: Record<string, number> = {}
  for (let time = 0; time < times; time++) {
    const answer = await call()
    const said = answer.statusCode === 200 ? '200' : `${answer.statusCode} ${answer.json().code}`
    answers[said] = (answers[said] ?? 0) + 1
  }
  return answers
}

async function assertWell(descriptors: number): Promise<void> {
  assert.ok(openDescriptors() <= descriptors + ofEngine, `${openDescriptors()} descriptors are open, ${descriptors} were`)
  assert.deepEqual(await tally(1, upload), { 200: 1 })
  assert.deepEqual(await tally(1, download), { 200: 1 })
  assert.deepEqual(await load(), ['succeeded', 3000, null])
  assert.equal((await verifyChain(city.app.plane.db)).intact, true)
}

test(`with no descriptor left ${cycles} uploads are refused with a code, the control plane goes on, and a load waits until there are some`, async (t) => {
  if (!isEmbedded) return t.skip('with servers each call needs a connection')
  const descriptors = openDescriptors()
  const giveBack = takeDescriptors()
  let loadId: string
  try {
    assert.deepEqual(await tally(cycles, upload), { '503 http.too_many_files': cycles })
    assert.deepEqual(await tally(cycles / 4, download), { '503 http.too_many_files': cycles / 4 })
    await steward.call('create_source', { body: { name: '又一个', settings: { kind: 'upload' } } })
    loadId = (await steward.call('start_load', { params: { planId } })).id
    await sleep(2000)
  } finally {
    giveBack()
  }
  assert.equal((await awaitLoad(steward, loadId, 120)).state, 'succeeded')
  await assertWell(descriptors)
})

const folders = [
  { folder: 'files', uploads: '503 http.folder_refused', downloads: '200', loads: 'ingestion.folder_refused' },
  { folder: 'files/work', uploads: '200', downloads: '200', loads: 'ingestion.folder_refused' },
  { folder: 'lake/spool', uploads: '200', downloads: '503 http.folder_refused', loads: null },
]
for (const { folder, uploads, downloads, loads } of folders)
  test(`where ${folder} is closed to the platform calls say so, and go on when it is open again`, async (t) => {
    if (!isEmbedded && folder.startsWith('lake')) return t.skip('a server has its own folders')
    const descriptors = openDescriptors()
    const open = closeFolder(join(city.home, folder))
    if (typeof open === 'string') {
      // A bind mount needs nothing but root: where CI runs as root it must be there.
      assert.notEqual(process.env.CI, 'true', open)
      return t.skip(open)
    }
    try {
      const times = uploads === '200' ? 1 : cycles
      assert.deepEqual(await tally(times, upload), { [uploads]: times })
      assert.deepEqual(await tally(cycles / 4, download), { [downloads]: cycles / 4 })
      const [state, , code] = await load()
      assert.deepEqual([state, code], loads ? ['failed', loads] : ['succeeded', null])
    } finally {
      open()
    }
    await assertWell(descriptors)
  })
