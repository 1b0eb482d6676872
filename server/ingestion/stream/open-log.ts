import { AppError, conflict } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import type { Access } from '../load/load-full.ts'
import { waitOf } from '../harm/wait-of.ts'
import { openSecret } from '../source/save-source.ts'
import { selectSource } from '../source/source-store.ts'
import type { ChangeLog } from './change-log.ts'
import { openMysqlLog } from './mysql/open-mysql-log.ts'
import { openPostgresqlLog } from './postgresql/open-postgresql-log.ts'

/** Somebody has stopped everything on the source. @throws conflict `ingestion.source_stopped` */
export async function refuseStopped({ db }: Pick<Ctx, 'db'>, plan: { source_id: string }): Promise<void> {
  const source = await selectSource(db, 'everything', plan.source_id)
  if (source?.stopped_at) throw conflict('ingestion.source_stopped', { reason: source.stop_reason ?? '' })
}

/** Rows are read in the source's hours only. @throws unavailable `ingestion.outside_window` `ingestion.source_stopped` */
export async function refuseClosed({ db, now }: Pick<Ctx, 'db' | 'now'>, plan: { source_id: string }): Promise<void> {
  const source = await selectSource(db, 'everything', plan.source_id)
  const wait = source && waitOf(source, now())
  if (wait) throw new AppError('unavailable', wait.code, { params: wait.params })
}

/** The log of the source that a plan reads. @throws conflict `ingestion.source_gone` `ingestion.stream_source_kind` */
export async function openLogOfPlan(
  { db }: Pick<Ctx, 'db'>,
  { sealer, reach }: Access,
  plan: { source_id: string; object: string },
): Promise<ChangeLog> {
  const source = await selectSource(db, 'everything', plan.source_id)
  if (!source) throw conflict('ingestion.source_gone')
  const { settings } = source
  const secret = openSecret(sealer, source)
  if (settings.kind === 'postgresql') return openPostgresqlLog({ settings, secret, allowed: reach.hosts }, plan.object)
  if (settings.kind === 'mysql') return openMysqlLog({ settings, secret, allowed: reach.hosts }, plan.object)
  throw conflict('ingestion.stream_source_kind')
}
