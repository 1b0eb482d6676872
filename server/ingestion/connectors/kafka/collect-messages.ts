import { AppError, conflict } from '../../../kernel/errors.ts'
import { isOutOfRange } from './kafka-error.ts'
import type { Session, Topic } from './open-session.ts'
import type { Spool } from './spool-messages.ts'

/** How much one piece may hold. */
export interface PieceLimits {
  messages: number
  bytes: number
}

export interface Stretch {
  topic: Topic
  partition: number
  from: bigint
  /** Before this offset it ends. */
  end: bigint
}

/** A broker that has more waits with its answer for half a second at most. */
const mostSilences = 20

/**
 * Brings the messages from `from` on into the spool, to the end or until the piece is full. Offsets of transactions that were given up, and
 * of what compaction took, hold nothing. @returns where to go on @throws KafkaRefusal 1 where the broker no longer has `from`
 */
export async function collectMessages(
  session: Session,
  { topic, partition, from, end }: Stretch,
  spool: Spool,
  limits: PieceLimits,
  signal?: AbortSignal,
): Promise<bigint> {
  let at = from
  for (let silences = 0; at < end; ) {
    signal?.throwIfAborted()
    const found = await session.fetch(topic, partition, at).catch((error: unknown) => {
      // What was brought so far is whole; whoever goes on from here learns what is gone.
      if (isOutOfRange(error) && at > from) return null
      throw error
    })
    if (!found) return at
    const { messages, next } = found
    if (next === at && ++silences >= mostSilences)
      throw new AppError('unavailable', 'ingestion.source_slow', { params: { code: 'fetch', object: topic.name, column: '' } })
    if (next > at) silences = 0
    for (const message of messages) {
      if (message.offset >= end) break
      if (spool.messages >= limits.messages || spool.bytes >= limits.bytes) return message.offset
      spool.add(partition, message)
    }
    await spool.flush()
    at = next < end ? next : end
  }
  return at
}

/** @throws not_found `ingestion.object_unknown` */
export async function findTopic(session: Session, name: string): Promise<Topic> {
  const found = (await session.topics()).find((topic) => topic.name === name)
  if (!found) throw new AppError('not_found', 'ingestion.object_unknown', { params: { object: name } })
  return found
}

export const topicMadeAnew = (topic: string) => conflict('ingestion.topic_anew', { object: topic })
