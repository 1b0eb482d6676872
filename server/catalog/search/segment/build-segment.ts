// Makes segments: of documents, or of the live documents of other segments.
import { createBitmap, createDocSetsBuilder, type DocSets, fillBitmap, hasBit } from './doc-sets.ts'
import { FACETS, FIELDS, type FacetName, type FieldName, mapFacets, mapFields, type SearchDocument } from '../document.ts'
import { buildFieldIndex, type FieldIndex, numberSymbols } from './field-index.ts'
import { group, listUpTo, walk } from './lists.ts'
import { COLUMNS, compareRanks, fieldOfCell, rankOf, type Segment, type Shared } from './segment.ts'
import { createValueDictionary, type ValueDictionary } from './value-dictionary.ts'

/** Longer texts are rarely repeated: remembering them costs more than reading them again. */
const REPEATED_LENGTH = 32

interface Draft {
  shared: Shared
  segment: Omit<Segment, 'fields' | 'columns' | 'rows' | 'facets'>
  facetRows: Uint16Array
  dictionaries: Record<FieldName, ValueDictionary>
  offsets: Uint32Array
  cells: number[]
}

/** Indexes documents; their ids must differ. */
export function buildSegment(documents: readonly SearchDocument[], shared: Shared): Segment {
  const ranked = documents
    .map((document) => ({ document, boost: document.boost ?? 0, nameLength: document.name.length, id: document.id }))
    .sort(compareRanks)
  const draft = startDraft(shared, ranked.length)
  const known = mapFields(() => new Map<string, number>())
  const toValue = (field: FieldName, text: string) => {
    if (text.length > REPEATED_LENGTH) return draft.dictionaries[field].add(shared.alphabet.encode(text))
    const value = known[field].get(text) ?? draft.dictionaries[field].add(shared.alphabet.encode(text))
    known[field].set(text, value)
    return value
  }
  for (const [doc, { document, boost }] of ranked.entries()) {
    const facets = FACETS.map((facet) => shared.facetValues.number(facet, document.facets[facet]))
    const texts = listTexts(document)
    addDocument(draft, doc, { id: document.id, version: document.version, boost, facets }, texts.length)
    for (const [cell, text] of texts.entries()) draft.cells.push(toValue(fieldOfCell(cell), text))
  }
  return finishDraft(draft)
}

function listTexts(document: SearchDocument): string[] {
  const { name, code, system, provider, abstract } = document
  return [name, code, system, provider, abstract, ...document.items.flatMap((item) => [item.name, item.code])]
}

/** One segment of all live documents of several; nothing is folded or read again. */
export function mergeSegments(segments: readonly Segment[], shared: Shared): Segment {
  const ranked = segments.flatMap((segment) => listLive(segment).map((doc) => ({ segment, doc, ...rankOf(segment, doc) })))
  ranked.sort(compareRanks)
  const draft = startDraft(shared, ranked.length)
  const moved = new Map(
    segments.map((segment) => [segment, mapFields((field) => new Int32Array(segment.fields[field].starts.length).fill(-1))]),
  )
  for (const [doc, { segment, doc: from, id, boost }] of ranked.entries()) {
    const { offsets, cells } = segment.rows
    const [start, end] = [offsets[from]!, offsets[from + 1]!]
    const facets = segment.facets.rows.subarray(from * FACETS.length, (from + 1) * FACETS.length)
    addDocument(draft, doc, { id, version: segment.versions[from]!, boost, facets }, end - start)
    for (let at = start; at < end; at++) {
      const field = fieldOfCell(at - start)
      const values = moved.get(segment)?.[field] as Int32Array
      const value = cells[at]!
      if (values[value] === -1) values[value] = draft.dictionaries[field].add(symbolsOf(segment.fields[field], value))
      draft.cells.push(values[value]!)
    }
  }
  return finishDraft(draft)
}

function listLive(segment: Segment): number[] {
  return Array.from(segment.ids.keys()).filter((doc) => hasBit(segment.live, doc))
}

function symbolsOf({ text, starts }: FieldIndex, value: number): Uint16Array {
  return text.subarray(starts[value], starts[value + 1]! - 1)
}

function startDraft(shared: Shared, size: number): Draft {
  const segment = {
    ids: new Array<string>(size).fill(''),
    versions: new Float64Array(size),
    boosts: new Float64Array(size),
    live: createBitmap(size),
    liveCount: size,
  }
  fillBitmap(segment.live, size)
  const facetRows = new Uint16Array(size * FACETS.length)
  return { shared, segment, facetRows, dictionaries: mapFields(createValueDictionary), offsets: new Uint32Array(size + 1), cells: [] }
}

function addDocument(
  draft: Draft,
  doc: number,
  facts: { id: string; version: number; boost: number; facets: ArrayLike<number> },
  cells: number,
): void {
  const { segment, offsets } = draft
  ;(segment.ids as string[])[doc] = facts.id
  segment.versions[doc] = facts.version
  segment.boosts[doc] = facts.boost
  draft.facetRows.set(facts.facets, doc * FACETS.length)
  offsets[doc + 1] = offsets[doc]! + cells
}

function finishDraft(draft: Draft): Segment {
  const cells = Uint32Array.from(draft.cells)
  const { offsets } = draft
  const columns = listColumns(offsets, cells)
  const documents = draft.segment.ids.length
  const texts = mapFields((field) => draft.dictionaries[field].finish())
  const symbols = numberSymbols(
    Object.values(texts).map(({ text }) => text),
    draft.shared.alphabet.size(),
  )
  const fields = mapFields((field) => buildFieldIndex({ ...texts[field], symbols, documents }, columns[field].values, columns[field].docs))
  const docsOfValue = mapFacets((facet) => buildFacetSets(draft, facet))
  return {
    ...draft.segment,
    facets: { rows: draft.facetRows, docsOfValue },
    fields,
    columns: COLUMNS.map((field) => fields[field]),
    rows: { offsets, cells },
  }
}

function buildFacetSets({ facetRows, segment, shared }: Draft, facet: FacetName): DocSets {
  const values = shared.facetValues.list(facet).length
  const documents = segment.ids.length
  const sets = createDocSetsBuilder(values, documents)
  const at = FACETS.indexOf(facet)
  const docs = group(
    listUpTo(documents),
    facetRows.filter((_, i) => i % FACETS.length === at),
    values,
  )
  for (let value = 0; value < values; value++) {
    walk(docs, value, sets.add)
    sets.next()
  }
  return sets.finish()
}

/** The (value, document) pairs of each field, documents ascending. */
function listColumns(offsets: Uint32Array, cells: Uint32Array): Record<FieldName, { values: Uint32Array; docs: Uint32Array }> {
  const sizes = mapFields(() => 0)
  const walk = (visit: (field: FieldName, doc: number, value: number) => void) => {
    for (let doc = 0; doc + 1 < offsets.length; doc++) {
      const start = offsets[doc]!
      for (let at = start; at < offsets[doc + 1]!; at++) visit(fieldOfCell(at - start), doc, cells[at]!)
    }
  }
  walk((field) => sizes[field]++)
  const columns = mapFields((field) => ({ values: new Uint32Array(sizes[field]), docs: new Uint32Array(sizes[field]) }))
  for (const field of FIELDS) sizes[field] = 0
  walk((field, doc, value) => {
    const at = sizes[field]++
    columns[field].values[at] = value
    columns[field].docs[at] = doc
  })
  return columns
}
