import { SaxesParser } from 'saxes'
import { AppError, invalid } from '../../../kernel/errors.ts'

interface Place {
  path: string[]
  count: number
  /** Elements or attributes stand in it. */
  hasInner: boolean
}

/**
 * Which elements are the records, judged by the beginning of a document: the outermost that repeat and hold something; where nothing
 * repeats, the outermost below the root that does. Undefined where there is none.
 */
export function findRecordPath(head: string): string[] | undefined {
  const places = countPlaces(head)
  const inner = places.filter(({ hasInner, path }) => hasInner && path.length > 1)
  const repeated = inner.filter(({ count }) => count > 1)
  const candidates = repeated.length > 0 ? repeated : inner
  const depth = Math.min(...candidates.map(({ path }) => path.length))
  return candidates.filter(({ path }) => path.length === depth).sort((one, other) => other.count - one.count)[0]?.path
}

/** Until the head ends or is broken. */
function countPlaces(head: string): Place[] {
  const places = new Map<string, Place>()
  const stack: Place[] = []
  const parser = new SaxesParser({ xmlns: false, position: false } as const)
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw invalid('file.xml_dtd')
  })
  parser.on('opentag', ({ name, attributes }) => {
    const above = stack.at(-1)
    if (above) above.hasInner = true
    const path = [...(above?.path ?? []), name.slice(name.indexOf(':') + 1)]
    const key = path.join('/')
    const place = places.get(key) ?? { path, count: 0, hasInner: false }
    place.count++
    place.hasInner ||= Object.keys(attributes).length > 0
    places.set(key, place)
    stack.push(place)
  })
  parser.on('closetag', () => void stack.pop())
  try {
    parser.write(head)
  } catch (error) {
    if (error instanceof AppError) throw error
  }
  return [...places.values()]
}
