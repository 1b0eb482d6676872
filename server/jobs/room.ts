import type { BoundRoute } from '../http/index.ts'
import type { Job } from './jobs.ts'
import type { Ctx, EventFeed } from '../store/index.ts'

/** What a domain brings into the program. app.ts joins the rooms; nothing registers itself. */
export interface Room {
  routes: BoundRoute[]
  // biome-ignore lint/suspicious/noExplicitAny: jobs of different inputs stand in one list
  jobs: Job<any>[]
  /** Runs when every store is open, before the first request. `ctx` acts as the system. */
  start?(ctx: Ctx, feed: EventFeed): Promise<void>
  close?(): Promise<void>
}
