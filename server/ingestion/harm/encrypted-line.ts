import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as secure, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { Target } from './open-relay.ts'

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: requests of eight bytes before anything else is said. */
const requestBytes = 8
const requests = { tls: 80877103, gss: 80877104 }
const patienceMs = 10_000

/** How a server is proved: by a certificate that was given, and by the name under which it was registered. */
export const tlsOptions = (certificate: string, name: string): ConnectionOptions => ({
  ca: certificate,
  minVersion: 'TLSv1.2',
  host: name,
  ...(isIP(name) === 0 && { servername: name }),
})

/** A line to a PostgreSQL server that is encrypted and proved, or none. */
export async function connectEncrypted({ host, port, encryption }: Target): Promise<TLSSocket> {
  const { certificate, name } = encryption!
  const signal = AbortSignal.timeout(patienceMs)
  const socket = connect({ host, port, noDelay: true, keepAlive: true })
  try {
    await once(socket, 'connect', { signal })
    const request = Buffer.alloc(requestBytes)
    request.writeInt32BE(requestBytes)
    request.writeInt32BE(requests.tls, 4)
    socket.write(request)
    const [answer] = (await once(socket, 'data', { signal })) as [Buffer]
    // More than the one byte would be words of somebody in between, said before the encryption (CVE-2021-23222).
    if (answer.toString('latin1') !== 'S') throw new Error('the server does not encrypt')
    const encrypted = secure({ socket, ...tlsOptions(certificate, name) })
    await once(encrypted, 'secureConnect', { signal })
    return encrypted
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** The engine asks for encryption first: on loopback there is none. @returns what it says next, which is for the server */
export async function refuseEncryption(client: Socket): Promise<Buffer> {
  for (;;) {
    const [first] = (await once(client, 'data')) as [Buffer]
    const code = first.length === requestBytes ? first.readInt32BE(4) : 0
    if (code !== requests.tls && code !== requests.gss) {
      client.pause()
      return first
    }
    client.write('N')
  }
}

const binding = Buffer.from('SCRAM-SHA-256-PLUS\0')

/**
 * A server that encrypts offers to bind the password's proof to its line. The engine, whose own line is plain, would take that for an
 * attack: the offer is left out of the server's first message (`R`, its length, 10, names), and the plain SCRAM beside it is used.
 */
export function withoutBinding(message: Buffer): Buffer {
  const at = message.indexOf(binding)
  if (at < 9 || message[0] !== 0x52 || message.readInt32BE(5) !== 10) return message
  const rest = Buffer.concat([message.subarray(0, at), message.subarray(at + binding.length)])
  rest.writeInt32BE(message.readInt32BE(1) - binding.length, 1)
  return rest
}
