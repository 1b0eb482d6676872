import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity } from '#testing/city.ts'
import { live } from '#testing/faults/interrupted-city.ts'
import { randomOf } from '#testing/faults/live.ts'
import { cleanRows } from '#testing/faults/loading-city.ts'
import { pgTemplate } from '#testing/pg-template.ts'
import { readConfig } from '../../config.ts'
import { openDb, openLake } from '../../store/index.ts'
import { verifyCity } from '../../verify-city.ts'

// F07 and F08. A file on the disk lacks its end, or one of its bits is not what was written. Always the embedded engines: servers are looked after by their own tools.

/** In CI's second run, on servers, nothing would be different. */
const isFull = process.env.CI === 'true' && process.env.STORE !== 'pg'
const times = { flip: Number(process.env.FLIPS ?? (isFull ? 25 : 4)), cut: Number(process.env.CUT_FILES ?? (isFull ? 25 : 4)) }
const tornBytes = 2 ** 16
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
const random = randomOf(seed)
const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const root = mkdtempSync(join(tmpdir(), 'datong-flips-'))
after(() => rmSync(root, { recursive: true, force: true }))

function flipOneBit(path: string): void {
  const bytes = readFileSync(path)
  bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8)
  writeFileSync(path, bytes)
}

/** Anywhere in its last part; nothing at all is left, or all but the last byte, as often. */
function cutOff(path: string): void {
  const { size } = statSync(path)
  truncateSync(path, any([0, size - 1, Math.floor(size - random() * Math.min(size, tornBytes))]))
}

const questions = [
  'SELECT count() AS n, uniqExact(id) AS ids, sum(cityHash64(id, name, version)) AS digest FROM lake.r_firm',
  'SELECT count() AS n, sum(cityHash64(id, name)) AS digest FROM lake.r_firm WHERE id BETWEEN 700 AND 1900',
  'SELECT name FROM lake.r_firm WHERE id = 2345',
]
const askLake = async (home: string) => {
  const lake = await openLake({ dir: join(home, 'lake') })
  const answers = await Promise.all(questions.map((question) => lake.measure(question).catch((error: Error) => error)))
  await lake.close()
  return answers
}

/** A home with a table of two parts, and what is right to answer. */
async function makeWhole(home: string): Promise<unknown[]> {
  await (await openDb({ home, template: await pgTemplate(), isVolatile: true })).close()
  const lake = await openLake({ dir: join(home, 'lake') })
  await lake.define('CREATE TABLE lake.r_firm (id Int64, name String, version Nullable(Int32)) ENGINE = MergeTree ORDER BY id')
  for (const [from, count] of [
    [0, 2000],
    [2000, 1000],
  ])
    await lake.command(
      `INSERT INTO lake.r_firm SELECT ${from} + number, concat('企业', toString(${from} + number)), 3 FROM numbers(${count})`,
    )
  await lake.close()
  return askLake(home)
}

const whole = join(root, 'whole')
let right: unknown[]
before(async () => {
  right = await makeWhole(whole)
})

for (const [name, damage] of Object.entries({ flip: flipOneBit, cut: cutOff }))
  test(`after each of ${times[name as 'flip']} ${name}s in the lake what is served is right, or nothing is, and verify names the table`, async (t) => {
    t.diagnostic(`seed ${seed}`)
    const found: Record<string, number> = {}
    for (let time = 0; time < times[name as 'flip']; time++) {
      const home = join(root, `${name}-${time}`)
      cpSync(whole, home, { recursive: true, verbatimSymlinks: true })
      const path = any(globSync(join(home, 'lake', 'store', '**', 'all_*', '*')))
      const what = `seed ${seed}, ${name} ${time}, ${basename(path)}`
      damage(path)
      // A part of no rows is dropped when the lake is opened: verify finds that by the rows of the load (below), and here is none.
      if (basename(path) === 'count.txt' && /^0+$/.test(readFileSync(path, 'latin1'))) continue
      const answers = await askLake(home)
      // The engine believes the digits of this one without a look at its checksum: only verify finds it.
      const isBelieved = name === 'flip' && basename(path) === 'count.txt'
      const isRight = (i: number) => isBelieved || answers[i] instanceof Error || JSON.stringify(answers[i]) === JSON.stringify(right[i])
      assert.deepEqual(
        questions.filter((_, i) => !isRight(i)),
        [],
        what,
      )
      const { problems } = await verifyCity(readConfig({ DATONG_HOME: home }))
      // Three small files of a part say some things that nobody needs: what is served must be right then.
      const isIdle = /^(metadata_version|default_compression_codec|columns_substreams)\.txt$/.test(basename(path))
      if (isIdle && problems.length === 0) assert.deepEqual(answers, right, what)
      else assert.match(problems.join('\n'), /r_firm/, what)
      found[basename(path)] = (found[basename(path)] ?? 0) + 1
      rmSync(home, { recursive: true })
    }
    t.diagnostic(JSON.stringify(found))
  })

