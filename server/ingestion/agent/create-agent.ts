import { hash, randomBytes } from 'node:crypto'
import { type Agent, agentStates } from '#contract/ingestion/agents.ts'
import { orgOf } from '../../kernel/actor.ts'
import { conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { statesBefore } from '../../kernel/step.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { refuseForeign } from '../source/present-source.ts'
import { insertAgent, updateAgent } from './agent-store.ts'
import type { AgentProgram } from './upgrade/agent-program.ts'
import { getAgent, presentAgents } from './present-agent.ts'

const hoursToEnrol = 24

export const hashCode = (code: string): string => hash('sha256', code.trim(), 'hex')

/** Registers an agent of the caller's organisation. The one-time code is in this answer and nowhere else. @throws conflict `ingestion.agent_name_taken` */
export async function createAgent(
  ctx: Ctx,
  program: AgentProgram | null,
  { name }: { name: string },
): Promise<{ agent: Agent; code: string }> {
  const id = newId(ctx.now().getTime())
  const code = randomBytes(20).toString('base64url')
  const row = await inTx(ctx, async (ctx) => {
    const now = ctx.now()
    const isNew = await insertAgent(ctx.db, {
      id,
      org_id: orgOf(ctx.actor).id,
      name,
      state: agentStates.initial,
      code_hash: hashCode(code),
      code_expires_at: new Date(now.getTime() + hoursToEnrol * 3600_000),
      created_at: now,
    })
    if (!isNew) throw conflict('ingestion.agent_name_taken', { name })
    emit(ctx, { action: 'ingestion.agent_created', object: { type: 'agent', id, name } })
    return getAgent(ctx, id)
  })
  return { agent: (await presentAgents(ctx, program, [row]))[0]!, code }
}

/** Its key is good for nothing from the commit on; what it was to deliver waits for another source. @throws conflict `state.refused` */
export async function revokeAgent(ctx: Ctx, program: AgentProgram | null, id: string, reason: string): Promise<Agent> {
  const row = await inTx(ctx, async (ctx) => {
    const before = await getAgent(ctx, id)
    refuseForeign(ctx.actor, before.org_id)
    const isRevoked = await updateAgent(ctx.db, id, statesBefore(agentStates, 'revoke'), {
      state: 'revoked',
      code_hash: null,
      public_key: null,
    })
    if (!isRevoked) throw conflict('state.refused', { state: agentStates.states[before.state].zh })
    emit(ctx, { action: 'ingestion.agent_revoked', object: { type: 'agent', id, name: before.name }, detail: { reason } })
    return getAgent(ctx, id)
  })
  return (await presentAgents(ctx, program, [row]))[0]!
}
