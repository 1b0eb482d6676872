/** Offsets of a partition from `first` to `last`, as one file of an append load. */
export interface PieceRange {
  topic: string
  partition: number
  first: bigint
  last: bigint
}

const digits = 20
const shape = /^([A-Za-z0-9._-]{1,249})\/(\d{1,10})\/(\d{20})-(\d{20})$/

/** `orders/0/00000000000000000000-00000000000000001233`: in the order of their names pieces lie in the order of their offsets. */
export const pieceName = ({ topic, partition, first, last }: PieceRange): string =>
  `${topic}/${partition}/${String(first).padStart(digits, '0')}-${String(last).padStart(digits, '0')}`

/** A topic's name holds no slash: what is no piece is a topic. */
export function parsePiece(name: string): PieceRange | null {
  const found = shape.exec(name)
  return found && { topic: found[1]!, partition: Number(found[2]), first: BigInt(found[3]!), last: BigInt(found[4]!) }
}

/** How many offsets a piece spans, which may be more than there are messages. */
export const spanOf = ({ first, last }: PieceRange): number => Number(last - first + 1n)
