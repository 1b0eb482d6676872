// Sets of documents. A bitmap has one bit per document of a segment; a family of sets keeps each as a bitmap or as a list,
// whichever is smaller, so that uniting sets costs at most one pass over the bitmap each.

/** Words are signed, so that they stay integers in the engine's registers. */
export type Bitmap = Int32Array

export interface DocSets {
  /** Documents in the segment. */
  documents: number
  /** Set → number of its documents. */
  sizes: Uint32Array
  /** Set → its place in `pool`: of a list when the set has fewer documents than a bitmap has words, else of a bitmap. */
  places: Uint32Array
  pool: Int32Array
}

export function createBitmap(documents: number): Bitmap {
  return new Int32Array(wordsFor(documents))
}

/** Working memory: bitmaps to use until all are released at once. */
export interface BitmapPool {
  takeEmpty(): Bitmap
  takeCopy(of: Bitmap): Bitmap
  releaseAll(): void
}

/** As many are kept as a query of a few words needs; a longer one allocates the rest. */
const KEPT_BITMAPS = 64

export function createBitmapPool(documents: number): BitmapPool {
  let free: Bitmap[] = []
  let taken: Bitmap[] = []
  const take = () => {
    const bitmap = free.pop() ?? createBitmap(documents)
    taken.push(bitmap)
    return bitmap
  }
  return {
    takeEmpty: () => take().fill(0),
    takeCopy: (of) => {
      const bitmap = take()
      bitmap.set(of)
      return bitmap
    },
    releaseAll: () => {
      free = [...taken, ...free].slice(0, KEPT_BITMAPS)
      taken = []
    },
  }
}

function wordsFor(documents: number): number {
  return (documents + 31) >>> 5
}

export function fillBitmap(bitmap: Bitmap, documents: number): void {
  bitmap.fill(-1)
  if ((documents & 31) !== 0) bitmap[bitmap.length - 1] = (1 << (documents & 31)) - 1
}

export function removeBit(bitmap: Bitmap, doc: number): void {
  bitmap[doc >>> 5] = bitmap[doc >>> 5]! & ~(1 << (doc & 31))
}

export function hasBit(bitmap: Bitmap, doc: number): boolean {
  return ((bitmap[doc >>> 5]! >>> (doc & 31)) & 1) === 1
}

export function intersect(bitmap: Bitmap, other: Bitmap): void {
  for (let word = 0; word < bitmap.length; word++) bitmap[word] = bitmap[word]! & other[word]!
}

export function unite(bitmap: Bitmap, other: Bitmap): void {
  for (let word = 0; word < bitmap.length; word++) bitmap[word] = bitmap[word]! | other[word]!
}

export function subtract(bitmap: Bitmap, other: Bitmap): void {
  for (let word = 0; word < bitmap.length; word++) bitmap[word] = bitmap[word]! & ~other[word]!
}

export function isSubset(bitmap: Bitmap, other: Bitmap): boolean {
  for (let word = 0; word < bitmap.length; word++) if ((bitmap[word]! & ~other[word]!) !== 0) return false
  return true
}

/** Narrows `bitmap` to what is in `source` and takes that out of `source`; tells whether anything is left there. */
export function takeOut(bitmap: Bitmap, source: Bitmap): boolean {
  let left = 0
  for (let word = 0; word < bitmap.length; word++) {
    const both = bitmap[word]! & source[word]!
    bitmap[word] = both
    source[word] = source[word]! ^ both
    left |= source[word]!
  }
  return left !== 0
}

export function countBits(bitmap: Bitmap): number {
  let count = 0
  for (let word = 0; word < bitmap.length; word++) count += countOnes(bitmap[word]!)
  return count
}

function countOnes(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The least member in a word of a bitmap, of which `bits` are left. */
export function lowestBit(word: number, bits: number): number {
  return (word << 5) + 31 - Math.clz32(bits & -bits)
}

/** Writes the members into `list`, ascending; returns their number. */
export function listBits(bitmap: Bitmap, list: Uint32Array): number {
  let count = 0
  for (let word = 0; word < bitmap.length; word++) {
    for (let bits = bitmap[word]!; bits !== 0; bits &= bits - 1) list[count++] = lowestBit(word, bits)
  }
  return count
}

/** Adds the members of a set to a bitmap. */
export function uniteSet({ documents, sizes, places, pool }: DocSets, set: number, bitmap: Bitmap): void {
  const size = sizes[set]!
  const place = places[set]!
  if (size < wordsFor(documents)) {
    for (let at = place; at < place + size; at++) {
      const doc = pool[at]!
      bitmap[doc >>> 5] = bitmap[doc >>> 5]! | (1 << (doc & 31))
    }
  } else {
    for (let word = 0; word < bitmap.length; word++) bitmap[word] = bitmap[word]! | pool[place + word]!
  }
}

/** Number of the members of a set that are in a bitmap. */
export function countCommon({ documents, sizes, places, pool }: DocSets, set: number, bitmap: Bitmap): number {
  const size = sizes[set]!
  const place = places[set]!
  let count = 0
  if (size < wordsFor(documents)) for (let at = place; at < place + size; at++) count += hasBit(bitmap, pool[at]!) ? 1 : 0
  else for (let word = 0; word < bitmap.length; word++) count += countOnes(bitmap[word]! & pool[place + word]!)
  return count
}

/** Makes a family of sets one by one; a document may be added to a set repeatedly. */
export function createDocSetsBuilder(sets: number, documents: number) {
  const words = wordsFor(documents)
  const sizes = new Uint32Array(sets)
  const places = new Uint32Array(sets)
  const lastSet = new Int32Array(documents).fill(-1)
  const members = new Uint32Array(documents)
  let pool = new Int32Array(64)
  let used = 0
  let set = 0
  let size = 0
  return {
    add(doc: number): void {
      if (lastSet[doc] === set) return
      lastSet[doc] = set
      members[size++] = doc
    },
    /** Ends the current set and begins the next. */
    next(): void {
      const length = Math.min(size, words)
      if (used + length > pool.length) pool = growTo(pool, used + length)
      sizes[set] = size
      places[set] = used
      if (size < words) pool.set(members.subarray(0, size), used)
      else for (let i = 0; i < size; i++) setBit(pool, used, members[i]!)
      used += length
      set++
      size = 0
    },
    finish: (): DocSets => ({ documents, sizes, places, pool: pool.slice(0, used) }),
  }
}

function setBit(pool: Int32Array, place: number, doc: number): void {
  const word = place + (doc >>> 5)
  pool[word] = pool[word]! | (1 << (doc & 31))
}

function growTo(pool: Int32Array, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, Math.ceil(pool.length * 1.5)))
  larger.set(pool)
  return larger
}
