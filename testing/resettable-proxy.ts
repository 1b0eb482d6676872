import { once } from 'node:events'
import { createServer, connect, type Socket } from 'node:net'

/** How a line may end: RST, or FIN as if everything had been said. */
export interface Line {
  reset(): void
  finish(): void
}

export interface ResettableProxy {
  port: number
  /** Where new connections go; 0 refuses them. */
  target: number
  /** Once a connection has carried so many bytes to the client, it is held and `act` runs; with `isLasting` on every connection. */
  breakAfter(bytes: number, act: (connection: Line) => unknown, isLasting?: boolean): void
  /** How often `act` ran. */
  breaks: number
  /** Bytes carried to clients so far. */
  carried: number
  mend(): void
  close(): Promise<void>
}

/** A line to a server that breaks where a test says: by bytes carried, so that no test depends on speed. */
export async function openProxy(target: number): Promise<ResettableProxy> {
  let rule: { bytes: number; act: Parameters<ResettableProxy['breakAfter']>[1]; isLasting: boolean } | null = null
  const open = new Set<Socket>()
  const server = createServer((client) => {
    if (proxy.target === 0) return void client.resetAndDestroy()
    const upstream = connect(proxy.target, '127.0.0.1')
    let carried = 0
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => open.delete(socket))
    }
    client.pipe(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroySoon())
    upstream.on('data', (chunk) => {
      carried += chunk.length
      proxy.carried += chunk.length
      if (rule && carried >= rule.bytes) {
        const { act, isLasting } = rule
        if (!isLasting) rule = null
        proxy.breaks++
        upstream.pause()
        void Promise.resolve(act({ reset: () => client.resetAndDestroy(), finish: () => client.end() })).then(() => upstream.resume())
        return
      }
      if (!client.write(chunk)) {
        upstream.pause()
        client.once('drain', () => upstream.resume())
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  const proxy: ResettableProxy = {
    port: address.port,
    target,
    breaks: 0,
    carried: 0,
    breakAfter(bytes, act, isLasting = false) {
      rule = { bytes, act, isLasting }
    },
    mend() {
      rule = null
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
  return proxy
}
