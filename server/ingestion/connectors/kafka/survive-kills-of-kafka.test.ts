import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type CollectingFact, collectedTopic } from '#testing/faults/collecting-city.ts'
import { type Life, live, randomOf } from '#testing/faults/live.ts'
import { hasKcat, startKafkaMock } from '#testing/servers/kafka-mock.ts'

if (!hasKcat()) assert.notEqual(process.env.CI, 'true', 'CI has kcat')
const program = fileURLToPath(import.meta.resolve('#testing/faults/collecting-city.ts'))
const kills = Number(process.env.KILLS ?? (process.env.CI === 'true' ? 10 : 3))

test(`a city that is killed ${kills} times while it collects a topic loses and doubles nothing`, {
  skip: !hasKcat() && "Debian's package kcat is not installed",
  timeout: 600_000,
}, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`seed ${seed}: SEED=${seed} kills at the same moments`)
  const random = randomOf(seed)
  const root = mkdtempSync(join(tmpdir(), 'datong-collecting-'))
  const mock = await startKafkaMock()
  let produced = 0
  const produce = async () => {
    for (const partition of [0, 1, 2, 3]) {
      const ids = Array.from({ length: 1 + Math.floor(random() * 200) }, () => produced++)
      await mock.produce(
        collectedTopic,
        ids.map((id) => `{"id":${id}}`),
        { partition },
      )
    }
  }
  const stateOf = ({ facts }: Life<CollectingFact>) => facts.filter((fact) => fact.fact === 'state')
  const assertWhole = ({ facts, errors }: Life<CollectingFact>, what: string) => {
    const [found] = stateOf({ facts } as Life<CollectingFact>)
    assert.ok(found, `${what}: it opened; ${errors.slice(-2000)}`)
    assert.equal(found.rows, found.ids, `${what}: no message is there twice`)
    assert.equal(found.rows, found.written, `${what}: the pieces that were kept are the rows that are there`)
    for (const fact of facts) if (fact.fact === 'ended') assert.deepEqual([fact.state, fact.error], ['succeeded', null], what)
  }
  try {
    let met = 0
    for (let round = 0; round < kills; round++) {
      await produce()
      const command = [program, join(root, 'home'), mock.brokers, String(round * 32)]
      const life = await live<CollectingFact>(command, process.env, {
        after: 'queued',
        time: 1 + Math.floor(random() * 2),
        ms: random() * 900,
      })
      assertWhole(life, `life ${round + 1}`)
      assert.equal(life.signal, 'SIGKILL', life.errors.slice(-2000))
      if (life.facts.at(-1)?.fact === 'queued') met++
    }
    await produce()
    const last = await live<CollectingFact>([program, join(root, 'home'), mock.brokers, String(kills * 32), '2'], process.env, null)
    assertWhole(last, 'the last life')
    const end = stateOf(last).at(-1)
    assert.deepEqual([end?.rows, end?.ids, end?.written], [produced, produced, produced], last.errors.slice(-2000))
    t.diagnostic(`${met} of ${kills} kills met a load at work; ${produced} messages in ${end!.files} pieces`)
  } finally {
    await mock.stop()
    rmSync(root, { recursive: true, force: true })
  }
})
