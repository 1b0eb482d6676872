import { createHash } from 'node:crypto'
import ZongJi from '@vlasky/zongji'
import { conflict } from '../../../kernel/errors.ts'
import { asSourceError } from '../../connectors/source-error.ts'
import type { Following } from '../change-log.ts'
import { clientConfig, type LogAccess } from './connect-log.ts'
import { type EventsOf, readEvents } from './read-events.ts'

interface Followed extends EventsOf {
  access: LogAccess
  /** Name of the hold: each stream is a replica of its own to the server, which ends the one before of the same number. */
  name: string
}

/** Follows one table of a server's log. The line is paused while the sink is busy, so that what is in memory stays bounded. */
export async function followTable(followed: Followed): Promise<Following> {
  const { access, file, position, database, table } = followed
  const log = new ZongJi((await clientConfig(access)) as never)
  const handle = readEvents(followed)
  let isEnded = false
  const done = new Promise<void>((_, reject) => {
    const end = (error: unknown) => {
      isEnded = true
      reject(asLogError(error, table))
    }
    log.on('error', end)
    log.on('binlog', (event) => {
      if (isEnded) return
      try {
        const taken = handle(event)
        if (!taken) return
        log.connection?.pause()
        taken.then(() => log.connection?.resume(), end)
      } catch (error) {
        end(error)
      }
    })
  })
  done.catch(() => {})
  log.start({ serverId: replicaNumber(followed.name), filename: file, position, includeSchema: { [database]: [table] } })
  return {
    done,
    // Nothing is kept for anybody here: there is nobody to tell.
    confirm: async () => {},
    stop: async () => {
      isEnded = true
      const stopped = new Promise<void>((resolve) => log.once('stopped', () => resolve()))
      log.stop()
      await stopped
    },
  }
}

/** Far above the numbers that people give their servers. */
const replicaNumber = (name: string): number => 2 ** 31 + (createHash('sha256').update(name).digest().readUInt32LE() >>> 1)

/** 1236: the server cannot send the log from there. An error without a code comes from reading it: the table is not what it was. */
function asLogError(error: unknown, table: string): Error {
  const { code, errno, message } = error as { code?: string; errno?: number; message: string }
  if (errno === 1236) return conflict('ingestion.stream_slot_lost')
  return code === undefined && !/connection/i.test(message) ? conflict('ingestion.stream_altered', { table }) : asSourceError(error)
}
