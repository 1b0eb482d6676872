import { setTimeout as sleep } from 'node:timers/promises'
import type { Stream } from '../../contract/stream/stream.ts'
import type { Client } from '../city.ts'

/** Waits until a stream is as somebody who watches the page wants it. */
export async function awaitStream(
  client: Client,
  streamId: string,
  isAsWanted: (stream: Stream) => boolean,
  seconds = 60,
): Promise<Stream> {
  let stream: Stream | undefined
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) {
    stream = await client.call('get_stream', { params: { streamId } })
    if (isAsWanted(stream)) return stream
  }
  throw new Error(`the stream ${streamId} was not as wanted within ${seconds} s: ${JSON.stringify(stream)}`)
}
