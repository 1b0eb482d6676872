import type { OrgChange } from '#contract/security.ts'
import { checkUscc } from '../../kernel/check-digits.ts'
import { AppError, type FieldProblem } from '../../kernel/errors.ts'
import type { TxCtx } from '../../store/index.ts'
import { selectOrg } from './org-store.ts'

/**
 * Checks what the shape of an input cannot say. `id`: the organisation that is changed, null for a new one.
 * @throws conflict `security.org_taken`; invalid `http.invalid_input`
 */
export async function checkOrg(ctx: TxCtx, id: string | null, input: OrgChange): Promise<void> {
  const problems: FieldProblem[] = []
  if (input.uscc && checkUscc(input.uscc)) problems.push({ pointer: '/uscc', code: 'security.uscc_check_digit' })
  if (input.parentId && !(await isPossibleParent(ctx, id, input.parentId)))
    problems.push({ pointer: '/parentId', code: 'security.org_parent' })
  if (problems.length > 0) throw new AppError('invalid', 'http.invalid_input', { params: { count: problems.length }, problems })
  const taken = await ctx.db
    .selectFrom('security.org')
    .select('name')
    .where((eb) => eb.or([eb('name', '=', input.name ?? ''), eb('uscc', '=', input.uscc ?? '')]))
    .where('id', '!=', id ?? '00000000-0000-0000-0000-000000000000')
    .executeTakeFirst()
  if (taken) throw new AppError('conflict', 'security.org_taken', { params: { name: taken.name } })
}

/** It exists, is active, and does not stand below the organisation itself. */
async function isPossibleParent(ctx: TxCtx, id: string | null, parentId: string): Promise<boolean> {
  const passed = new Set([id])
  for (let next: string | null = parentId; next; ) {
    if (passed.has(next)) return false
    passed.add(next)
    const row = await selectOrg(ctx.db, next)
    if (!row?.active) return false
    next = row.parent_id
  }
  return true
}
