import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { runPlan } from '#testing/await-load.ts'
import { publishEntry } from '#testing/build-entry.ts'
import { openTestCity } from '#testing/city.ts'

// F30, readers: more of them than the lake has connections ask for a file and take nothing of it.

const slowReaders = 30
const rows = 20_000
const items = [{ code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true }] as const
const MiB = 2 ** 20

/** How much more comes, until the line is closed or broken. */
async function rest(socket: Socket): Promise<number> {
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  socket.on('error', () => {})
  if (!socket.closed) await once(socket, 'close')
  return bytes
}

test('readers who take nothing hold up neither others nor the memory, and are cut off', async () => {
  const city = await openTestCity({ env: { DATONG_READER_SECONDS: '15' } })
  const open: Socket[] = []
  try {
    const { entryId, steward } = await publishEntry(city, '厦门市档案馆', { name: '档案目录', items: [...items] })
    const { id: sourceId } = await steward.call('create_source', { body: { name: '上传', settings: { kind: 'upload' } } })
    const wrong = Buffer.from(['id', ...Array.from({ length: rows }, (_, i) => `第${i}件${'长'.repeat(300)}`), ''].join('\n'))
    await steward.call('upload_file', { query: { fileName: 'list.csv', sourceId }, body: wrong })
    const mapping = [{ item: 'id', column: 'id' }]
    const { id: planId } = await steward.call('create_plan', {
      body: { entryId, sourceId, object: 'list.csv', mapping, quarantineLimit: 1 },
    })
    assert.equal((await runPlan(steward, planId)).quarantined, rows)
    const { bytes: whole } = await steward.call('export_quarantine', { params: { planId } })
    assert.ok(whole.length > 15 * MiB, 'more than the kernel keeps for a reader')

    const { port } = new URL(await city.app.http.listen({ host: '127.0.0.1', port: 0 }))
    const request = `GET /api/v1/ingestion/plans/${planId}/quarantine/export HTTP/1.1\r\nhost: city\r\ncookie: datong_session=${steward.token}\r\n\r\n`
    const connections = promisify(city.app.http.server.getConnections.bind(city.app.http.server))
    const memory = () => process.memoryUsage().heapTotal + process.memoryUsage().external
    const before = memory()
    // The first bytes have come, so that the answer is on its way; from then on nothing is read.
    for (let i = 0; i < slowReaders; i++) {
      const socket = connect(Number(port), '127.0.0.1')
      open.push(socket)
      socket.write(request)
      await once(socket, 'readable')
      assert.match(String(socket.read(12)), /^HTTP\/1\.1 200/)
    }
    const { bytes } = await steward.call('export_quarantine', { params: { planId } })
    assert.ok(bytes.equals(whole), 'another reader gets the whole file')
    const { items: listed } = await steward.call('list_quarantine', { params: { planId }, query: { limit: 3 } as never })
    assert.equal(listed.length, 3, 'a lookup is answered')
    assert.equal((await runPlan(steward, planId)).quarantined, rows, 'a load goes on')
    const growth = (memory() - before) / MiB
    assert.ok(growth < (slowReaders * whole.length) / MiB / 2, `${slowReaders} readers of ${whole.length / MiB} MiB cost ${growth} MiB`)
    while ((await connections()) > 0) await sleep(200)
    // Whoever reads on now finds that the rest does not come.
    const taken = await Promise.all(open.map(rest))
    assert.deepEqual(
      taken.filter((size) => size >= whole.length),
      [],
      'each was cut off before the end',
    )
  } finally {
    for (const socket of open) socket.destroy()
    await city.close()
  }
})
