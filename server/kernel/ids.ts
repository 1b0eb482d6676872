import { randomFillSync } from 'node:crypto'

/**
 * A UUID version 7 (RFC 9562 §5.7): time-ordered, so that new rows land at the end of their index.
 * Ids are always made here, never taken from a client (reliability V18).
 */
export function newId(nowMs: number = Date.now()): string {
  const bytes = takeRandom()
  bytes.writeUIntBE(nowMs, 0, 6)
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

// Randomness comes from the system for many ids at once: each request has one.
const pool = Buffer.alloc(4096)
let taken = pool.length

function takeRandom(): Buffer {
  if (taken === pool.length) {
    randomFillSync(pool)
    taken = 0
  }
  taken += 16
  return Buffer.from(pool.subarray(taken - 16, taken))
}
