import { createReadStream } from 'node:fs'
import type { Encoding } from './decode-text.ts'

export interface EncodedFile {
  path: string
  encoding: Encoding
  markBytes: number
}

/** The text of a file in pieces; bytes without meaning become U+FFFD. Blanks at the start are left out: exports have them, XML forbids them. */
export async function* decodedTexts({ path, encoding, markBytes }: EncodedFile, signal?: AbortSignal): AsyncGenerator<string> {
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
