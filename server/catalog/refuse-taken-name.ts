import { conflict } from '../kernel/errors.ts'

const uniqueViolation = '23505'
const nameConstraints = new Set(['entry_name', 'system_org_id_name_key'])

/** Runs a write that a unique name may stop. @throws conflict with `code` when it does; the transaction is over then. */
export async function refuseTakenName<T>(code: string, name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const { code: state, constraint } = error as { code?: string; constraint?: string }
    if (state === uniqueViolation && nameConstraints.has(constraint ?? '')) throw conflict(code, { name })
    throw error
  }
}
