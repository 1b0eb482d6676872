import { AppError, invalid } from '../../../kernel/errors.ts'
import { parseRecords, type XmlValues } from './parse-records.ts'

/** A record that cannot be read, as it stands in the file. */
export interface BrokenRecord {
  reason: 'xml_broken' | 'bad_characters'
  raw: string
}
export type FoundRecord = XmlValues | BrokenRecord
export const isBroken = (found: FoundRecord): found is BrokenRecord => 'reason' in found

/** Of one record, or of text without tags: beyond it somebody is filling the memory. */
const maxCharacters = 2 ** 24
/** What a decoder writes for bytes without meaning. */
const replacement = '\ufffd'

/**
 * The records of an XML document, in their order, in constant memory. A record that is broken is set aside, and reading goes on where the
 * next one starts; what is broken outside of a record, and a document without its end, is an error.
 * @throws `file.xml_damaged` `file.xml_dtd` `file.xml_truncated`
 */
export async function* readRecords(texts: AsyncIterable<string>, recordPath: readonly string[]): AsyncGenerator<FoundRecord[]> {
  const found: FoundRecord[] = []
  const nextStart = nextPattern(recordPath)
  /** The text that is not over yet; `origin`: where the parser's position 0 lies in it. */
  let window = ''
  let origin = 0
  let count = 0
  let isSkipping = false

  const damaged = (cause?: unknown) => new AppError('invalid', 'file.xml_damaged', { cause, params: { record: count + 1 } })
  const add = (record: FoundRecord) => {
    count++
    found.push(record)
  }
  const onRecord = (values: XmlValues, start: number, end: number) => {
    add(hasReplacement(values) ? { reason: 'bad_characters', raw: window.slice(start + origin, end + origin) } : values)
  }
  let parser = parseRecords(recordPath, onRecord)

  /** Sets the record aside with which the window starts, and starts anew behind it. False where its end is not in sight. */
  const skip = (): boolean => {
    nextStart.lastIndex = 1
    const next = nextStart.exec(window)?.index
    isSkipping = next === undefined
    if (next === undefined) return false
    add({ reason: 'xml_broken', raw: window.slice(0, next) })
    window = window.slice(next)
    const above = recordPath
      .slice(0, -1)
      .map((name) => `<${name}>`)
      .join('')
    parser = parseRecords(recordPath, onRecord)
    parser.write(above)
    origin = -above.length
    return true
  }
  const read = (text: string) => {
    for (let rest = text; ; rest = window) {
      try {
        parser.write(rest)
        return
      } catch (error) {
        const start = parser.openedAt()
        if (error instanceof AppError) throw error
        if (start === null) throw damaged(error)
        window = window.slice(start + origin)
        if (!skip()) return
      }
    }
  }

  for await (const text of texts) {
    window += text
    if (!isSkipping) read(text)
    else if (skip()) read(window)
    if (!isSkipping) {
      // What is not over yet is kept: a record, or the beginning of a tag.
      const done = (parser.openedAt() ?? parser.heardAt()) + origin
      window = window.slice(done)
      origin -= done
    }
    if (window.length > maxCharacters) throw damaged()
    yield found.splice(0)
  }
  if (isSkipping || !parser.isWhole()) throw invalid('file.xml_truncated', { record: count + 1 })
}

function hasReplacement(values: XmlValues): boolean {
  for (const texts of values.values()) for (const text of texts) if (text.includes(replacement)) return true
  return false
}

/** The start of the next record, or the end of what holds them. */
function nextPattern(recordPath: readonly string[]): RegExp {
  const [record, parent] = recordPath.toReversed().map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const prefix = '(?:[^\\s<>/:]+:)?'
  return new RegExp(`<${prefix}${record}(?=[\\s/>])${parent ? `|</${prefix}${parent}(?=[\\s>])` : ''}`, 'g')
}
