import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { ProgramOrder } from '#contract/ingestion/agent-upgrade.ts'
import type { Sealer } from '../../../security/index.ts'

// The city has a key of its own for each agent, which the agent keeps from its enrolment on. TLS alone would not do: departments'
// networks have proxies that open it, and whoever can name a program owns the machine that reads the department's databases.

/** ASN.1 of an Ed25519 private key (RFC 8410), before its 32 bytes. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

const keyFor = (sealer: Sealer, agentId: string): KeyObject => {
  const seed = Buffer.from(sealer.derive('ingestion.agent_program', agentId), 'hex')
  return createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
}

/** The public half of the city's key for an agent: DER (SPKI) in base64. */
export const cityKeyFor = (sealer: Sealer, agentId: string): string =>
  createPublicKey(keyFor(sealer, agentId)).export({ format: 'der', type: 'spki' }).toString('base64')

const statement = (agentId: string, { upgradeId, version, sha256, bytes }: Omit<ProgramOrder, 'signature'>): Buffer =>
  Buffer.from(JSON.stringify(['datong agent program', agentId, upgradeId, version, sha256, bytes]))

export const vouchFor = (sealer: Sealer, agentId: string, order: Omit<ProgramOrder, 'signature'>): ProgramOrder => ({
  ...order,
  signature: sign(null, statement(agentId, order), keyFor(sealer, agentId)).toString('base64'),
})

/** Whether the city that this agent enrolled with ordered exactly this. */
export function isVouched(cityKey: string, agentId: string, order: ProgramOrder): boolean {
  const key = createPublicKey({ key: Buffer.from(cityKey, 'base64'), format: 'der', type: 'spki' })
  return verify(null, statement(agentId, order), key, Buffer.from(order.signature, 'base64'))
}
