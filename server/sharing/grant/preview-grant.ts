import { toLocalDate } from '../../kernel/working-days.ts'
import { AppError, forbidden } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { compileGrant } from './compile-grant.ts'
import { getGrantRow } from './list-grants.ts'
import { canPreview, whyUnavailable } from './present-grant.ts'

/**
 * The first rows as the grant shows them: the same grant, the same door, the same audit as the shared API.
 * @throws forbidden `state.wrong_side`; conflict `sharing.grant_not_in_effect`, saying why
 */
export async function previewGrant(
  ctx: Ctx,
  { grantId, limit }: { grantId: string; limit: number },
): Promise<{ columns: string[]; rows: (string | null)[][]; asOf?: string }> {
  const row = await getGrantRow(ctx, grantId)
  if (!canPreview(ctx.actor, row)) throw forbidden('state.wrong_side', { side: '需求部门' })
  const reason = whyUnavailable(row, toLocalDate(ctx.now()))
  if (reason) throw new AppError('conflict', 'sharing.grant_not_in_effect', { params: { grant: row.number, reason } })
  const { grant } = await compileGrant(ctx, row)
  const { columns, rows, asOf } = await ctx.read(grant, { limit })
  await inTx(ctx, async (ctx) =>
    emit(ctx, {
      action: 'sharing.grant_previewed',
      object: { type: 'grant', id: row.id, name: `${row.number} ${row.entry_name}` },
      purpose: row.purpose,
      decisionId: row.id,
      isData: true,
      detail: { rows: rows.length, items: columns },
    }),
  )
  return { columns, rows, ...(asOf && { asOf }) }
}
