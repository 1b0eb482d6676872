import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { oracleDialect } from '../../digest/source-digest.ts'
import { connectOracle } from './connect-oracle.ts'
import { asOracleError } from './oracle-error.ts'
import { textOf, typeName } from './oracle-types.ts'
import { refuseRedirect } from './refuse-redirect.ts'

/** A packet of TNS: its length, its type, and what it says. */
function packet(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16BE(8 + body.length)
  head[4] = type
  return Buffer.concat([head, body])
}
const withLength = (text: string) => Buffer.concat([Buffer.from([text.length >> 8, text.length & 255]), Buffer.from(text)])

async function listener(t: TestContext, answer: Buffer): Promise<{ port: number; calls: () => number }> {
  let calls = 0
  const server = createServer((socket) => {
    calls++
    socket.on('error', () => {})
    socket.once('data', () => socket.write(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { port: (server.address() as { port: number }).port, calls: () => calls }
}
const settings = { kind: 'oracle', host: '127.0.0.1', port: 1521, database: 'nowhere', schema: 'A', user: 'a' } as const
const refusalOf = (port: number) =>
  connectOracle({ host: '127.0.0.1', port }, settings, 'secret', 5).then(() => assert.fail('connected'), asOracleError)

test('a listener that does not know the service is understood', async (t) => {
  const refuse = packet(4, Buffer.concat([Buffer.from([0, 0]), withLength('(DESCRIPTION=(ERR=12514)(VSNNUM=0))')]))
  const { port } = await listener(t, refuse)
  assert.equal(((await refusalOf(port)) as Error & { code: string }).code, 'ingestion.database_unknown')
})

test('nobody is sent elsewhere by a listener', async (t) => {
  const elsewhere = await listener(t, Buffer.alloc(0))
  const to = `(ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT=${elsewhere.port}))`
  const { port } = await listener(t, packet(5, withLength(to)))
  assert.match(((await refusalOf(port)) as Error & { code: string }).code, /source_(lost|unreachable)/)
  assert.equal(elsewhere.calls(), 0)
})

test('a redirection is also seen behind another answer and in pieces, and rows are not taken for one', () => {
  const resend = packet(11, Buffer.alloc(0))
  const redirect = packet(5, withLength('x'))
  const accept = packet(2, Buffer.alloc(24))
  assert.equal(refuseRedirect()(Buffer.concat([resend, redirect])), true)
  assert.equal(refuseRedirect()(redirect.subarray(0, 4)), true)
  assert.equal(refuseRedirect()(Buffer.concat([resend.subarray(0, 4), Buffer.from([0])])), true)
  const hear = refuseRedirect()
  assert.equal(hear(resend), false)
  assert.equal(hear(accept), false)
  assert.equal(hear(redirect), false, 'once accepted, bytes are data')
})

test('each type becomes a text that says exactly what the value is', () => {
  const text = (base: string, scale: number | null = null) => textOf('X', { base, characters: 0, precision: 12, scale })
  assert.deepEqual([text('NUMBER', 0).kind, text('NUMBER', 0).text('integer')], ['integer', `TO_CHAR("X", 'TM9')`])
  assert.equal(text('NUMBER', 2).text('decimal'), `REGEXP_REPLACE(TO_CHAR("X", 'TM9'), '^(-?)\\.', '\\10.')`)
  assert.match(text('DATE').text('date'), /^CASE WHEN "X" = TRUNC\("X"\)/, 'a day without hours')
  assert.match(text('TIMESTAMP(9)').text('time'), /FF6/)
  assert.match(text('TIMESTAMP(9)').text('text'), /FF9/)
  assert.match(text('TIMESTAMP(6) WITH TIME ZONE').text('time'), /AT TIME ZONE 'Asia\/Shanghai'/)
  assert.equal(text('RAW').text('text'), 'LOWER(RAWTOHEX("X"))')
  assert.equal(text('CLOB').text('text'), '"X"')
  assert.deepEqual(
    [
      typeName({ base: 'NUMBER', characters: 0, precision: 12, scale: 2 }),
      typeName({ base: 'VARCHAR2', characters: 40, precision: null, scale: null }),
    ],
    ['NUMBER(12,2)', 'VARCHAR2(40)'],
  )
  assert.equal(oracleDialect.name('A" OR "B'), '"A OR B"')
})
