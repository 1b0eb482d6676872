// Keeps millions of strings outside the JavaScript heap, exact (UTF-16, lone surrogates included) and within a budget.

export interface TextPool {
  add(text: string): void
  /** The string at `index`, or undefined when there is none. */
  get(index: number): string | undefined
  readonly size: number
}

const PAGE_BYTES = 2 ** 20

/** `exceeded` makes the error that is thrown when `add` would pass `maxBytes`. */
export function createTextPool(maxBytes: number, exceeded: () => Error): TextPool {
  const pages: Buffer[] = []
  let page = Buffer.alloc(0)
  let used = 0
  let totalBytes = 0
  let size = 0
  // Per string: page number, start, end.
  let spans = new Uint32Array(3 * 1024)
  return {
    get size() {
      return size
    },
    add(text) {
      const length = text.length * 2
      totalBytes += length + 12
      if (totalBytes > maxBytes) throw exceeded()
      if (used + length > page.length) {
        page = Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, length))
        pages.push(page)
        used = 0
      }
      if (size * 3 === spans.length) {
        const grown = new Uint32Array(spans.length * 2)
        grown.set(spans)
        spans = grown
      }
      page.write(text, used, 'utf16le')
      spans.set([pages.length - 1, used, used + length], size * 3)
      used += length
      size++
    },
    get(index) {
      if (!(index >= 0 && index < size)) return undefined
      const at = index * 3
      return pages[spans[at]!]!.toString('utf16le', spans[at + 1]!, spans[at + 2]!)
    },
  }
}
