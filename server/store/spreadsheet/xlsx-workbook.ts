// What a workbook says about its sheets: names, visibility, date system, number formats, shared strings.
import { posix } from 'node:path'
import { AppError, invalid } from '../../kernel/errors.ts'
import { createTextPool, type TextPool } from './text-pool.ts'
import { readWholeXml } from './read-xml.ts'
import { type DateKind, dateKindOf } from './xlsx-date.ts'
import type { XlsxArchive } from './xlsx-archive.ts'

export interface SheetInfo {
  name: string
  state: 'visible' | 'hidden' | 'veryHidden'
  /** Part name inside the container. */
  part: string
}

/** What matters of a cell's style: the kind of date it shows, or the width of a format made of zeros (`000000`). */
export interface CellStyle {
  date?: DateKind
  zeros?: number
}

export interface WorkbookInfo {
  sheets: SheetInfo[]
  date1904: boolean
  /** Formulas may point into other workbooks; their cached values are read, the links are never followed. */
  hasExternalLinks: boolean
  stylesPart?: string
  sharedStringsPart?: string
}

interface Relation {
  type: string
  target: string
  external: boolean
}

export async function readWorkbook(archive: XlsxArchive): Promise<WorkbookInfo> {
  const rootRelations = await readRelations(archive, '')
  const main = [...rootRelations.values()].find((relation) => relation.type === 'officeDocument')
  const workbookPart = main ? inside(main) : 'xl/workbook.xml'
  const relations = await readRelations(archive, workbookPart)
  const declared: { name: string; state: SheetInfo['state']; id: string }[] = []
  let date1904 = false
  await readWholeXml(workbookPart, await archive.openPart(workbookPart), {
    open(name, attributes) {
      if (name === 'workbookPr') date1904 = isTrue(attributes.date1904)
      if (name === 'sheet') declared.push({ name: attributes.name ?? '', state: stateOf(attributes.state), id: relationId(attributes) })
    },
  })
  const partOf = (type: string) => {
    const relation = [...relations.values()].find((one) => one.type === type)
    return relation && inside(relation)
  }
  const stylesPart = partOf('styles')
  const sharedStringsPart = partOf('sharedStrings')
  const sheets = declared.flatMap(({ name, state, id }) => {
    const relation = relations.get(id)
    // Chart and dialog sheets hold no rows.
    return relation?.type === 'worksheet' ? [{ name, state, part: inside(relation) }] : []
  })
  if (declared.length === 0) throw invalid('file.xlsx_damaged', { part: workbookPart })
  return {
    sheets,
    date1904,
    hasExternalLinks: [...relations.values()].some((relation) => relation.type === 'externalLink'),
    ...(stylesPart && { stylesPart }),
    ...(sharedStringsPart && { sharedStringsPart }),
  }
}

/** Styles by index of `cellXfs`, as cells name them. */
export async function readStyles(archive: XlsxArchive, part: string | undefined): Promise<CellStyle[]> {
  const styles: CellStyle[] = []
  const codes = new Map<number, string>()
  const formatIds: number[] = []
  let inCellFormats = false
  if (!part || !archive.names.has(part)) return styles
  await readWholeXml(part, await archive.openPart(part), {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      if (name === 'cellXfs') inCellFormats = true
      if (name === 'xf' && inCellFormats) formatIds.push(Number(attributes.numFmtId ?? 0))
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false
    },
  })
  return formatIds.map((id) => {
    const code = codes.get(id)
    const date = dateKindOf(id, code)
    if (date) return { date }
    return code && /^0{2,32}$/.test(code) ? { zeros: code.length } : {}
  })
}

/** All shared strings: rich text joined, phonetic guides left out, `_xHHHH_` undone. @throws `file.xlsx_too_many_strings` */
export async function readSharedStrings(archive: XlsxArchive, part: string | undefined, maxBytes: number): Promise<TextPool> {
  const pool = createTextPool(
    maxBytes,
    () => new AppError('too_large', 'file.xlsx_too_many_strings', { params: { limitMiB: maxBytes / 2 ** 20 } }),
  )
  if (!part || !archive.names.has(part)) return pool
  let text = ''
  let inText = false
  let inPhonetic = false
  await readWholeXml(part, await archive.openPart(part), {
    open(name) {
      if (name === 'si') text = ''
      if (name === 'rPh') inPhonetic = true
      if (name === 't') inText = !inPhonetic
    },
    text(piece) {
      if (inText) text += piece
    },
    close(name) {
      if (name === 't') inText = false
      if (name === 'rPh') inPhonetic = false
      if (name === 'si') pool.add(unescapeText(text))
    },
  })
  return pool
}

/** ECMA-376 §22.9.2.19 ST_Xstring: characters that XML cannot hold are written `_xHHHH_`. */
export const unescapeText = (text: string) =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text

async function readRelations(archive: XlsxArchive, ownerPart: string): Promise<Map<string, Relation>> {
  const part = posix.join(posix.dirname(ownerPart), '_rels', `${posix.basename(ownerPart)}.rels`)
  const relations = new Map<string, Relation>()
  if (!archive.names.has(part)) return relations
  await readWholeXml(part, await archive.openPart(part), {
    open(name, attributes) {
      if (name !== 'Relationship') return
      const target = attributes.Target ?? ''
      relations.set(attributes.Id ?? '', {
        type: (attributes.Type ?? '').split('/').pop() ?? '',
        target: target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(ownerPart), target),
        external: attributes.TargetMode === 'External',
      })
    },
  })
  return relations
}

/** Hyperlinks and links to other workbooks may point outside; a part that is to be read may not. @throws `file.xlsx_external_part` */
function inside(relation: Relation): string {
  if (relation.external || /^[a-z]+:/i.test(relation.target) || relation.target.startsWith('..')) throw invalid('file.xlsx_external_part')
  return relation.target
}

const relationId = (attributes: Record<string, string>) => Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''
const isTrue = (value: string | undefined) => value === '1' || value === 'true'
const stateOf = (state: string | undefined) => (state === 'hidden' || state === 'veryHidden' ? state : 'visible')