test('a part that says that it has no rows is dropped by the engine, and verify misses its rows', async () => {
  const home = join(root, 'empty-part')
  const { DATABASE_URL: _, CLICKHOUSE_URL: __, ...env } = process.env
  const life = await live(home, 0, env, { times: 1 })
  assert.equal(life.code, 0, life.errors)
  const config = readConfig({ DATONG_HOME: home })
  assert.deepEqual((await verifyCity(config)).problems, [])
  const rows = cleanRows(1)
  const path = globSync(join(home, 'lake', 'store', '**', 'all_*', 'count.txt')).find((one) => readFileSync(one, 'latin1') === String(rows))
  // One bit makes a 1, 2, 4 or 8 at the beginning of a round number to a 0.
  writeFileSync(path!, '0'.repeat(String(rows).length))
  const { problems } = await verifyCity(config)
  assert.match(problems.join('\n'), new RegExp(`应有 ${rows} 行，现有 0 行`))
})

test('the definition of a table is cut off: the lake is not opened without it, and the engine names the file', () => {
  const home = join(root, 'definition')
  cpSync(whole, home, { recursive: true, verbatimSymlinks: true })
  const [path] = globSync(join(home, 'lake', 'store', '**', 'r_firm.sql'))
  truncateSync(path!, Math.floor(random() * (statSync(path!).size / 2)))
  const env = { PATH: process.env.PATH, DATONG_HOME: home, LOG_LEVEL: 'silent' }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['server/main.ts', 'verify'], { env, encoding: 'utf8' })
  assert.equal(status, 1, stderr)
  assert.match(stdout, /definition of a table is damaged/)
  assert.match(stderr, /r_firm\.sql/)
})

test('a bit of the control plane is flipped: verify names the table, and its rows are not served', async () => {
  const home = join(root, 'control')
  const template = await pgTemplate()
  const plane = await openDb({ home, template, isVolatile: true })
  await sql`insert into platform.setting (key, value) select 'k' || i, to_jsonb(repeat('值', 40)) from generate_series(1, 500) i`.execute(
    plane.db,
  )
  const { rows } = await sql<{ path: string }>`select pg_relation_filepath('platform.setting') as path`.execute(plane.db)
  await plane.close()
  flipOneBit(join(home, 'control', rows[0]!.path))
  const { problems } = await verifyCity(readConfig({ DATONG_HOME: home }))
  assert.equal(problems.length, 1, `seed ${seed}`)
  assert.match(problems[0]!, /platform\.setting/)
  const again = await openDb({ home })
  await assert.rejects(sql`select * from platform.setting`.execute(again.db), /invalid page/)
  await again.close()
})

test('an uploaded file that is not what was sent is not loaded, whatever is wrong with it', async () => {
  const city = await openTestCity({ env: { LOG_LEVEL: 'silent' } })
  after(() => city.close())
  const items = [
    { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
    { code: 'name', name: '名称', dataType: 'C', length: 60 },
  ] as const
  const { entryId, steward } = await publishEntry(city, '厦门市市场监督管理局', { name: '企业名录', items: [...items] })
  const { id: sourceId } = await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })
  const body = Buffer.from(`id,name\n${Array.from({ length: 3000 }, (_, i) => `${i},第${i}号企业\n`).join('')}`)
  const upload = () => steward.call('upload_file', { query: { fileName: 'firm.csv', sourceId }, body })
  await upload()
  const mapping = items.map(({ code }) => ({ item: code, column: code }))
  const { id: planId } = await steward.call('create_plan', { body: { entryId, sourceId, object: 'firm.csv', mapping, verify: 'content' } })
  for (const damage of [flipOneBit, cutOff]) {
    damage(globSync(join(city.home, 'files', 'upload', '*'))[0]!)
    const { state, error } = await runPlan(steward, planId)
    assert.deepEqual([state, error?.code], ['failed', 'ingestion.upload_damaged'], `seed ${seed}, ${damage.name}`)
    await upload()
    const { state: again, written } = await runPlan(steward, planId)
    assert.deepEqual([again, written], ['succeeded', 3000])
  }
})
