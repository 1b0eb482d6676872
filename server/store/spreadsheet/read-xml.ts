// Streams one XML part of a workbook. No DTD, no entity but the five of XML, nothing is ever fetched (reliability F28, XXE).
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { AppError, invalid } from '../../kernel/errors.ts'

export interface XmlHandlers {
  /** `name` is without its namespace prefix. */
  open?(name: string, attributes: Record<string, string>): void
  text?(text: string): void
  close?(name: string): void
}

const OPTIONS = { xmlns: false, position: false } as const
const MAX_DEPTH = 64
/** Bytes without any tag or text end: above it, one text node or attribute is being grown to fill the memory. */
const MAX_SILENT_BYTES = 4 * 2 ** 20

/**
 * Feeds `source` to `handlers`, and yields after every chunk so that the caller can hand on what was read.
 * @throws `file.xlsx_dtd` `file.xlsx_damaged`
 */
export async function* readXml(part: string, source: AsyncIterable<Uint8Array>, handlers: XmlHandlers): AsyncGenerator<void> {
  let silentBytes = 0
  const parser = buildParser(handlers, () => {
    silentBytes = 0
  })
  let decoder: TextDecoder | undefined
  try {
    for await (const chunk of source) {
      decoder ??= decoderFor(chunk)
      silentBytes += chunk.length
      parser.write(decoder.decode(chunk, { stream: true }))
      if (silentBytes > MAX_SILENT_BYTES) throw invalid('file.xlsx_damaged', { part })
      yield
    }
    parser.write(decoder?.decode() ?? '').close()
    yield
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', 'file.xlsx_damaged', { cause: error, params: { part } })
  }
}

/** Reads a part to its end where nothing is handed on in between. */
export async function readWholeXml(part: string, source: AsyncIterable<Uint8Array>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of readXml(part, source, handlers));
}

function buildParser(handlers: XmlHandlers, heard: () => void): SaxesParser<typeof OPTIONS> {
  const parser = new SaxesParser(OPTIONS)
  let depth = 0
  parser.on('doctype', () => {
    throw invalid('file.xlsx_dtd')
  })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', (tag: SaxesTagPlain) => {
    heard()
    if (++depth > MAX_DEPTH) throw new Error(`nested deeper than ${MAX_DEPTH}`)
    handlers.open?.(localName(tag.name), tag.attributes)
  })
  parser.on('text', (text) => {
    heard()
    handlers.text?.(text)
  })
  parser.on('cdata', (text) => handlers.text?.(text))
  parser.on('closetag', (tag: SaxesTagPlain) => {
    heard()
    depth--
    handlers.close?.(localName(tag.name))
  })
  return parser
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1)

/** XML 1.0 appendix F: a part is UTF-8 or, by its byte order mark, UTF-16. */
function decoderFor(head: Uint8Array): TextDecoder {
  const bom = (head[0]! << 8) | head[1]!
  const encoding = bom === 0xfffe ? 'utf-16le' : bom === 0xfeff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true })
}
