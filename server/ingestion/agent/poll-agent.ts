import type { ProgramOrder } from '#contract/ingestion/agent-upgrade.ts'
import type { AgentStructure, DeliveryOrder } from '#contract/ingestion/agents.ts'
import type { Transport } from '../../http/index.ts'
import { notFound } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { admitAgent } from './admit-agent.ts'
import { touchAgent, updateStructure, upsertConnection } from './agent-store.ts'
import { type AgentPrograms, openOrder } from './upgrade/report-upgrade.ts'
import { selectOpenDeliveries, selectSlices, stepDelivery } from './delivery-store.ts'

interface Report {
  version: string
  programSha256: string | null
  connections: { name: string; kind: string; ok: boolean; detail: string }[]
}

/** An agent says that it is there and what its databases are like, and learns what is wanted. No effect that an auditor would ask for. */
export async function pollAgent(
  ctx: Ctx,
  programs: AgentPrograms,
  report: Report,
  transport: Transport,
): Promise<{ orders: DeliveryOrder[]; upgrade: ProgramOrder | null }> {
  const { agent } = await admitAgent(ctx, transport)
  await touchAgent(ctx.db, agent.id, { last_seen_at: ctx.now(), version: report.version, program_sha256: report.programSha256 })
  for (const connection of report.connections) await upsertConnection(ctx.db, { ...connection, agent_id: agent.id, reported_at: ctx.now() })
  const open = await selectOpenDeliveries(ctx.db, [agent.id])
  for (const { id, state } of open) if (state === 'ordered') await stepDelivery(ctx.db, id, 'take')
  const slices = Map.groupBy(
    await selectSlices(
      ctx.db,
      open.map(({ id }) => id),
    ),
    ({ delivery_id }) => delivery_id,
  )
  return {
    orders: open.map(({ id, content }) => ({ ...content, deliveryId: id, received: (slices.get(id) ?? []).map(({ number }) => number) })),
    upgrade: await openOrder(ctx, programs, agent.id),
  }
}

/** Tables and columns of one of the agent's databases, without any value: what stewards map and compile from. @throws value.not_found */
export async function reportStructure(ctx: Ctx, name: string, structure: AgentStructure, transport: Transport): Promise<undefined> {
  const { ctx: own, agent } = await admitAgent(ctx, transport)
  await inTx(own, async (ctx) => {
    if (!(await updateStructure(ctx.db, agent.id, name, structure))) throw notFound('value.not_found')
    emit(ctx, {
      action: 'ingestion.agent_structure_reported',
      object: { type: 'agent', id: agent.id, name: agent.name },
      detail: { connection: name, objects: structure.objects.length },
    })
  })
}
