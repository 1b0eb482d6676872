import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, conflict } from '../../../kernel/errors.ts'
import type { Ctx } from '../../../store/index.ts'
import type { Care } from '../../harm/open-care.ts'
import type { Connector } from '../connector.ts'
import { openPreparedReading } from '../file-objects.ts'
import { collectMessages, findTopic, type PieceLimits } from './collect-messages.ts'
import { describeMessages, sampleMessages } from './describe-messages.ts'
import { asKafkaError, isOutOfRange } from './kafka-error.ts'
import { newPieces, type PieceSource } from './new-pieces.ts'
import { type KafkaAccess, openSession, type Session, type Topic } from './open-session.ts'
import { parsePiece } from './piece-name.ts'
import { plainField, prepareMessages } from './prepare-messages.ts'
import { openSpool, type Spool, type SpooledMessage, toSpooled } from './spool-messages.ts'

export interface OpenKafka extends KafkaAccess {
  id: string
}

const pieceLimits: PieceLimits = { messages: 200_000, bytes: 64 * 2 ** 20 }
const wholeLimits: PieceLimits = { messages: Number.MAX_SAFE_INTEGER, bytes: 20 * 2 ** 30 }
/** The newest messages of a topic, over all its partitions, are what it is described by. */
const sampled = 1000
const mostAnswers = 10
const keepMs = 2 * 86_400_000

/**
 * Topics of Apache Kafka (0.11 and later) whose messages are JSON, by @platformatic/kafka's connections. No group is joined and nothing is
 * committed at the broker: how far a plan has read is in its own pieces. Run against librdkafka's mock cluster and a peer of our own only.
 */
export function openKafka(ctx: Pick<Ctx, 'lake' | 'files'>, opened: OpenKafka, limits = pieceLimits): Connector {
  const { care } = opened
  const spool = join(ctx.files.root, 'fetched', opened.id)
  const pathOf = (name: string) => join(spool, createHash('sha256').update(name).digest('hex').slice(0, 40))
  const sourceOf = (session: Session, signal: AbortSignal): PieceSource => ({
    session,
    pathOf,
    limits,
    fetching: (statement, fetch) => underCare(care, session, signal, statement, fetch),
  })
  return {
    check: () =>
      using(opened, undefined, async (session) => {
        await session.topics()
        return { ok: true, code: null, detail: '', serverVersion: null, readOnly: null }
      }),
    listObjects: (most) =>
      using(opened, undefined, async (session) =>
        (await session.topics()).slice(0, most).map(({ name }) => {
          return { name, kind: 'topic', comment: '', estimatedRows: null, sizeBytes: null, modifiedAt: null }
        }),
      ),
    describe: (object) =>
      using(opened, undefined, async (session) => {
        const { messages, estimatedRows } = await newest(session, object, sampled, care)
        return describeMessages(object, messages, estimatedRows)
      }),
    // A topic declares nothing, and what some messages lack says nothing of the others.
    structure: async () => ({ kind: 'table', columns: [], stamp: null }),
    preview: (object, _dialect, limit) =>
      using(opened, undefined, async (session) => {
        const { columns, rows } = sampleMessages((await newest(session, object, Math.min(limit, sampled), care)).messages)
        return { columns, rows: rows.map((row) => columns.map((name) => row.get(name) ?? null)) }
      }),
    async *newPieces(object, seen, signal) {
      await mkdir(spool, { recursive: true, mode: 0o700 })
      await forgetOld(spool)
      signal.throwIfAborted()
      const session = await openSession(opened, signal).catch((error) => {
        signal.throwIfAborted()
        throw asKafkaError(error)
      })
      try {
        yield* newPieces(sourceOf(session, signal), object, seen, signal)
      } catch (error) {
        signal.throwIfAborted()
        throw asKafkaError(error)
      } finally {
        await session.close()
      }
    },
    async openReading(object, _dialect, wanted, signal) {
      const piece = parsePiece(object)
      const workFolder = join(ctx.files.root, 'work', randomUUID())
      await mkdir(workFolder, { recursive: true, mode: 0o700 })
      try {
        const path = join(workFolder, 'messages.jsonl')
        const isHere = piece !== null && (await isLinked(pathOf(object), path))
        const fetch = (session: Session) =>
          piece
            ? fetchInto(path, async (into) => {
                const topic = await findTopic(session, piece.topic)
                const stretch = { topic, partition: piece.partition, from: piece.first, end: piece.last + 1n }
                const next = await collectMessages(session, stretch, into, wholeLimits, signal)
                if (next <= piece.last) throw conflict('ingestion.file_changed')
              })
            : fetchInto(path, (into) => collectWhole(session, object, into, signal))
        if (!isHere) await using(opened, signal, (session) => underCare(care, session, signal, `FETCH ${object}`, () => fetch(session)))
        const columns = wanted.map(({ column }) => plainField(column))
        const prepare = () =>
          prepareMessages({ path, columns: columns.map(({ name }) => name), workFolder, signal, isWhole: piece === null })
        const description = { columns, isRowCountExact: false, estimatedRows: 0 }
        return await openPreparedReading({ lake: ctx.lake, path, description, prepare, wanted, workFolder })
      } catch (error) {
        await rm(workFolder, { recursive: true, force: true })
        throw error
      }
    },
  }
}

