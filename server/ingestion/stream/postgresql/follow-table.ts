import { Socket } from 'node:net'
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from 'pg-logical-replication'
import { conflict } from '../../../kernel/errors.ts'
import { asSourceError } from '../../connectors/source-error.ts'
import type { ChangeSink, Following, LogPlace, Taken, Texts } from '../change-log.ts'
import { clientConfig, type LogAccess } from './connect-log.ts'
import type { PostgresqlObject } from './inspect-table.ts'
import { formatLsn, parseLsn } from './lsn.ts'

interface Followed {
  access: LogAccess
  slot: string
  object: PostgresqlObject
  schema: string
  table: string
  wanted: readonly string[]
  from: LogPlace
  sink: ChangeSink
}

type Tuple = Record<string, string | null | undefined>

/** Follows one table from a slot on. The socket is paused while the sink is busy, so that what is in memory stays bounded. */
export async function followTable(followed: Followed): Promise<Following> {
  const { access, slot, object, from } = followed
  const socket = new Socket()
  const service = new LogicalReplicationService(
    { ...(await clientConfig(access)), stream: () => socket },
    { acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: true } },
  )
  const { plugin, arrivals } = textPlugin(object.publication)
  const handle = handlerOf(followed)
  let handled = 0
  let isEnded = false
  const done = new Promise<void>((_, reject) => {
    // The service goes on with the next message after an error: nothing after it may count.
    const end = (error: unknown) => {
      isEnded = true
      reject(asSourceError(error))
    }
    service.on('error', end)
    service.on('data', async (lsn: string, message: Pgoutput.Message | { tag: 'broken'; error: unknown }) => {
      if (isEnded) return
      if (message.tag === 'broken') return end(message.error)
      try {
        await handle(parseLsn(lsn), message)
      } catch (error) {
        end(error)
      }
      handled++
    })
    service.on('heartbeat', (lsn: string) => {
      // It speaks of messages that may still wait to be handled here.
      if (!isEnded && handled === arrivals.count && !handle.isInside()) followed.sink.idle(parseLsn(lsn))
    })
    service.subscribe(plugin, slot, formatLsn(from.position)).then(() => end(new Error('Connection terminated')), end)
  })
  done.catch(() => {})
  return {
    done,
    // The service adds one to what it is given; a position is already the first byte that is still needed. One more would let the
    // server skip a transaction whose commit begins there. With a ping, an idle source says how far it is.
    confirm: async (position) => void (!isEnded && position > 0 && (await service.acknowledge(formatLsn(position - 1), true))),
    stop: async () => {
      isEnded = true
      socket.destroy()
      await service.destroy().catch(() => {})
    },
  }
}

/** The package's parser, made to leave each value as the text that the server wrote: its JavaScript values would round and shift. */
function textPlugin(publication: string) {
  const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [publication] })
  const parse = plugin.parse.bind(plugin)
  const arrivals = { count: 0 }
  plugin.parse = (buffer: Buffer) => {
    arrivals.count++
    // What is thrown here would end the process: the package parses inside the socket's event.
    try {
      const message = parse(buffer)
      if (message.tag === 'relation') for (const column of message.columns) column.parser = (text: string) => text
      return message
    } catch (error) {
      return { tag: 'broken', error } as never
    }
  }
  return { plugin, arrivals }
}

function handlerOf({ object, schema, table, wanted, from, sink }: Followed) {
  const isOurs = (relation: Pgoutput.MessageRelation) => relation.schema === schema && relation.name === table
  const textsOf = (names: readonly string[]) => {
    const readers = names.map((name) => ({ name, plain: object.plain[name]! }))
    return (tuple: Tuple): Texts =>
      readers.map(({ name, plain }) => {
        const text = tuple[name]
        if (text === undefined) throw conflict('ingestion.stream_value_missing', { column: name })
        return text === null ? null : plain(text)
      })
  }
  const keysOf = textsOf(object.keys)
  const valuesOf = textsOf(wanted)
  let isInside = false
  let isKnown = false

  const handle = (lsn: number, message: Pgoutput.Message): Taken => {
    switch (message.tag) {
      case 'begin':
        isInside = true
        isKnown = parseLsn(message.commitLsn!) < from.position
        return
      case 'commit':
        isInside = false
        return isKnown ? undefined : sink.commit(parseLsn(message.commitEndLsn!))
      case 'relation':
        if (isOurs(message)) refuseDrift(object, message)
        return
      case 'truncate':
        if (!isKnown && message.relations.some(isOurs)) sink.empty(lsn)
        return
      case 'insert':
        return isKnown || !isOurs(message.relation) ? undefined : sink.insert(keysOf(message.new), valuesOf(message.new), lsn)
      case 'update': {
        if (isKnown || !isOurs(message.relation)) return
        const before = message.key ?? message.old
        return sink.update(before && keysOf(before), keysOf(message.new), valuesOf(message.new), lsn)
      }
      case 'delete':
        return isKnown || !isOurs(message.relation) ? undefined : sink.remove(keysOf((message.key ?? message.old)!), lsn)
    }
  }
  return Object.assign(handle, { isInside: () => isInside })
}

/** @throws conflict `ingestion.stream_drift` where a column that is followed has gone or has another type */
function refuseDrift({ types }: PostgresqlObject, { columns }: Pgoutput.MessageRelation): void {
  for (const [name, type] of Object.entries(types)) {
    const found = columns.find((column) => column.name === name)
    if (!found || String(found.typeOid) !== type) throw conflict('ingestion.stream_drift', { column: name })
  }
}
