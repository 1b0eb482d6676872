// Sets of documents. A bitmap has one bit per document of a segment; a family of sets keeps each as a bitmap or as a list,
// whichever is smaller, so that uniting sets costs at most one pass over the bitmap each.

export type Bitmap = Uint32Array

export interface DocSets {
  /** Documents in the segment. */
  documents: number
  /** Set → number of its documents. */
  sizes: Uint32Array
  /** Set → its place in `pool`: of a list when the set has fewer documents than a bitmap has words, else of a bitmap. */
  places: Uint32Array
  pool: Uint32Array
}

export function createBitmap(documents: number): Bitmap {
  return new Uint32Array(wordsFor(documents))
}

function wordsFor(documents: number): number {
  return (documents + 31) >>> 5
}

export function fillBitmap(bitmap: Bitmap, documents: number): void {
  bitmap.fill(0xffffffff)
  if ((documents & 31) !== 0) bitmap[bitmap.length - 1] = 2 ** (documents & 31) - 1
}

export function removeBit(bitmap: Bitmap, doc: number): void {
  bitmap[doc >>> 5] = (bitmap[doc >>> 5] as number) & ~(1 << (doc & 31))
}

export function hasBit(bitmap: Bitmap, doc: number): boolean {
  return (((bitmap[doc >>> 5] as number) >>> (doc & 31)) & 1) === 1
}

export function intersect(bitmap: Bitmap, other: Bitmap): void {
  for (let word = 0; word < bitmap.length; word++) bitmap[word] = (bitmap[word] as number) & (other[word] as number)
}

export function countBits(bitmap: Bitmap): number {
  let count = 0
  for (let word = 0; word < bitmap.length; word++) {
    let bits = bitmap[word] as number
    bits -= (bits >>> 1) & 0x55555555
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}

/** Writes the members into `list`, ascending; returns their number. */
export function listBits(bitmap: Bitmap, list: Uint32Array): number {
  let count = 0
  for (let word = 0; word < bitmap.length; word++) {
    for (let bits = bitmap[word] as number; bits !== 0; bits &= bits - 1) list[count++] = (word << 5) + 31 - Math.clz32(bits & -bits)
  }
  return count
}

/** Adds the members of a set to a bitmap. */
export function uniteSet({ documents, sizes, places, pool }: DocSets, set: number, bitmap: Bitmap): void {
  const size = sizes[set] as number
  const place = places[set] as number
  if (size < wordsFor(documents)) {
    for (let at = place; at < place + size; at++) {
      const doc = pool[at] as number
      bitmap[doc >>> 5] = (bitmap[doc >>> 5] as number) | (1 << (doc & 31))
    }
  } else {
    for (let word = 0; word < bitmap.length; word++) bitmap[word] = (bitmap[word] as number) | (pool[place + word] as number)
  }
}

/** Makes a family of sets one by one; a document may be added to a set repeatedly. */
export function createDocSetsBuilder(sets: number, documents: number) {
  const words = wordsFor(documents)
  const sizes = new Uint32Array(sets)
  const places = new Uint32Array(sets)
  const lastSet = new Int32Array(documents).fill(-1)
  const members = new Uint32Array(documents)
  let pool = new Uint32Array(1024)
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
      else for (let i = 0; i < size; i++) setBit(pool, used, members[i] as number)
      used += length
      set++
      size = 0
    },
    finish: (): DocSets => ({ documents, sizes, places, pool: pool.slice(0, used) }),
  }
}

function setBit(pool: Uint32Array, place: number, doc: number): void {
  const word = place + (doc >>> 5)
  pool[word] = (pool[word] as number) | (1 << (doc & 31))
}

function growTo(pool: Uint32Array, needed: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(needed, Math.ceil(pool.length * 1.5)))
  larger.set(pool)
  return larger
}
