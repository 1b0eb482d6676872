import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { type Acknowledged, assertSwept, assertWhole, live, remember, stateOf } from '#testing/faults/interrupted-city.ts'
import { randomOf } from '#testing/faults/live.ts'
import { pgTemplate } from '#testing/pg-template.ts'
import { readConfig } from '../../config.ts'
import { systemActor } from '../../kernel/actor.ts'
import { appendEvents, type ControlPlane, openDb, toEventRecord, verifyChain } from '../../store/index.ts'
import { verifyCity } from '../../verify-city.ts'

// F07. The end of the journal is not what was written: cut off, never filled, or full of something else. Always the embedded engine:
// a server's journal is its own affair.

/** In CI's second run, on servers, nothing would be different. */
const isFull = process.env.CI === 'true' && process.env.STORE !== 'pg'
const tears = Number(process.env.TEARS ?? (isFull ? 40 : 8))
const cityTears = Math.max(1, Math.round(tears / 4))
const { DATABASE_URL: _, CLICKHOUSE_URL: __, ...env } = process.env
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
const random = randomOf(seed)
const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const root = mkdtempSync(join(tmpdir(), 'datong-torn-'))
after(() => rmSync(root, { recursive: true, force: true }))

const changes = 300
const [segmentBytes, pageBytes, tornBytes] = [2 ** 24, 8192, 2 ** 16]
/** An entry is filled up to a multiple of eight bytes: what these are says nothing. */
const padding = 7

interface Journal {
  /** File of the newest segment, within a home. */
  file: string
  /** Where the log ended in that file when the so-many-eth change was acknowledged. */
  ends: number[]
}

const endOf = async ({ db }: ControlPlane) => {
  const { rows } = await sql<{ at: number; file: string }>`
    select (pg_current_wal_insert_lsn() - '0/0')::bigint as at, pg_walfile_name(pg_current_wal_insert_lsn()) as file`.execute(db)
  return rows[0]!
}

const contentOf = (n: number) => `第 ${n} 项`.repeat(1 + (n % 90))

/** One transaction, as a use case makes it: a change and its entry of the audit chain. */
const change = ({ db }: ControlPlane, n: number) =>
  db.transaction().execute(async (tx) => {
    await tx
      .insertInto('platform.setting')
      .values({ key: `torn ${n}`, value: JSON.stringify(contentOf(n)) })
      .execute()
    const ctx = { actor: systemActor('test'), now: () => new Date(), address: null, purpose: null, requestId: String(n) }
    await appendEvents(tx as never, [toEventRecord(ctx, { action: 'test.changed' })])
  })

/** A home as kill -9 leaves it after so many acknowledged changes. */
async function makeKilled(home: string): Promise<Journal> {
  const living = join(root, 'living')
  const plane = await openDb({ home: living, template: await pgTemplate() })
  const ends: number[] = []
  let file = ''
  for (let n = 1; n <= changes; n++) {
    await change(plane, n)
    const found = await endOf(plane)
    ends.push(found.at % segmentBytes)
    file = found.file
  }
  cpSync(living, home, { recursive: true })
  await plane.close()
  return { file: join('control', 'pg_wal', file), ends }
}

/** Names of segments are in their order. The journal is written from a checkpoint at the first opening on: none was used before. */
const newestSegment = (folder: string) =>
  join(
    'control',
    'pg_wal',
    readdirSync(folder)
      .filter((name) => /^[0-9A-F]{24}$/.test(name))
      .sort()
      .at(-1)!,
  )

const kinds = ['cut', 'never filled', 'filled with something else'] as const

/** @returns up to where the engine can read: to the first byte that is another, or by whole pages where the file itself has become shorter */
function tear(path: string, at: number, kind: (typeof kinds)[number]): number {
  if (kind === 'cut') {
    truncateSync(path, at)
    return at - (at % pageBytes)
  }
  const before = readFileSync(path)
  const after = before.map((byte, i) => (i < at ? byte : kind === 'never filled' ? 0 : Math.floor(random() * 256)))
  writeFileSync(path, after)
  const first = before.findIndex((byte, i) => byte !== after[i])
  return first < 0 ? before.length : first
}

