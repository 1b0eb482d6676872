import type { Source } from '#contract/ingestion.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import type { CheckResult } from '../connectors/connector.ts'
import type { Access } from '../load/load-full.ts'
import { connectorOf } from './connector-of.ts'
import { getOwnSource, presentSource } from './present-source.ts'
import { selectSource, updateCheck } from './source-store.ts'

/** Connects and says what was found. That a source cannot be reached is an answer, not an error. */
export async function checkSource(ctx: Ctx, access: Access, id: string): Promise<Source> {
  const source = await getOwnSource(ctx, id)
  const { detail, ...facts } = await tryCheck(ctx, access, source)
  const check = { at: ctx.now().toISOString(), ...facts, params: { detail } }
  const row = await inTx(ctx, async (ctx) => {
    await updateCheck(ctx.db, id, check)
    emit(ctx, {
      action: 'ingestion.source_checked',
      object: { type: 'source', id, name: source.name },
      result: facts.ok ? 'ok' : 'failed',
      detail: { code: facts.code },
    })
    return (await selectSource(ctx.db, visibleTo(ctx.actor), id))!
  })
  return presentSource(ctx, row)
}

async function tryCheck(ctx: Ctx, access: Access, source: Parameters<typeof connectorOf>[2]): Promise<CheckResult> {
  try {
    return await connectorOf(ctx, access, source).check()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return {
      ok: false,
      code: error.code,
      detail: String(error.details.params?.code ?? error.details.params?.host ?? ''),
      serverVersion: null,
      readOnly: null,
    }
  }
}
