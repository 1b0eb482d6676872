import { messageOf } from '#contract/messages/index.ts'
import type { Ctx } from '../../store/index.ts'
import { findContentProblems } from '../content/find-content-problems.ts'
import { getRevisionRow } from './step-revision.ts'

/** What would keep this version from being submitted now. */
export async function checkRevision(ctx: Ctx, { revisionId }: { revisionId: string }) {
  const problems = await findContentProblems(ctx, await getRevisionRow(ctx, revisionId))
  return { problems: problems.map(({ pointer, code, params }) => ({ pointer, code, detail: messageOf(code, ctx.language, params) })) }
}
