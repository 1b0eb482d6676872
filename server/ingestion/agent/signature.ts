import { createPublicKey, hash, type KeyObject, randomUUID, sign, verify } from 'node:crypto'
import { AppError } from '../../kernel/errors.ts'

// HTTP Message Signatures (RFC 9421) in one fixed form: Ed25519 over method, path, query and the digest of the body (RFC 9530).
const covered = '("@method" "@path" "@query" "content-digest")'

/** How far an agent's clock may be off. */
export const windowMs = 5 * 60_000

export interface SignedParts {
  method: string
  /** Path and query as sent. */
  url: string
  contentDigest: string
}

export const digestHeader = (sha256Hex: string) => `sha-256=:${Buffer.from(sha256Hex, 'hex').toString('base64')}:`
export const digestOfBytes = (bytes: Buffer | string) => digestHeader(hash('sha256', bytes, 'hex'))

function baseOf({ method, url, contentDigest }: SignedParts, parameters: string): string {
  const [path, query = ''] = url.split(/\?(.*)/s)
  return [
    `"@method": ${method}`,
    `"@path": ${path}`,
    `"@query": ?${query}`,
    `"content-digest": ${contentDigest}`,
    `"@signature-params": ${parameters}`,
  ].join('\n')
}

/** The headers that sign a request. `agentId` is the key's id; `new` while it enrols. */
export function signRequest(key: KeyObject, agentId: string, parts: SignedParts, nowMs: number): Record<string, string> {
  const parameters = `${covered};created=${Math.floor(nowMs / 1000)};keyid="${agentId}";alg="ed25519";nonce="${randomUUID()}"`
  const signature = sign(null, Buffer.from(baseOf(parts, parameters)), key).toString('base64')
  return { 'content-digest': parts.contentDigest, 'signature-input': `agent=${parameters}`, signature: `agent=:${signature}:` }
}

export interface AgentClaim {
  agentId: string
  nonce: string
  createdMs: number
  /** What was signed, and the signature: kept as evidence. */
  base: string
  signature: string
}

const shape =
  /^agent=(\("@method" "@path" "@query" "content-digest"\);created=(\d{1,12});keyid="([0-9a-z-]{3,36})";alg="ed25519";nonce="([0-9a-f-]{36})")$/

/** @throws unauthenticated `ingestion.agent_signature`: nothing of a claim is trusted before `verifyClaim` */
export function readClaim(request: { method: string; url: string; header(name: string): string | undefined }): AgentClaim {
  const match = shape.exec(request.header('signature-input') ?? '')
  const signature = /^agent=:([A-Za-z0-9+/=]{80,100}):$/.exec(request.header('signature') ?? '')?.[1]
  const contentDigest = request.header('content-digest')
  if (!match || !signature || !contentDigest) throw refused()
  const [, parameters, created, agentId, nonce] = match as unknown as [string, string, string, string, string]
  return { agentId, nonce, createdMs: Number(created) * 1000, base: baseOf({ ...request, contentDigest }, parameters), signature }
}

const refused = () => new AppError('unauthenticated', 'ingestion.agent_signature')

/** @throws unauthenticated `ingestion.agent_clock` with the measured skew, `ingestion.agent_signature` */
export function verifyClaim(claim: AgentClaim, publicKey: string, nowMs: number): void {
  const skewMs = claim.createdMs - nowMs
  if (Math.abs(skewMs) > windowMs)
    throw new AppError('unauthenticated', 'ingestion.agent_clock', { params: { skew: Math.round(skewMs / 1000), limit: windowMs / 1000 } })
  if (!verify(null, Buffer.from(claim.base), toKey(publicKey), Buffer.from(claim.signature, 'base64'))) throw refused()
}

/** @throws unauthenticated `ingestion.agent_signature`: no Ed25519 key */
function toKey(publicKey: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Not a key at all.
  }
  throw refused()
}
