import type { EntryContent } from '#contract/catalog.ts'
import { AppError } from '../../kernel/errors.ts'
import type { TxCtx } from '../../store/index.ts'

/**
 * A draft may be incomplete, but what it points to exists: a system of the provider, an organisation.
 * @throws invalid `http.invalid_input` with `catalog.system_unknown`, `catalog.lead_unknown`
 */
export async function refuseUnknownReferences(ctx: TxCtx, providerOrgId: string, { systemId, leadOrgId }: EntryContent): Promise<void> {
  const { db } = ctx
  const problems = []
  const system = () =>
    db.selectFrom('catalog.system').select('id').where('id', '=', systemId).where('org_id', '=', providerOrgId).executeTakeFirst()
  const lead = () => db.selectFrom('security.org').select('id').where('id', '=', leadOrgId).executeTakeFirst()
  if (systemId !== null && !(await system())) problems.push({ pointer: '/content/systemId', code: 'catalog.system_unknown' })
  if (leadOrgId !== null && !(await lead())) problems.push({ pointer: '/content/leadOrgId', code: 'catalog.lead_unknown' })
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
}
