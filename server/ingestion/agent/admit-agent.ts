import type { Transport } from '../../http/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { type AgentRow, deleteNonces, insertNonce, selectAgent } from './agent-store.ts'
import { type AgentClaim, digestHeader, readClaim, verifyClaim, windowMs } from './signature.ts'

export interface Admitted {
  /** The agent acts for its organisation, and can do nothing but what its own routes do. */
  ctx: Ctx
  agent: AgentRow
  claim: AgentClaim
}

const refused = (code: string) => new AppError('unauthenticated', code)

/**
 * Which agent signed this request. A body that is a file is compared with its signed digest as it arrives.
 * @throws unauthenticated `ingestion.agent_signature` `ingestion.agent_clock` `ingestion.agent_revoked`
 */
export async function admitAgent(ctx: Ctx, transport: Transport): Promise<Admitted> {
  const claim = readClaim(transport)
  const agent = await selectAgent(ctx.db, 'everything', claim.agentId)
  if (!agent?.public_key) throw refused('ingestion.agent_signature')
  verifyClaim(claim, agent.public_key, ctx.now().getTime())
  checkBody(transport)
  if (agent.state !== 'active') throw refused('ingestion.agent_revoked')
  await spendNonce(ctx, agent.id, claim.nonce)
  return { ctx: { ...ctx, actor: actorOf(agent) }, agent, claim }
}

/** @throws unauthenticated `ingestion.agent_signature`: the body is not the one that was signed */
export function checkBody({ jsonSha256, header }: Transport): void {
  if (jsonSha256 !== null && header('content-digest') !== digestHeader(jsonSha256)) throw refused('ingestion.agent_signature')
}

/** @throws unauthenticated `ingestion.agent_signature`: the request was sent before */
export async function spendNonce(ctx: Ctx, holder: string, nonce: string): Promise<void> {
  if (!(await insertNonce(ctx.db, { agent_id: holder, nonce, seen_at: ctx.now() }))) throw refused('ingestion.agent_signature')
}

/** What is older than any clock may be off cannot come again. */
export const sweepNonces = (ctx: Ctx) => deleteNonces(ctx.db, new Date(ctx.now().getTime() - 3 * windowMs))

export const actorOf = ({ id, name, org_id, org_name }: AgentRow): Actor => ({
  kind: 'key',
  id,
  name,
  org: { id: org_id, name: org_name, kind: 'department' },
  roles: [],
  scopes: new Set(),
})
