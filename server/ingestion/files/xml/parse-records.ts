import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { invalid } from '../../../kernel/errors.ts'

/** Texts by the path of their element below the record (`人员.姓名`), attributes as `@名称`. An element that stands there twice has two. */
export type XmlValues = ReadonlyMap<string, string[]>

export interface RecordParser {
  /** Positions count characters from the first that was written. @throws what saxes says of broken XML */
  write(text: string): void
  /** Where the record starts that is open now. */
  openedAt(): number | null
  /** Where a tag last began or ended. */
  heardAt(): number
  /** Whether the document has ended, whole. */
  isWhole(): boolean
}

const options = { xmlns: false, position: false } as const
const maxDepth = 64

const localName = (name: string) => name.slice(name.indexOf(':') + 1)
const isOwn = (attribute: string) => !/^(xmlns|xsi|xml)(:|$)/.test(attribute)

/**
 * Hears the elements at one path of a document: `onRecord` for each that has ended. No DTD, no entity but the five of XML, nothing is
 * ever fetched (reliability A20: XXE, entity bombs). @throws invalid `file.xml_dtd`
 */
export function parseRecords(
  recordPath: readonly string[],
  onRecord: (values: XmlValues, start: number, end: number) => void,
): RecordParser {
  const parser = new SaxesParser(options)
  /** `path`: below the record; empty for the record itself and what is above it. */
  const stack: { name: string; path: string; text: string; hasInner: boolean }[] = []
  let values: Map<string, string[]> | null = null
  let start = 0
  let heard = 0
  let hasEnded = false
  const add = (path: string, text: string) => {
    const there = values!.get(path)
    if (there) there.push(text)
    else values!.set(path, [text])
  }
  const below = (path: string, name: string) => (path === '' ? name : `${path}.${name}`)
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw invalid('file.xml_dtd')
  })
  parser.on('opentagstart', (tag) => {
    heard = parser.position
    if (stack.length === maxDepth) throw new Error('nested too deep')
    const name = localName(tag.name)
    const above = stack.at(-1)
    if (above) above.hasInner = true
    stack.push({ name, path: values ? below(above!.path, name) : '', text: '', hasInner: false })
    if (values || stack.length !== recordPath.length || !stack.every((each, i) => each.name === recordPath[i])) return
    values = new Map()
    start = parser.position - tag.name.length - 2
  })
  parser.on('opentag', ({ attributes }: SaxesTagPlain) => {
    if (values) for (const name in attributes) if (isOwn(name)) add(below(stack.at(-1)!.path, `@${localName(name)}`), attributes[name]!)
  })
  const hear = (text: string) => {
    if (values) stack.at(-1)!.text += text
  }
  parser.on('text', hear)
  parser.on('cdata', hear)
  parser.on('closetag', () => {
    heard = parser.position
    const { name, path, text, hasInner } = stack.pop()!
    hasEnded = stack.length === 0
    if (!values) return
    const isRecord = stack.length === recordPath.length - 1
    // Blanks between elements mean nothing; text beside them does.
    if ((!hasInner && !isRecord) || text.trim() !== '') add(isRecord ? name : path, text)
    if (!isRecord) return
    onRecord(values, start, parser.position)
    values = null
  })
  return {
    write: (text) => void parser.write(text),
    openedAt: () => (values ? start : null),
    heardAt: () => heard,
    isWhole: () => hasEnded,
  }
}
