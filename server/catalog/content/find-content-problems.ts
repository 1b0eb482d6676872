import { EntryContent } from '#contract/catalog.ts'
import type { FieldProblem } from '../../kernel/errors.ts'
import type { Ctx, Db, Tx, TxCtx } from '../../store/index.ts'
import { type ContentContext, checkContent } from './check-content.ts'
import type { RevisionRow } from '../revision/revision-store.ts'

/** Looks up what the check needs to know of the rest of the catalog, then checks. */
export async function findContentProblems(ctx: Ctx | TxCtx, row: RevisionRow): Promise<FieldProblem[]> {
  const content = EntryContent.strip().parse(row.content)
  return checkContent(content, ctx.profile, await readContext(ctx.db, row, content))
}

async function readContext(db: Db | Tx, row: RevisionRow, content: EntryContent): Promise<ContentContext> {
  const { name, systemId, leadOrgId, relatedCodes } = content
  const namesake = await db
    .selectFrom('catalog.entry')
    .select('id')
    .where('provider_org_id', '=', row.provider_org_id)
    .where('name', '=', name)
    .where('id', '!=', row.entry_id)
    .where((eb) => eb.or([eb('state', 'in', ['published', 'withdrawing']), eb('open_revision_id', 'is not', null)]))
    .executeTakeFirst()
  const system = systemId && (await db.selectFrom('catalog.system').select('org_id').where('id', '=', systemId).executeTakeFirst())
  const lead = leadOrgId && (await db.selectFrom('security.org').select('id').where('id', '=', leadOrgId).executeTakeFirst())
  const related =
    relatedCodes.length > 0 ? await db.selectFrom('catalog.entry').select('code').where('code', 'in', relatedCodes).execute() : []
  const known = new Set(related.map(({ code }) => code))
  return {
    hasProviderCode: row.provider_uscc !== null,
    code: row.entry_code,
    isNameTaken: namesake !== undefined,
    isSystemKnown: systemId === null || (system !== undefined && system !== '' && system?.org_id === row.provider_org_id),
    isLeadKnown: leadOrgId === null || lead !== undefined,
    unknownCodes: new Set(relatedCodes.filter((code) => !known.has(code))),
  }
}
