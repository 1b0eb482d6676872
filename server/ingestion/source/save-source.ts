import type { z } from 'zod'
import type { Source, SourceInput } from '#contract/ingestion.ts'
import { placeOf } from '#contract/source-settings.ts'
import { orgOf } from '../../kernel/actor.ts'
import { AppError, conflict } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Sealer } from '../../security/index.ts'
import { type Ctx, emit, inTx, type TxCtx } from '../../store/index.ts'
import { visibleTo } from '../access.ts'
import { selectAgent } from '../agent/agent-store.ts'
import { selectOpenLoads } from '../load/load-store.ts'
import { runLoadJob } from '../load/run-load-job.ts'
import { getOwnSource, presentSource } from './present-source.ts'
import { insertSource, selectSource, updateSource } from './source-store.ts'

type Input = z.output<typeof SourceInput>

/** Secrets are sealed for one source: moved to another row they do not open. */
const sealedFor = (id: string) => `ingestion.source ${id}`
export const openSecret = (sealer: Sealer, { id, secret }: { id: string; secret: string | null }): string =>
  secret === null ? '' : sealer.open(sealedFor(id), secret)

/** Registers a source of the caller's organisation. @throws conflict `ingestion.source_name_taken` */
export async function createSource(ctx: Ctx, sealer: Sealer, input: Input): Promise<Source> {
  const id = newId(ctx.now().getTime())
  const secret = input.secret ? sealer.seal(sealedFor(id), input.secret) : null
  const row = await inTx(ctx, async (ctx) => {
    const org = orgOf(ctx.actor)
    await refuseForeignAgent(ctx, input.settings)
    await refuseTaken(() =>
      insertSource(ctx.db, {
        id,
        org_id: org.id,
        name: input.name,
        settings: input.settings,
        secret,
        system_id: input.systemId,
        care: input.care,
        created_at: ctx.now(),
      }),
    )
    emit(ctx, {
      action: 'ingestion.source_created',
      object: { type: 'source', id, name: input.name },
      detail: { kind: input.settings.kind },
    })
    return (await selectSource(ctx.db, visibleTo(ctx.actor), id))!
  })
  return presentSource(ctx, row)
}

/**
 * Changes a source. Without a new secret the old one stays, but not for another server or account: a password is never sent
 * where its owner did not send it.
 * @throws conflict `value.stale` `ingestion.secret_needed` `ingestion.source_kind_fixed`
 */
export async function changeSource(
  ctx: Ctx,
  sealer: Sealer,
  id: string,
  { version, ...input }: Input & { version: number },
): Promise<Source> {
  const before = await getOwnSource(ctx, id)
  if (before.settings.kind !== input.settings.kind) throw conflict('ingestion.source_kind_fixed')
  const isElsewhere = address(before.settings) !== address(input.settings)
  if (before.secret !== null && input.secret === undefined && isElsewhere) throw conflict('ingestion.secret_needed')
  const secret = input.secret === undefined ? before.secret : input.secret === '' ? null : sealer.seal(sealedFor(id), input.secret)
  const row = await inTx(ctx, async (ctx) => {
    await refuseForeignAgent(ctx, input.settings)
    const change = { name: input.name, settings: input.settings, secret, system_id: input.systemId, care: input.care }
    await refuseTaken(async () => {
      if (!(await updateSource(ctx.db, id, version, change))) throw conflict('value.stale')
    })
    // Loads that wait may be let in by the new hours.
    for (const load of await selectOpenLoads(ctx.db, id)) if (load.waits_for) await ctx.enqueue(ctx, runLoadJob, { loadId: load.id })
    emit(ctx, {
      action: 'ingestion.source_updated',
      object: { type: 'source', id, name: input.name },
      detail: { secretChanged: input.secret !== undefined },
    })
    return (await selectSource(ctx.db, visibleTo(ctx.actor), id))!
  })
  return presentSource(ctx, row)
}

/** Whom the secret is for. */
function address(settings: Input['settings']): string {
  const account = 'user' in settings ? settings.user : 'accessKey' in settings ? settings.accessKey : ''
  const place = 'host' in settings ? `${settings.host}:${settings.port}` : placeOf(settings)
  return `${place} ${account} ${'hostKey' in settings ? settings.hostKey : ''}`
}

async function refuseForeignAgent(ctx: TxCtx, settings: Input['settings']): Promise<void> {
  if (settings.kind !== 'agent') return
  const agent = await selectAgent(ctx.db, 'everything', settings.agentId)
  if (agent?.org_id === ctx.actor.org?.id) return
  const problems = [{ pointer: '/settings/agentId', code: 'ingestion.agent_unknown' }]
  throw new AppError('invalid', 'http.invalid_input', { params: { count: 1 }, problems })
}

async function refuseTaken(write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23505') throw conflict('ingestion.source_name_taken')
    throw error
  }
}
