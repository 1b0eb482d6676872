import { z } from 'zod'
import { defineStates } from '../states.ts'
import { Id, Instant } from '../values.ts'

export const upgradeStates = defineStates({
  initial: 'offered',
  states: {
    offered: { zh: '等待前置机领取', en: 'Waiting for the agent', tone: 'neutral' },
    downloading: { zh: '下载程序中', en: 'Downloading', tone: 'progress' },
    installed: { zh: '试运行中', en: 'Being tried', tone: 'progress' },
    running: { zh: '已升级', en: 'Upgraded', tone: 'good' },
    failed: { zh: '升级失败', en: 'Failed', tone: 'bad' },
  },
  // What the agent reports, and what it keeps, may get lost: it downloads again, and it may run before anybody has heard that it installed.
  steps: [
    { event: 'download', from: ['offered', 'downloading', 'installed'], to: 'downloading', side: 'system', needs: 'system' },
    { event: 'install', from: ['downloading'], to: 'installed', side: 'system', needs: 'system' },
    { event: 'run', from: ['downloading', 'installed'], to: 'running', side: 'system', needs: 'system' },
    { event: 'fail', from: ['offered', 'downloading', 'installed'], to: 'failed', side: 'system', needs: 'system' },
  ],
})
export type UpgradeState = keyof typeof upgradeStates.states

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** The last time that an agent was told to upgrade, and what became of it. */
export const AgentUpgrade = z
  .object({
    id: Id,
    version: z.string(),
    state: z.enum(Object.keys(upgradeStates.states) as [UpgradeState]),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    orderedAt: Instant,
    changedAt: Instant,
  })
  .meta({ id: 'AgentUpgrade' })
export type AgentUpgrade = z.infer<typeof AgentUpgrade>

/** Which program an agent is to run from now on. `signature`: of the city's key for this agent, over all of it. */
export const ProgramOrder = z
  .object({
    upgradeId: Id,
    version: z.string(),
    sha256: Sha256,
    bytes: z
      .int()
      .min(1)
      .max(2 ** 26),
    signature: z.string(),
  })
  .meta({ id: 'ProgramOrder' })
export type ProgramOrder = z.infer<typeof ProgramOrder>

/** Why an upgrade came to nothing, as the agent says it. */
export const UpgradeFailure = z.strictObject({
  code: z.enum([
    'ingestion.program_not_vouched',
    'ingestion.program_altered',
    'ingestion.program_not_kept',
    'ingestion.program_ended',
    'ingestion.program_silent',
  ]),
  params: z.record(z.string(), z.union([z.string().max(500), z.number()])),
})
export type UpgradeFailure = z.infer<typeof UpgradeFailure>

/** A step of an upgrade, as the agent reports it. */
export const UpgradeReport = z
  .discriminatedUnion('event', [
    z.strictObject({ event: z.enum(['download', 'install', 'run']) }),
    z.strictObject({ event: z.literal('fail'), error: UpgradeFailure }),
  ])
  .meta({ id: 'UpgradeReport' })
export type UpgradeReport = z.infer<typeof UpgradeReport>
