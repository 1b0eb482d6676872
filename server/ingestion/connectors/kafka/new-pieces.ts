import { rename, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { AppError } from '../../../kernel/errors.ts'
import type { FoundPiece, SeenPiece } from '../connector.ts'
import { collectMessages, findTopic, type PieceLimits, type Stretch, topicMadeAnew } from './collect-messages.ts'
import { isOutOfRange } from './kafka-error.ts'
import type { Extent, Session, Topic } from './open-session.ts'
import { parsePiece, pieceName, type PieceRange } from './piece-name.ts'
import { openSpool, type Spool } from './spool-messages.ts'

export interface PieceSource {
  session: Session
  /** Where a piece lies on this node. */
  pathOf(name: string): string
  /** Runs what fetches one piece, with care for the source; says how many messages came. */
  fetching<T extends { messages: number }>(statement: string, fetch: () => Promise<T>): Promise<T>
  limits: PieceLimits
}

/**
 * What lies in a topic beyond what was loaded, up to the ends that it has now, piece by piece: each lies in this node's spool while it is
 * looked at, and no longer. Pieces that were met and not loaded come first. What the broker has thrown away meanwhile is told.
 * @throws conflict `ingestion.topic_anew`; not_found `ingestion.object_unknown`
 */
export async function* newPieces(
  source: PieceSource,
  name: string,
  seen: readonly SeenPiece[],
  signal: AbortSignal,
): AsyncGenerator<FoundPiece> {
  const topic = await findTopic(source.session, name)
  const known = seen.flatMap((piece) => {
    const range = parsePiece(piece.path)
    // A plan may have read another topic before.
    return range?.topic === name ? [{ ...piece, range }] : []
  })
  if (known.some(({ origin }) => origin !== null && topic.id !== null && origin !== topic.id)) throw topicMadeAnew(name)
  const extents = await source.session.extents(topic)
  const expected = new Map<number, bigint>()
  for (const { range } of known) if (range.last >= (expected.get(range.partition) ?? 0n)) expected.set(range.partition, range.last + 1n)
  // Before anything is loaded: offsets that were there once and are no more are those of another topic.
  for (const [partition, next] of expected) {
    const extent = extents.find((each) => each.partition === partition)
    if (!extent || extent.end < next) throw topicMadeAnew(name)
  }
  for (const { range, isDone } of known) if (!isDone) yield* again(source, topic, range, signal)
  const isFirst = known.length === 0
  for (const extent of extents) {
    const next = expected.get(extent.partition)
    // What was thrown away before the first load was never ours to collect; of a partition that came later everything was.
    const from = next ?? (isFirst ? extent.start : 0n)
    if (isFirst && extent.start === extent.end && extent.end > 0n) yield begun(topic, extent)
    yield* stretch(source, { topic, partition: extent.partition, from, end: extent.end }, signal)
  }
}

/** Kept so that what a partition lost before it held anything is not taken for a loss later. */
const begun = (topic: Topic, { partition, end }: Extent): FoundPiece => ({
  state: 'begun',
  path: pieceName({ topic: topic.name, partition, first: 0n, last: end - 1n }),
  origin: topic.id,
})

/** From an offset on, in pieces. */
async function* stretch(source: PieceSource, { topic, partition, from, end }: Stretch, signal: AbortSignal): AsyncGenerator<FoundPiece> {
  for (let at = from; at < end; ) {
    const fetched = await fetchPiece(source, { topic, partition, from: at, end }, signal)
    const range = { topic: topic.name, partition, first: at }
    if (fetched.state === 'gone') {
      const { start } = fetched
      const last = (start < end ? start : end) - 1n
      yield { state: 'lost', path: pieceName({ ...range, last }), origin: topic.id }
      at = last + 1n
      continue
    }
    if (fetched.messages > 0) yield* offer(source, topic, { ...range, last: fetched.next - 1n }, fetched)
    else await rm(fetched.file, { force: true })
    at = fetched.next
  }
}

/** A piece that another load met and could not load, with the same offsets. */
async function* again(
  source: PieceSource,
  topic: Topic,
  range: PieceRange & { from?: bigint },
  signal: AbortSignal,
): AsyncGenerator<FoundPiece> {
  const unbounded = { ...source, limits: { messages: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER } }
  const fetched = await fetchPiece(
    unbounded,
    { topic, partition: range.partition, from: range.from ?? range.first, end: range.last + 1n },
    signal,
  )
  if (fetched.state === 'fetched' && fetched.next <= range.last) {
    // The broker threw the rest away this very moment: the next try is told so from the beginning.
    await rm(fetched.file, { force: true })
    throw new AppError('unavailable', 'ingestion.source_lost', { params: { code: 'retention' } })
  }
  if (fetched.state === 'fetched') return yield* offer(source, topic, range, fetched)
  const last = (fetched.start <= range.last ? fetched.start : range.last + 1n) - 1n
  yield { state: 'lost', path: pieceName({ ...range, last }), origin: topic.id }
  // What is left of it keeps its name, by which it was met.
  if (last < range.last) yield* again(source, topic, { ...range, from: last + 1n }, signal)
}

async function* offer({ pathOf }: PieceSource, topic: Topic, range: PieceRange, { file, ...piece }: Fetched): AsyncGenerator<FoundPiece> {
  const name = pieceName(range)
  const path = pathOf(name)
  await rename(file, path)
  try {
    yield {
      state: 'fresh',
      path: name,
      rows: piece.messages,
      sizeBytes: piece.bytes,
      modifiedAt: new Date(piece.newest ?? Date.now()),
      sha256: piece.sha256,
      origin: topic.id,
    }
  } finally {
    await rm(path, { force: true })
  }
}

interface Fetched {
  state: 'fetched'
  file: string
  next: bigint
  messages: number
  bytes: number
  newest: number | null
  sha256: string
}

async function fetchPiece(
  source: PieceSource,
  wanted: Stretch,
  signal: AbortSignal,
): Promise<Fetched | { state: 'gone'; start: bigint; messages: 0 }> {
  const { session, pathOf, fetching, limits } = source
  const { topic, partition, from, end } = wanted
  const file = pathOf(randomUUID())
  const statement = `FETCH ${topic.name} PARTITION ${partition} FROM ${from} UNTIL ${end}`
  let spool: Spool | undefined
  try {
    return await fetching(statement, async () => {
      spool = await openSpool(file)
      try {
        const next = await collectMessages(session, wanted, spool, limits, signal)
        const sha256 = await spool.close()
        const { messages, bytes, newest } = spool
        return { state: 'fetched', file, next, messages, bytes, newest, sha256 }
      } catch (error) {
        await spool.close()
        if (!isOutOfRange(error)) throw error
        const extent = (await session.extents(topic)).find((each) => each.partition === partition)
        if (!extent || extent.start <= from) throw topicMadeAnew(topic.name)
        await rm(file, { force: true })
        return { state: 'gone', start: extent.start, messages: 0 }
      }
    })
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
}
