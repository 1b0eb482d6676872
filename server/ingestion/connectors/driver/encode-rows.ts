import type { DriverValue } from './driver-database.ts'

const chunkBytes = 2 ** 18

/** A value as text: bytes as hex, as the other databases send theirs. */
export const toText = (value: DriverValue): string | null =>
  value === null || value === undefined ? null : Buffer.isBuffer(value) ? value.toString('hex') : String(value)

/**
 * Rows as the engine's RowBinary, all columns Nullable(String): a byte 1 for no value, else 0, the length as a varint, UTF-8. Each row
 * is written into the bytes at once and kept nowhere.
 */
export async function* encodeRows(rows: AsyncIterable<DriverValue[]>): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafe(chunkBytes)
  let end = 0
  for await (const row of rows) {
    for (const value of row) {
      const text = toText(value)
      // A byte of UTF-16 is at most one and a half of UTF-8; ten more for the marks.
      const room = text === null ? 1 : text.length * 3 + 10
      if (end + room > chunk.length) {
        yield chunk.subarray(0, end)
        chunk = Buffer.allocUnsafe(Math.max(chunkBytes, room))
        end = 0
      }
      end = text === null ? chunk.writeUInt8(1, end) : writeText(chunk, chunk.writeUInt8(0, end), text)
    }
  }
  if (end > 0) yield chunk.subarray(0, end)
}

function writeText(chunk: Buffer, at: number, text: string): number {
  let length = Buffer.byteLength(text)
  let end = at
  const bytes = length
  for (; length >= 0x80; length = Math.floor(length / 0x80)) end = chunk.writeUInt8((length % 0x80) | 0x80, end)
  end = chunk.writeUInt8(length, end)
  chunk.write(text, end, 'utf8')
  return end + bytes
}
