import type { Ctx } from '../../store/index.ts'
import { canWrite } from '../access.ts'
import { countTroubled } from './stream-store.ts'

/** Streams that the caller should look at; null for whoever changes none. */
export async function countStreamWork({ db, actor }: Pick<Ctx, 'db' | 'actor'>): Promise<number | null> {
  return actor.org && canWrite(actor, actor.org.id) ? countTroubled(db, actor.org.id) : null
}
