import type { FileAnswer } from '#contract/route.ts'
import type { ProgramOrder, UpgradeReport } from '#contract/ingestion/agent-upgrade.ts'
import type { Transport } from '../../../http/index.ts'
import { conflict, notFound } from '../../../kernel/errors.ts'
import type { Sealer } from '../../../security/index.ts'
import { type Ctx, emit, inTx } from '../../../store/index.ts'
import { admitAgent, type Admitted } from '../admit-agent.ts'
import type { AgentProgram } from './agent-program.ts'
import { isOpen, selectLastUpgrades, selectUpgrade, stepUpgrade, type UpgradeRow } from './upgrade-store.ts'
import { vouchFor } from './vouch.ts'

/** What the city needs to upgrade agents. */
export interface AgentPrograms {
  program: AgentProgram | null
  sealer: Sealer
}

/** The order that an agent gets with its work, until it runs what was ordered. An order of a program that the city no longer has waits to be replaced. */
export async function openOrder(
  { db }: Pick<Ctx, 'db'>,
  { program, sealer }: AgentPrograms,
  agentId: string,
): Promise<ProgramOrder | null> {
  const [last] = await selectLastUpgrades(db, [agentId])
  if (!last || last.sha256 !== program?.sha256 || !isOpen(last)) return null
  const { id: upgradeId, version, sha256, bytes } = last
  return vouchFor(sealer, agentId, { upgradeId, version, sha256, bytes })
}

async function getUpgrade({ ctx, agent }: Admitted, id: string): Promise<UpgradeRow> {
  const row = await selectUpgrade(ctx.db, id)
  if (row?.agent_id !== agent.id) throw notFound('value.not_found')
  return row
}

/** The program of an order that the agent is carrying out. @throws value.not_found; conflict `ingestion.upgrade_over` */
export async function fetchProgram(ctx: Ctx, program: AgentProgram | null, upgradeId: string, transport: Transport): Promise<FileAnswer> {
  const upgrade = await getUpgrade(await admitAgent(ctx, transport), upgradeId)
  if (program?.sha256 !== upgrade.sha256 || !isOpen(upgrade)) throw conflict('ingestion.upgrade_over')
  return { fileName: `datong-agent-${program.version}.mjs`, contentType: 'text/javascript', body: program.bytes }
}

/** How far an agent has come with an upgrade. @throws value.not_found; conflict `ingestion.upgrade_over`: the agent drops it */
export async function reportUpgrade(ctx: Ctx, upgradeId: string, report: UpgradeReport, transport: Transport): Promise<undefined> {
  const admitted = await admitAgent(ctx, transport)
  const { agent } = admitted
  const { version, sha256 } = await getUpgrade(admitted, upgradeId)
  await inTx(admitted.ctx, async (ctx) => {
    const error = report.event === 'fail' ? report.error : null
    const change = { changed_at: ctx.now(), ...(error && { error: JSON.stringify(error) }) }
    if (!(await stepUpgrade(ctx.db, upgradeId, report.event, change))) throw conflict('ingestion.upgrade_over')
    emit(ctx, {
      action: actions[report.event],
      object: { type: 'agent', id: agent.id, name: agent.name },
      detail: { upgradeId, version, sha256, ...error },
      ...(error && { result: 'failed' as const }),
    })
  })
}

const actions = {
  download: 'ingestion.agent_upgrade_downloading',
  install: 'ingestion.agent_upgrade_installed',
  run: 'ingestion.agent_upgraded',
  fail: 'ingestion.agent_upgrade_failed',
}
