import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Problem } from '#contract/values.ts'
import { digestHeader, digestOfBytes, signRequest } from '../signature.ts'
import type { AgentConfig } from './agent-config.ts'
import { renameSynced, writeSynced } from './write-synced.ts'

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

/** What arrived is not what was announced. */
export class Altered extends Error {}

interface FileParts {
  path: string
  bytes: number
  sha256: string
}

/** The only way out: signed requests to the city. */
export interface CityClient {
  agentId: string
  /** Of the city's key for this agent, from the enrolment; null where that was with a city that had none yet. */
  cityKey: string | null
  /** @throws Refused; LineCut */
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T>
  sendFile(path: string, file: FileParts, signal: AbortSignal): Promise<void>
  /** The file is there when each of its bytes is right and synced. @throws Refused; LineCut; Altered */
  fetchFile(path: string, file: FileParts, signal: AbortSignal): Promise<void>
}

interface Identity {
  key: KeyObject
  agentId: string
  cityKey: string | null
}

/** Enrols at the first start with the one-time code, later uses the key that it made then. */
export async function openCityClient(home: string, { city, code }: AgentConfig, version: string): Promise<CityClient> {
  const key = await readOrMakeKey(join(home, 'agent.key'))
  const idPath = join(home, 'agent.id')
  const cityKeyPath = join(home, 'city.key')
  if (!existsSync(idPath)) {
    const publicKey = toPublic(key)
    const client = makeClient(city, { key, agentId: 'new', cityKey: null })
    const { agentId, cityKey } = await client.send<{ agentId: string; cityKey: string }>('POST', '/agent/v1/enrolment', {
      code,
      publicKey,
      host: hostname(),
      version,
    })
    await writeSynced(cityKeyPath, cityKey)
    await writeSynced(idPath, agentId)
  }
  const cityKey = existsSync(cityKeyPath) ? await readFile(cityKeyPath, 'utf8') : null
  return makeClient(city, { key, agentId: await readFile(idPath, 'utf8'), cityKey })
}

function makeClient(city: string, { key, agentId, cityKey }: Identity): CityClient {
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
    agentId,
    cityKey,
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
    async fetchFile(path, file, signal) {
      const { body } = await request('GET', path, digestOfBytes(''), { signal })
      await keepWhole(body!, file)
    },
  }
}

/** @throws LineCut: it ended early; Altered */
async function keepWhole(body: ReadableStream, { path, bytes, sha256 }: FileParts): Promise<void> {
  const partial = `${path}.part`
  const sum = createHash('sha256')
  let arrived = 0
  const counted = async function* () {
    const chunks = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
    for (;;) {
      const { value, done } = await chunks.next().catch((error) => {
        throw new LineCut('the line broke', { cause: error })
      })
      if (done) return
      arrived += value.length
      if (arrived > bytes) throw new Altered('it is longer')
      sum.update(value)
      yield value
    }
  }
  await pipeline(counted, createWriteStream(partial, { mode: 0o600, flush: true }))
  if (arrived < bytes) throw new LineCut('it ended early')
  if (sum.digest('hex') !== sha256) throw new Altered('its digest differs')
  await renameSynced(partial, path)
}

async function readOrMakeKey(path: string): Promise<KeyObject> {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    await writeSynced(path, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)
  }
  return createPrivateKey(await readFile(path, 'utf8'))
}

const toPublic = (key: KeyObject): string => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')
