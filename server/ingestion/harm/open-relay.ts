import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { connectEncrypted, refuseEncryption, withoutBinding } from './encrypted-line.ts'

export interface Target {
  host: string
  port: number
  /** Of a PostgreSQL server: the line to it is encrypted, while the engine talks plainly to the relay. */
  encryption?: { certificate: string; name: string }
}

/** Lets so many bytes a second through; shared by all lines to one source. */
export interface Pace {
  /** Takes note of bytes that came. @returns how long the line has to pause, in ms */
  take(bytes: number): number
}

/** A pace of `bytesPerSecond`, which may save up for a quarter of a second. */
export function makePace(bytesPerSecond: number, now: () => number = () => performance.now()): Pace {
  let free = now()
  return {
    take(bytes) {
      const at = now()
      free = Math.max(free, at - 250) + (bytes * 1000) / bytesPerSecond
      return Math.max(0, free - at)
    },
  }
}

/** A door on loopback through which the engine reaches a source, and nothing else. */
export interface Relay {
  port: number
  /** How long the source has said nothing, in ms. */
  silentMs(): number
  /** Breaks every line at once: a read from a source that hangs ends then, which nothing else can end. */
  cut(): void
  close(): Promise<void>
}

// A source sends in pieces of some KB: taken one by one they cost this process more than the load itself (measured: a whole core).
// After each a short rest, in which the next ones gather.
const bufferBytes = 2 ** 20
const restMs = 2

/** Opens a relay to an address that has been checked. `listen` makes, for each line, a listener to what the source says: true ends the line. */
export async function openRelay(target: Target, pace: Pace | null, listen?: () => (bytes: Buffer) => boolean): Promise<Relay> {
  const open = new Set<Socket>()
  let heardAt = performance.now()
  const keep = (socket: Socket) => {
    open.add(socket)
    // A line that breaks is told by its other end, and there by the driver's own error.
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
  }
  const carryEncrypted = async (client: Socket) => {
    keep(client)
    const first = await refuseEncryption(client)
    const source = await connectEncrypted(target)
    keep(source)
    client.on('close', () => source.destroy())
    source.on('close', () => client.destroySoon())
    source.write(first)
    client.pipe(source)
    source.on('end', () => client.end())
    let isFirst = true
    source.on('data', (bytes: Buffer) => {
      heardAt = performance.now()
      const rest = pace?.take(bytes.length) ?? 0
      const isFull = !client.write(isFirst ? withoutBinding(bytes) : bytes)
      isFirst = false
      if (!isFull && rest < 1) return
      source.pause()
      const resume = () => setTimeout(() => source.resume(), rest)
      if (isFull) client.once('drain', resume)
      else resume()
    })
  }
  const carry = (client: Socket) => {
    const buffer = Buffer.allocUnsafe(bufferBytes)
    const isRefused = listen?.()
    const forward = (bytes: number): boolean => {
      heardAt = performance.now()
      if (isRefused?.(buffer.subarray(0, bytes))) {
        source.destroy()
        return false
      }
      const rest = Math.max(restMs, pace?.take(bytes) ?? 0)
      client.write(buffer.subarray(0, bytes), () => setTimeout(() => source.resume(), rest))
      return false
    }
    const source: Socket = connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      keepAlive: true,
      onread: { buffer, callback: forward },
    })
    keep(client)
    keep(source)
    client.on('close', () => source.destroy())
    source.on('close', () => client.destroySoon())
    client.pipe(source)
    source.on('end', () => client.end())
    source.resume()
  }
  const server = createServer((client) => {
    client.setNoDelay()
    if (!target.encryption) carry(client)
    // Why there is no line, the connection says that asks the catalog.
    else carryEncrypted(client).catch(() => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port,
    silentMs: () => performance.now() - heardAt,
    cut,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        cut()
      }),
  }
}