async function read(plane: ControlPlane) {
  const found = await plane.db.selectFrom('platform.setting').select(['key', 'value']).where('key', 'like', 'torn %').execute()
  return found.map(({ key, value }) => [Number(key.slice(5)), value] as const).sort(([one], [other]) => one - other)
}

test(`a journal torn at ${tears} places is read up to its last whole entry: nothing before is lost, nothing after is half there`, async (t) => {
  t.diagnostic(`seed ${seed}`)
  const killed = join(root, 'killed')
  const { file, ends } = await makeKilled(killed)
  const end = ends.at(-1)!
  for (let time = 0; time < tears; time++) {
    const home = join(root, `torn-${time}`)
    cpSync(killed, home, { recursive: true })
    const at = end - 1 - (time && Math.floor(random() * tornBytes))
    const kind = any(kinds)
    const what = `seed ${seed}, time ${time}, ${end - at} bytes before the end, ${kind}`
    const readable = tear(join(home, file), at, kind)
    const [least, most] = [0, padding].map((more) => ends.filter((one) => one <= readable + more).length) as [number, number]
    const plane = await openDb({ home })
    const kept = await read(plane)
    assert.ok(least <= kept.length && kept.length <= most, `${what}: ${kept.length} of ${least} to ${most}`)
    assert.ok(
      kept.every(([n, content], i) => n === i + 1 && content === contentOf(n)),
      what,
    )
    const { intact, entries } = await verifyChain(plane.db)
    assert.deepEqual([intact, entries], [true, kept.length], what)
    await change(plane, changes + 1)
    await plane.close()
    const again = await openDb({ home })
    assert.deepEqual(
      (await read(again)).map(([n]) => n),
      [...kept.map(([n]) => n), changes + 1],
      `${what}, opened again`,
    )
    assert.equal((await verifyChain(again.db)).intact, true, what)
    await again.close()
    rmSync(home, { recursive: true })
  }
})

test('a journal that is cut off before the last checkpoint is not opened as if it were whole: verify says so', async () => {
  const home = join(root, 'empty')
  const plane = await openDb({ home, template: await pgTemplate() })
  const { file } = await endOf(plane)
  await plane.close()
  truncateSync(join(home, 'control', 'pg_wal', file), 0)
  await assert.rejects(openDb({ home }), /日志或文件已损坏/)
  const { problems } = await verifyCity(readConfig({ DATONG_HOME: home }))
  assert.match(problems.join('\n'), /control plane in .* does not open/)
})

test(`a city killed while it loads comes up whole from a journal torn at ${cityTears} places`, async (t) => {
  t.diagnostic(`seed ${seed}`)
  const killed = join(root, 'city')
  const life = await live(killed, 0, env, { after: 'queued', time: 4, ms: 100 })
  assert.equal(life.signal, 'SIGKILL', life.errors)
  const journal = newestSegment(join(killed, 'control', 'pg_wal'))
  const end = readFileSync(join(killed, journal)).findLastIndex((byte) => byte !== 0) + 1
  const undone: number[] = []
  for (let time = 0; time < cityTears; time++) {
    const home = join(root, `city-${time}`)
    cpSync(killed, home, { recursive: true, verbatimSymlinks: true })
    const at = Math.max(1, end - 1 - Math.floor(random() * tornBytes))
    const kind = any(kinds)
    const what = `seed ${seed}, time ${time}, ${end - at} bytes before the end, ${kind}`
    tear(join(home, journal), at, kind)
    const next = await live(home, 1, env, { times: 1 })
    assert.equal(next.code, 0, `${what}: ${next.errors}`)
    const [found, left] = stateOf(next)
    // What was acknowledged after the place of the tear is gone, as if it had never been asked for.
    const nothing: Acknowledged = { queued: new Set(), ended: new Map() }
    assertWhole(found!, nothing, `${what}: what the next life found`)
    remember(next, nothing)
    assertWhole(left!, nothing, `${what}: what the next life left`)
    assertSwept(left!)
    undone.push(4 - found!.loads.length)
    rmSync(home, { recursive: true })
  }
  t.diagnostic(`loads undone: ${undone.join(' ')}`)
})
