import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { makePace, openRelay } from './open-relay.ts'
import { makeTurns } from './turns.ts'
import { waitOf } from './wait-of.ts'
import { withoutValues } from './without-values.ts'

const care = { window: null, parallelReads: 2, bytesPerSecond: null, statementSeconds: 60 }

test('a source is open in its hours of Beijing, and a load is told when it opens', () => {
  const night = { care: { ...care, window: { from: '22:30', to: '06:00' } }, stopped_at: null, stop_reason: null }
  assert.equal(waitOf(night, new Date('2026-11-22T15:00:00Z')), null)
  assert.equal(waitOf(night, new Date('2026-11-22T21:59:59Z')), null)
  const closed = waitOf(night, new Date('2026-11-22T22:00:30Z'))
  assert.deepEqual([closed?.code, closed?.until?.toISOString()], ['ingestion.outside_window', '2026-11-23T14:30:00.000Z'])
  assert.equal(
    waitOf({ ...night, stopped_at: new Date(), stop_reason: '维护' }, new Date('2026-11-22T15:00:00Z'))?.code,
    'ingestion.source_stopped',
  )
})

test('when a load has waited as long as it was told, its source is open', () => {
  const clock = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
  const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(clock, clock, instant, (from, to, now) => {
      const source = { care: { ...care, window: { from, to } }, stopped_at: null, stop_reason: null }
      const wait = waitOf(source, now)
      if (!wait) return
      assert.ok(wait.until! > now && wait.until!.getTime() - now.getTime() <= 86_400_000)
      assert.equal(waitOf(source, wait.until!), null)
    }),
  )
})

test('what is kept of a statement has its names and none of its values', () => {
  const statement = `SELECT "a'b", \`c\`::text FROM "public"."人'口" WHERE "k" >= '3502''1988'::pg_catalog.text AND n < -17.5 AND t = E'x\\'y' AND h = X'00ff' LIMIT 20`
  assert.equal(
    withoutValues(statement),
    `SELECT "a'b", \`c\`::text FROM "public"."人'口" WHERE "k" >= ?::pg_catalog.text AND n < ? AND t = ? AND h = ? LIMIT 20`,
  )
})

test('no more are in than may be; who gives up leaves the queue; a wider door lets more in', async () => {
  const turns = makeTurns(1)
  const never = new AbortController().signal
  const leave = await turns.enter(never)
  const gone = new AbortController()
  const refused = assert.rejects(turns.enter(gone.signal), /gone/)
  const inside: string[] = []
  const second = turns.enter(never).then((out) => {
    inside.push('second')
    return out
  })
  gone.abort(new Error('gone'))
  await refused
  assert.equal(inside.length, 0)
  turns.allow(2)
  const out = await second
  const third = turns.enter(never).then(() => inside.push('third'))
  leave()
  leave()
  await third
  assert.deepEqual(inside, ['second', 'third'])
  out()
})

test('a pace lets through what it says, however it comes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 50 }), (chunks) => {
      let now = 0
      const pace = makePace(100_000, () => now)
      for (const chunk of chunks) now += pace.take(chunk)
      const total = chunks.reduce((sum, chunk) => sum + chunk, 0)
      assert.ok(now >= (total / 100_000) * 1000 - 250.001 && now <= (total / 100_000) * 1000 + 0.001)
    }),
  )
})

for (const pace of [null, makePace(50_000_000)])
  test(`a relay carries every byte both ways, and can be cut: ${pace ? 'at a pace' : 'as fast as it goes'}`, async () => {
    const sent = Buffer.alloc(3_000_000, 'datong')
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (question) => {
        socket.write(question)
        socket.end(sent)
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const relay = await openRelay({ host: '127.0.0.1', port: (server.address() as { port: number }).port }, pace)
    const read = (question: string) =>
      new Promise<Buffer>((resolve) => {
        const chunks: Buffer[] = []
        const socket = connect(relay.port, '127.0.0.1', () => question && socket.write(question))
        socket.on('error', () => {})
        socket.on('data', (chunk) => chunks.push(chunk))
        socket.on('close', () => resolve(Buffer.concat(chunks)))
      })
    assert.ok((await read('hello')).equals(Buffer.concat([Buffer.from('hello'), sent])))
    const hanging = read('')
    setTimeout(() => relay.cut(), 100)
    assert.equal((await hanging).length, 0)
    await relay.close()
    server.close()
  })
