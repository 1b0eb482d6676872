import { type UpgradeState, upgradeStates } from '#contract/ingestion/agent-upgrade.ts'
import { statesBefore } from '../../../kernel/step.ts'
import type { Db, Tx } from '../../../store/index.ts'

export interface UpgradeRow {
  id: string
  agent_id: string
  version: string
  sha256: string
  bytes: number
  state: UpgradeState
  error: { code: string; params: Record<string, string | number> } | null
  ordered_at: Date
  changed_at: Date
}

export const isOpen = ({ state }: UpgradeRow): boolean => state !== 'running' && state !== 'failed'

const upgrades = (db: Db | Tx) =>
  db.selectFrom('ingestion.agent_upgrade').selectAll().$narrowType<{ state: UpgradeState; error: UpgradeRow['error'] }>()

export const selectUpgrade = (db: Db | Tx, id: string): Promise<UpgradeRow | undefined> =>
  upgrades(db).where('id', '=', id).executeTakeFirst()

/** Of each agent the last one. */
export const selectLastUpgrades = (db: Db | Tx, agentIds: readonly string[]): Promise<UpgradeRow[]> =>
  agentIds.length === 0
    ? Promise.resolve([])
    : upgrades(db).distinctOn('agent_id').where('agent_id', 'in', agentIds).orderBy('agent_id').orderBy('id', 'desc').execute()

/** @returns false when the agent has an open one */
export async function insertUpgrade(tx: Tx, row: Omit<UpgradeRow, 'state' | 'error'>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ingestion.agent_upgrade')
    .values({ ...row, state: upgradeStates.initial })
    .onConflict((open) => open.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** @returns false when the upgrade is in no state before this step */
export async function stepUpgrade(
  tx: Tx,
  id: string,
  event: 'download' | 'install' | 'run' | 'fail',
  change: { changed_at: Date; error?: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('ingestion.agent_upgrade')
    .set({ ...change, state: upgradeStates.steps.find((step) => step.event === event)!.to })
    .where('id', '=', id)
    .where('state', 'in', statesBefore(upgradeStates, event))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
