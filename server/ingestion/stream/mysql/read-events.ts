import type { AnyBinlogEvent } from '@vlasky/zongji'
import { conflict } from '../../../kernel/errors.ts'
import type { ChangeSink, Taken } from '../change-log.ts'
import { placeOf } from './binlog-place.ts'
import type { MysqlObject } from './inspect-table.ts'
import { keyTexts, type LogRow } from './key-texts.ts'
import { preparedTransactions, type TransactionName, type Act } from './prepared-transactions.ts'
import { readStatement } from './read-statement.ts'

export interface EventsOf {
  /** Where the log is read from. */
  file: string
  position: number
  object: MysqlObject
  database: string
  table: string
  sink: ChangeSink
  /** Looks at the table after a statement added something to it. @throws where a column that is followed is not what it was */
  lookAgain: () => Promise<void>
}

const nothing: never[] = []

/** What the events of a log, one after the other, mean for one table. */
export function readEvents({ file: from, position, object, database, table, sink, lookAgain }: EventsOf): (event: AnyBinlogEvent) => Taken {
  const takeRow = rowsInto(sink, object)
  const prepared = preparedTransactions()
  let file = from
  /** End of the last whole transaction. */
  let place = placeOf(from, position)
  let isInside = false
  /** Rows of the transaction that is arriving: a row's version lies between the ends of two, and is the same when it comes again. */
  let rows = 0

  const end = (event: AnyBinlogEvent): Taken => {
    isInside = false
    rows = 0
    // Events that the server made up have no place.
    if (event.nextPosition > 0) place = Math.max(place, placeOf(file, event.nextPosition))
    // Whoever begins anew has to begin before a transaction that is prepared and not yet committed.
    return prepared.isEmpty() ? sink.commit(place) : undefined
  }
  const takeStatement = (event: AnyBinlogEvent & { query: string; schema: string }): Taken => {
    const words = event.query.trim().toUpperCase()
    if (words === 'BEGIN' || words === 'START TRANSACTION') {
      isInside = true
      return
    }
    if (/^XA (COMMIT|ROLLBACK)/.test(words)) {
      // All of one version: they have no places of their own any more.
      const acts = prepared.finish()
      if (words.startsWith('XA COMMIT')) for (const act of acts) act(place + 1)
      return end(event)
    }
    const effect = readStatement(event.query, event.schema, { database, table })
    if (effect === 'writes') throw conflict('ingestion.stream_binlog', { setting: 'binlog_format', value: 'STATEMENT' })
    if (effect === 'alters') throw conflict('ingestion.stream_altered', { table })
    if (effect === 'empties') sink.empty(place + ++rows)
    if (isInside && words !== 'COMMIT' && words !== 'ROLLBACK') return
    const taken = end(event)
    return effect === 'grows' ? lookAgain().then(() => taken) : taken
  }
  return (event) => {
    const kind = event.getEventName()
    switch (kind) {
      case 'writerows':
      case 'updaterows':
      case 'deleterows': {
        let taken: Taken
        for (const row of (event as { rows: LogRow[] }).rows) {
          const act = takeRow[kind](row)
          if (!prepared.keep(act)) taken = act(place + ++rows) ?? taken
        }
        return taken
      }
      case 'tablemap':
        isInside = true
        return
      case 'mariadbgtid': {
        const { standalone, ...transaction } = event as AnyBinlogEvent & TransactionName & { standalone: boolean }
        isInside = !standalone
        prepared.begin(transaction)
        return
      }
      case 'query':
        return takeStatement(event as never)
      case 'rotate': {
        const { binlogName, position } = event as never as { binlogName: string; position: number }
        file = binlogName
        place = Math.max(place, placeOf(file, position))
        return
      }
      case 'xid':
      case 'xaprepare':
        return end(event)
      default:
        return isInside ? undefined : end(event)
    }
  }
}

/** What a row of the log does, once it is known which version it has. */
function rowsInto(sink: ChangeSink, { keyColumns }: MysqlObject): Record<'writerows' | 'updaterows' | 'deleterows', (row: LogRow) => Act> {
  const keysOf = keyTexts(keyColumns)
  return {
    writerows: (row) => {
      const keys = keysOf(row)
      return (version) => sink.insert(keys, nothing, version)
    },
    deleterows: (row) => {
      const keys = keysOf(row)
      return (version) => sink.remove(keys, version)
    },
    updaterows: (row) => {
      const { before, after } = row as { before: LogRow; after: LogRow }
      const [old, keys] = [keysOf(before), keysOf(after, before)]
      return (version) => sink.update(old, keys, nothing, version)
    },
  }
}
