import type { workLists } from '#contract/assessment.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { countRevisionWork } from '../catalog/index.ts'
import { countDriftWork, countNightProblems, countRetentionWork, countStreamWork } from '../ingestion/index.ts'
import { countSharingWork } from '../sharing/index.ts'
import type { Ctx } from '../store/index.ts'

/** The lists of a person, with how long each is. What somebody has no right to is no list of his. */
export async function getMyWork(ctx: Ctx): Promise<{ counts: { key: string; count: number; link: string }[] }> {
  const { scopes } = ctx.actor
  const count = (key: keyof typeof workLists, count: number, link: string) => ({ key, count, link })
  const revisions = scopes.has('catalog:read') ? await countRevisionWork(ctx) : null
  const sharing = scopes.has('sharing:read') ? await countSharingWork(ctx.db, ctx.actor) : null
  const nightProblems = scopes.has('ingestion:write') && ctx.actor.org ? await countNightProblems(ctx, ctx.actor.org.id) : null
  const drifts = await countDriftWork(ctx)
  const streams = await countStreamWork(ctx)
  const { quarantines, destructions } = await countRetentionWork(ctx)
  return {
    counts: [
      ...(revisions && scopes.has('catalog:write') ? [count('my_drafts', revisions.mine, portalPath('my_revisions'))] : []),
      ...(revisions ? [count('revisions_to_handle', revisions.toHandle, portalPath('revisions_to_handle'))] : []),
      ...(nightProblems === null ? [] : [count('night_problems', nightProblems, portalPath('morning'))]),
      ...(drifts !== null ? [count('drifts_to_decide', drifts, portalPath('drifts', { state: 'open' }))] : []),
      ...(streams !== null ? [count('streams_troubled', streams, portalPath('streams', { troubled: 'true' }))] : []),
      ...(quarantines !== null ? [count('quarantines_past', quarantines, portalPath('storage', { quarantinePast: 'true' }))] : []),
      ...(destructions !== null ? [count('destructions_to_decide', destructions, portalPath('destructions', { toDecide: 'true' }))] : []),
      ...(sharing
        ? [
            count('requests_to_handle', sharing.toHandle, portalPath('requests_to_handle')),
            count('my_requests', sharing.mine, portalPath('my_requests')),
            count('my_grants', sharing.grants, portalPath('grants', { side: 'consumer', state: 'active' })),
          ]
        : []),
    ],
  }
}
