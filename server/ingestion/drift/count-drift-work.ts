import type { Ctx } from '../../store/index.ts'
import { canWrite } from '../access.ts'
import { countOpenDrifts } from './drift-store.ts'

/** Changes of structure that the caller can decide; null for whoever decides none. */
export async function countDriftWork({ db, actor }: Pick<Ctx, 'db' | 'actor'>): Promise<number | null> {
  return actor.org && canWrite(actor, actor.org.id) ? countOpenDrifts(db, actor.org.id) : null
}
