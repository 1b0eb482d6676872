import { createReadStream } from 'node:fs'
import type { Encoding } from '../text/decode-text.ts'

export interface XmlSource {
  path: string
  encoding: Encoding
  markBytes: number
}

/** The text of a file in pieces; bytes without meaning become U+FFFD. Blanks before the declaration are left out: exports have them, XML forbids them. */
export async function* xmlTexts({ path, encoding, markBytes }: XmlSource, signal?: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true })
  let hasBegun = false
  for await (const bytes of createReadStream(path, { start: markBytes, highWaterMark: 2 ** 18 })) {
    signal?.throwIfAborted()
    const text: string = decoder.decode(bytes as Buffer, { stream: true })
    const begun: string = hasBegun ? text : text.trimStart()
    hasBegun ||= begun !== ''
    yield begun
  }
  yield decoder.decode()
}
