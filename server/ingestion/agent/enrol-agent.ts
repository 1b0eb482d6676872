import { agentStates } from '#contract/ingestion/agents.ts'
import type { Transport } from '../../http/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { statesBefore } from '../../kernel/step.ts'
import type { Sealer } from '../../security/index.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { actorOf, checkBody, spendNonce } from './admit-agent.ts'
import { selectAgentByCode, updateAgent } from './agent-store.ts'
import { hashCode } from './create-agent.ts'
import { readClaim, verifyClaim } from './signature.ts'
import { cityKeyFor } from './upgrade/vouch.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * An agent that holds the one-time code names its public key, and proves by the signature of this request that it holds the other half.
 * It learns the key by which it knows the city's orders of programs.
 * @throws unauthenticated `ingestion.agent_code`: unknown, used or expired; `ingestion.agent_signature` `ingestion.agent_clock`
 */
export async function enrolAgent(
  ctx: Ctx,
  sealer: Sealer,
  input: { code: string; publicKey: string; host: string; version: string },
  transport: Transport,
): Promise<{ agentId: string; cityKey: string }> {
  const claim = readClaim(transport)
  verifyClaim(claim, input.publicKey, ctx.now().getTime())
  checkBody(transport)
  await spendNonce(ctx, nobody, claim.nonce)
  return inTx(ctx, async (ctx) => {
    const agent = await selectAgentByCode(ctx.db, hashCode(input.code))
    if (!agent?.code_expires_at || agent.code_expires_at < ctx.now()) throw new AppError('unauthenticated', 'ingestion.agent_code')
    const { publicKey: public_key, host, version } = input
    const change = { state: 'active', code_hash: null, public_key, host, version }
    if (!(await updateAgent(ctx.db, agent.id, statesBefore(agentStates, 'enrol'), change)))
      throw new AppError('unauthenticated', 'ingestion.agent_code')
    emit(
      { ...ctx, actor: actorOf(agent) },
      { action: 'ingestion.agent_enrolled', object: { type: 'agent', id: agent.id, name: agent.name }, detail: { host, version } },
    )
    return { agentId: agent.id, cityKey: cityKeyFor(sealer, agent.id) }
  })
}
