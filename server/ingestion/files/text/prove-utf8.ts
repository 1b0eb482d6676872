import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { invalid } from '../../../kernel/errors.ts'
import { findBadByte } from './decode-text.ts'

/** Reads the whole file and says where it is no UTF-8. @throws `file.undecodable` with the byte offset */
export async function proveUtf8(path: string, signal?: AbortSignal): Promise<void> {
  let base = 0
  let carry: Buffer = Buffer.alloc(0)
  const prove = (bytes: Buffer) => {
    if (isUtf8(bytes)) return
    const bad = findBadByte(bytes, 'utf-8')
    throw invalid('file.undecodable', { encoding: 'utf-8', offset: base + (bad?.offset ?? 0), bytes: bad?.hex ?? '' })
  }
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20, signal })) {
    const bytes = Buffer.concat([carry, chunk as Buffer])
    // A character has at most four bytes: cut before the last one that may go on in the next chunk.
    let cut = bytes.length
    for (let back = 1; back <= 3 && back <= bytes.length; back++) {
      const byte = bytes[bytes.length - back]!
      if (byte >= 0xc0) cut = bytes.length - back
      if (byte < 0x80 || byte >= 0xc0) break
    }
    prove(bytes.subarray(0, cut))
    carry = Buffer.from(bytes.subarray(cut))
    base += cut
  }
  prove(carry)
}
