import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Problem } from '#contract/values.ts'
import { digestHeader, digestOfBytes, signRequest } from '../signature.ts'
import type { AgentConfig } from './agent-config.ts'

/** The city refused: what was asked for will not be granted by asking again. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, { code, detail }: Pick<Problem, 'code' | 'detail'>) {
    super(`${status} ${code}: ${detail}`)
    this.status = status
    this.code = code
  }
}

/** Nobody answered, or not the city: worth another try. */
export class LineCut extends Error {}

/** The only way out: signed requests to the city. */
export interface CityClient {
  /** @throws Refused; LineCut */
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T>
  sendFile(path: string, file: { path: string; bytes: number; sha256: string }, signal: AbortSignal): Promise<void>
}

interface Identity {
  key: KeyObject
  agentId: string
}

/** Enrols at the first start with the one-time code, later uses the key that it made then. */
export async function openCityClient(home: string, { city, code }: AgentConfig, version: string): Promise<CityClient> {
  const key = await readOrMakeKey(join(home, 'agent.key'))
  const idPath = join(home, 'agent.id')
  if (!existsSync(idPath)) {
    const publicKey = toPublic(key)
    const client = makeClient(city, { key, agentId: 'new' })
    const { agentId } = await client.send<{ agentId: string }>('POST', '/agent/v1/enrolment', {
      code,
      publicKey,
      host: hostname(),
      version,
    })
    await writeSynced(idPath, agentId)
  }
  return makeClient(city, { key, agentId: await readFile(idPath, 'utf8') })
}

function makeClient(city: string, { key, agentId }: Identity): CityClient {
  const request = async (method: string, path: string, contentDigest: string, init: RequestInit & { duplex?: 'half' }) => {
    const url = new URL(path, city)
    const signed = signRequest(key, agentId, { method, url: url.pathname + url.search, contentDigest }, Date.now())
    const response = await fetch(url, { ...init, method, redirect: 'error', headers: { ...signed, ...init.headers } }).catch((error) => {
      throw new LineCut('the city could not be reached', { cause: error })
    })
    if (response.ok) return response
    const problem = (await response.json().catch(() => null)) as Problem | null
    if (problem && response.status < 500) throw new Refused(response.status, problem)
    throw new LineCut(`the city answers ${response.status}`)
  }
  return {
    async send(method, path, value) {
      const body = JSON.stringify(value)
      const headers = { 'content-type': 'application/json' }
      const response = await request(method, path, digestOfBytes(body), { body, headers, signal: AbortSignal.timeout(60_000) })
      return (response.status === 204 ? undefined : await response.json()) as never
    },
    async sendFile(path, file, signal) {
      const headers = { 'content-type': 'application/octet-stream', 'content-length': String(file.bytes) }
      const body = Readable.toWeb(createReadStream(file.path)) as never
      await request('PUT', path, digestHeader(file.sha256), { body, headers, signal, duplex: 'half' })
    },
  }
}

async function readOrMakeKey(path: string): Promise<KeyObject> {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    await writeSynced(path, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)
  }
  return createPrivateKey(await readFile(path, 'utf8'))
}

const toPublic = (key: KeyObject): string => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')

export async function writeSynced(path: string, text: string): Promise<void> {
  const partial = `${path}.part`
  const file = await open(partial, 'w', 0o600)
  await file.writeFile(text)
  await file.sync()
  await file.close()
  await rename(partial, path)
}
