import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import debugModule from 'tedious/lib/debug.js'
import messageModule from 'tedious/lib/message.js'
import messageIoModule from 'tedious/lib/message-io.js'
import preloginModule from 'tedious/lib/prelogin-payload.js'

/** These modules are their classes; their types call them a default within. */
const classOf = <Class>(module: { default: Class }) => module as unknown as Class
const Debug = classOf(debugModule)
const Message = classOf(messageModule)
const MessageIO = classOf(messageIoModule)
const PreloginPayload = classOf(preloginModule)

type Value = string | number | null
/** What the server says to a statement. `breakOff`: after the rows the line is cut. */
export type Answer = { rows: Iterable<Value[]>; breakOff?: true } | { error: number }

export type Script = (sql: string, values: Record<string, string>) => Answer | undefined

export interface ScriptedSqlserver {
  port: number
  statements: string[]
  /** Rows that were written to clients; and whether one of them asked to stop. */
  sent: number
  wasCancelled: boolean
  close(): void
}

const packetTypes = { batch: 1, call: 3, answer: 4, attention: 6, login: 16, prelogin: 18 }
const collation = Buffer.from([0x04, 0x08, 0xd0, 0x00, 0x34])

/**
 * A server that speaks TDS 7.4 over the driver's own framing (MS-TDS §2.2) and answers from a script: no SQL Server can be had here.
 * Accepts the user `reader` with any password.
 */
export async function startScriptedSqlserver(answer: Script): Promise<ScriptedSqlserver> {
  const sockets = new Set<Socket>()
  const state: ScriptedSqlserver = {
    port: 0,
    statements: [],
    sent: 0,
    wasCancelled: false,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    // It ends when its client goes away; what is wrong in a script is seen by the client as a line that breaks.
    serve(socket, state, answer).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  state.port = (server.address() as { port: number }).port
  return state
}

async function serve(socket: Socket, state: ScriptedSqlserver, answer: Script): Promise<void> {
  const io = new MessageIO(socket, 4096, new Debug({}))
  const say = (...tokens: Buffer[]) => io.sendMessage(packetTypes.answer, Buffer.concat(tokens))
  const asked = { toStop: false }
  let writing: Promise<unknown> = Promise.resolve()
  for (;;) {
    const message = await io.readMessage()
    const data = Buffer.concat(await Array.fromAsync<Buffer>(message))
    await (message.type === packetTypes.attention && Object.assign(asked, { toStop: true }) ? writing : null)
    switch (message.type) {
      case packetTypes.prelogin:
        say(new PreloginPayload({ encrypt: false, version: { major: 15, minor: 0, build: 0, subbuild: 0 } }).data)
        break
      case packetTypes.login:
        say(...(data.includes(utf16('reader')) ? [loginAck(), done(0)] : [errorToken(18456), done(2)]))
        break
      case packetTypes.attention:
        state.wasCancelled = true
        say(done(0x20))
        break
      default: {
        const isCall = message.type === packetTypes.call
        const { sql, values } = isCall ? readCall(data) : { sql: data.subarray(data.readUInt32LE(0)).toString('utf16le'), values: {} }
        const isSetting = /^\s*set (?!transaction)/i.test(sql)
        if (!isSetting) state.statements.push(sql)
        const found: Answer = isSetting ? { rows: [] } : (answer(sql, values) ?? { error: 208 })
        asked.toStop = false
        if ('error' in found) say(errorToken(found.error), done(2, isCall))
        else writing = sendRows({ io, socket, state, asked, isCall }, found).catch(() => socket.destroy())
      }
    }
  }
}

interface Sending {
  io: InstanceType<typeof MessageIO>
  socket: Socket
  state: ScriptedSqlserver
  asked: { toStop: boolean }
  isCall: boolean
}

async function sendRows({ io, socket, state, asked, isCall }: Sending, { rows, breakOff }: Extract<Answer, { rows: unknown }>) {
  const message = new Message({ type: packetTypes.answer })
  io.outgoingMessageStream.write(message)
  async function* tokens() {
    let head: Value[] | undefined
    for (const row of rows) {
      // A message in one go would never let the socket, or an attention, have its turn.
      if (state.sent++ % 100 === 0) await sleep(0)
      if (asked.toStop) break
      if (!head) yield metadata(row)
      head ??= row
      yield Buffer.concat([Buffer.from([0xd1]), ...row.map((value, i) => (typeof head![i] === 'number' ? intOf(value) : textOf(value)))])
    }
    if (breakOff) socket.destroy()
    yield done(0, isCall)
  }
  await pipeline(Readable.from(tokens(), { highWaterMark: 1 }), message)
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const uint = (value: number, bytes: number) => {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, Math.min(bytes, 6))
  return buffer
}
const shortName = (text: string) => Buffer.concat([uint(text.length, 1), utf16(text)])

/** DONE, or DONEPROC after a call; 0x02: an error came before, 0x20: the attention is acknowledged. */
const done = (status: number, isCall = false) => Buffer.concat([uint(isCall ? 0xfe : 0xfd, 1), uint(status, 2), uint(0, 10)])

function loginAck(): Buffer {
  const body = Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), shortName('scripted'), Buffer.from([15, 0, 0, 0])])
  return Buffer.concat([Buffer.from([0xad]), uint(body.length, 2), body])
}

function errorToken(number: number): Buffer {
  const message = 'names and values that must go no further'
  const body = Buffer.concat([
    uint(number, 4),
    Buffer.from([1, 14]),
    uint(message.length, 2),
    utf16(message),
    shortName('server'),
    shortName(''),
    uint(1, 4),
  ])
  return Buffer.concat([Buffer.from([0xaa]), uint(body.length, 2), body])
}

/** Numbers are int, all else is nvarchar(max), as the connector asks for it. */
function metadata(row: readonly Value[]): Buffer {
  const columns = row.map((value, i) => [
    uint(0, 6),
    typeof value === 'number' ? Buffer.from([0x26, 4]) : Buffer.concat([Buffer.from([0xe7, 0xff, 0xff]), collation]),
    shortName(`c${i}`),
  ])
  return Buffer.concat([Buffer.from([0x81]), uint(row.length, 2), ...columns.flat()])
}
const intOf = (value: Value) => (value === null ? uint(0, 1) : Buffer.concat([uint(4, 1), uint(Number(value) >>> 0, 4)]))
function textOf(value: Value): Buffer {
  if (value === null) return Buffer.alloc(8, 0xff)
  const bytes = utf16(String(value))
  return Buffer.concat([uint(bytes.length, 8), ...(bytes.length > 0 ? [uint(bytes.length, 4), bytes] : []), uint(0, 4)])
}

/** sp_executesql: the statement, the types of its parameters, and each of them by name; all are nvarchar. */
function readCall(data: Buffer): { sql: string; values: Record<string, string> } {
  let at = data.readUInt32LE(0) + 6
  const found: [string, string][] = []
  const take = (bytes: number) => {
    at += bytes
    return data.subarray(at - bytes, at)
  }
  while (at < data.length) {
    const name = take(take(1)[0]! * 2).toString('utf16le')
    const isMax = take(9).readUInt16LE(2) === 0xffff
    if (!isMax) {
      found.push([name.slice(1), take(take(2).readUInt16LE()).toString('utf16le')])
      continue
    }
    take(8)
    const chunks: Buffer[] = []
    for (let length = take(4).readUInt32LE(); length > 0; length = take(4).readUInt32LE()) chunks.push(take(length))
    found.push([name.slice(1), Buffer.concat(chunks).toString('utf16le')])
  }
  return { sql: found[0]![1], values: Object.fromEntries(found.slice(2)) }
}
