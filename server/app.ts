import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'
import { openAssessment } from './assessment/index.ts'
import { openCatalog } from './catalog/index.ts'
import { openDuty } from './duty/index.ts'
import { openHttp } from './http/index.ts'
import { openIngestion, openOrigins, openProgram } from './ingestion/index.ts'
import { openQueue, type Queue, type Room } from './jobs/index.ts'
import { systemActor } from './kernel/actor.ts'
import { newId } from './kernel/ids.ts'
import { loadProfile } from './kernel/load-profile.ts'

import { admitSession, openKeyReader, openLakeReader, openSealer, openSecurity, recordRefusal, type Sealer } from './security/index.ts'
import { openSharing } from './sharing/index.ts'
import {
  type ControlPlane,
  type Ctx,
  type EventFeed,
  type Lake,
  lockHome,
  openDb,
  openEventFeed,
  openFiles,
  openLake,
  refuseOtherLake,
} from './store/index.ts'
import { version } from './version.ts'

export interface App {
  http: FastifyInstance
  /** A ctx of the program itself, for a named job. */
  system(job: string): Ctx
  lake: Lake
  plane: ControlPlane
  close(): Promise<void>
}

/** What a test sets: the clock, a ready-made empty database, and an error where an audit entry is missing. */
export interface Overrides {
  now?: () => Date
  template?: Blob
  isVolatile?: boolean
  strictAudit?: boolean
  portalDir?: string
  /** Folder with the agents' program. */
  programDir?: string
}

/** The only place where the program is put together: Config → App. Stores open first, then rooms, then the door. */
export async function openApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const log = pino({ level: config.logLevel, redact: ['req.headers.cookie', 'req.headers.authorization'] })
  const lock = await lockHome(config.home)
  const closers: (() => Promise<unknown>)[] = [() => lock.release()]
  const close = async () => {
    for (const act of closers.splice(0).reverse()) await act().catch((error) => log.error({ err: error }, 'closing failed'))
  }
  try {
    const sealer = await openSealer(join(config.home, 'keys'))
    const plane = await openDb({
      home: config.home,
      databaseUrl: config.databaseUrl,
      template: overrides.template,
      isVolatile: overrides.isVolatile,
    })
    closers.push(() => plane.close())
    const { clickhouseUrls: urls, clickhouseCluster: cluster } = config
    refuseOtherLake(config.home, urls.length > 0)
    const lake = await openLake(urls.length > 0 ? { urls, cluster } : { dir: join(config.home, 'lake') })
    closers.push(() => lake.close())
    const feed = await openEventFeed(plane.db, log)
    closers.push(() => feed.close())
    return await openRooms({ config, overrides, log, sealer, plane, lake, feed, closers, close })
  } catch (error) {
    await close()
    throw error
  }
}

interface Stores {
  config: Config
  overrides: Overrides
  log: Logger
  sealer: Sealer
  plane: ControlPlane
  lake: Lake
  feed: EventFeed
  closers: (() => Promise<unknown>)[]
  close: () => Promise<void>
}

async function openRooms({ config, overrides, log, sealer, plane, lake, feed, closers, close }: Stores): Promise<App> {
  // Jobs and rooms need each other; the queue is bound once it is open, before anything can run.
  const late: { queue?: Queue } = {}
  const reach = { hosts: config.sourceHosts, folders: config.fileRoots }
  const origins = openOrigins(() => system('ingestion.read_in_place'), { sealer, reach })
  const base: Omit<Ctx, 'actor' | 'requestId' | 'recorded'> = {
    db: plane.db,
    lake,
    ...openLakeReader(lake, sealer, origins),
    ...openKeyReader(sealer),
    files: openFiles(join(config.home, 'files')),
    profile: loadProfile(config.city),
    now: overrides.now ?? (() => new Date()),
    log,
    address: null,
    purpose: null,
    language: 'zh',
    enqueue: (ctx, job, input) => late.queue!.enqueue(ctx, job, input),
    wakeFeed: () => feed.wake(),
  }
  const system = (job: string): Ctx => ({ ...base, actor: systemActor(job), requestId: newId(), recorded: { count: 0 } })
  const program = await openProgram(overrides.programDir ?? new URL('../dist/agent/', import.meta.url).pathname)
  const rooms: Room[] = [
    openSecurity(),
    openDuty(),
    openCatalog(),
    openIngestion({ sealer, reach, budgets: config.loadBudgets, streamLimitBytes: config.streamLimitBytes, origins, program }),
    openSharing({ sealer, copies: join(config.home, 'keyed') }),
    openAssessment(),
  ]
  late.queue = await openQueue(
    plane,
    rooms.flatMap((room) => room.jobs),
    system,
    log,
  )
  closers.push(() => late.queue!.close())
  for (const room of rooms) {
    await room.start?.(system('start'), feed)
    if (room.close) closers.push(() => room.close!())
  }
  const http = await openHttp({
    log,
    routes: rooms.flatMap((room) => room.routes),
    secureCookies: config.secureCookies,
    trustedProxies: config.trustedProxies,
    readerSeconds: config.readerSeconds,
    portalDir: overrides.portalDir ?? new URL('../portal/dist/', import.meta.url).pathname,
    strictAudit: overrides.strictAudit ?? false,
    admit: ({ requestId, address, language, spec, transport }) =>
      admitSession({ ...base, actor: systemActor('visitor'), requestId, address, language, recorded: { count: 0 } }, { spec, transport }),
    recordRefusal: (ctx, route, error) => recordRefusal(system('http'), ctx, route, error),
    health: async () => ({ status: 'ok', city: base.profile.name.zh, store: plane.kind, lake: lake.kind, version }),
  })
  closers.push(() => http.close())
  return { http, system, lake, plane, close }
}