/** A file of its own: whoever reads the same piece for another load takes away theirs when they have done. */
const isLinked = (from: string, to: string): Promise<boolean> =>
  link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )

/** What a process left behind that was killed among its pieces. */
async function forgetOld(spool: string): Promise<void> {
  for (const name of await readdir(spool)) {
    const found = await stat(join(spool, name)).catch(() => null)
    if (found && Date.now() - found.mtimeMs > keepMs) await rm(join(spool, name), { force: true })
  }
}

async function using<T>(access: KafkaAccess, signal: AbortSignal | undefined, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted()
    const session = await openSession(access, signal)
    try {
      return await work(session)
    } finally {
      await session.close()
    }
  } catch (error) {
    // A line that we cut ourselves is no fault of the source.
    signal?.throwIfAborted()
    throw asKafkaError(error)
  }
}

/** In its turn, no longer than it may, and entered in the book. */
async function underCare<T extends { messages: number }>(
  care: Care | undefined,
  session: Session,
  signal: AbortSignal,
  statement: string,
  fetch: () => Promise<T>,
): Promise<T> {
  if (!care) return fetch()
  let fetched: T | undefined
  const run = async () => {
    fetched = await fetch()
    return fetched.messages
  }
  await care.read(statement, signal, async () => session.cut(), run)
  return fetched!
}

async function fetchInto(path: string, fill: (spool: Spool) => Promise<void>): Promise<Spool> {
  const spool = await openSpool(path)
  try {
    await fill(spool)
    return spool
  } finally {
    await spool.close()
  }
}

/** All that a topic holds now. What is thrown away while it is read was going to be: reading goes on behind it. */
async function collectWhole(session: Session, object: string, spool: Spool, signal: AbortSignal): Promise<void> {
  const topic = await findTopic(session, object)
  for (const { partition, start, end } of await session.extents(topic))
    for (let from = start; from < end; )
      try {
        from = await collectMessages(session, { topic, partition, from, end }, spool, wholeLimits, signal)
        if (spool.bytes >= wholeLimits.bytes) throw new AppError('too_large', 'http.too_large', { params: { limit: '20 GiB' } })
      } catch (error) {
        const now = isOutOfRange(error) ? (await session.extents(topic)).find((each) => each.partition === partition) : undefined
        if (!now || now.start <= from) throw error
        from = now.start
      }
}

/** The newest messages of every partition, as many of each. */
async function newest(
  session: Session,
  object: string,
  most: number,
  care: Care | undefined,
): Promise<{ messages: SpooledMessage[]; estimatedRows: number }> {
  const topic = await findTopic(session, object)
  const extents = await session.extents(topic)
  const each = BigInt(Math.max(1, Math.ceil(most / Math.max(1, extents.length))))
  const estimatedRows = extents.reduce((sum, { start, end }) => sum + Number(end - start), 0)
  const read = async () => {
    const messages: SpooledMessage[] = []
    for (const { partition, start, end } of extents)
      if (start < end) messages.push(...(await lastOf(session, { topic, partition, from: end - each > start ? end - each : start, end })))
    return { result: messages.slice(0, most), rows: messages.length }
  }
  const messages = care ? await care.note(`FETCH ${object} NEWEST ${most}`, read) : (await read()).result
  return { messages, estimatedRows }
}

/** A few answers' worth: messages may be big, and answers may hold nothing but what was given up. */
async function lastOf(
  session: Session,
  { topic, partition, from, end }: { topic: Topic; partition: number; from: bigint; end: bigint },
): Promise<SpooledMessage[]> {
  const found: SpooledMessage[] = []
  for (let [at, answers] = [from, 0]; at < end && answers < mostAnswers; answers++) {
    const { messages, next } = await session.fetch(topic, partition, at)
    found.push(...messages.filter(({ offset }) => offset < end).map((message) => toSpooled(partition, message)))
    at = next
  }
  return found
}
