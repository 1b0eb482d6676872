import type { Agent } from '#contract/ingestion/agents.ts'
import { conflict } from '../../../kernel/errors.ts'
import { newId } from '../../../kernel/ids.ts'
import { type Ctx, emit, inTx } from '../../../store/index.ts'
import { refuseForeign } from '../../source/present-source.ts'
import { getAgent, presentAgents } from '../present-agent.ts'
import type { AgentProgram } from './agent-program.ts'
import { isOfferable } from './is-offerable.ts'
import { insertUpgrade, isOpen, selectLastUpgrades, stepUpgrade } from './upgrade-store.ts'

/** Tells an agent to run the city's program from now on; it hears of it when it next asks for work. @throws conflict `ingestion.no_program` */
export async function orderUpgrade(ctx: Ctx, program: AgentProgram | null, agentId: string): Promise<Agent> {
  const row = await inTx(ctx, async (ctx) => {
    const agent = await getAgent(ctx, agentId)
    refuseForeign(ctx.actor, agent.org_id)
    const [last] = await selectLastUpgrades(ctx.db, [agentId])
    if (!isOfferable(program, agent, last)) throw conflict('ingestion.no_program')
    const now = ctx.now()
    if (last && isOpen(last)) {
      const error = JSON.stringify({ code: 'ingestion.upgrade_replaced', params: {} })
      await stepUpgrade(ctx.db, last.id, 'fail', { changed_at: now, error })
    }
    const { version, sha256 } = program
    const id = newId(now.getTime())
    const upgrade = { id, agent_id: agentId, version, sha256, bytes: program.bytes.length, ordered_at: now, changed_at: now }
    if (!(await insertUpgrade(ctx.db, upgrade))) throw conflict('value.stale')
    emit(ctx, {
      action: 'ingestion.agent_upgrade_ordered',
      object: { type: 'agent', id: agentId, name: agent.name },
      detail: { upgradeId: id, from: agent.version, version, sha256 },
    })
    return agent
  })
  return (await presentAgents(ctx, program, [row]))[0]!
}
