// Writes an .xlsx as a stream. Text stays text: a cell is an inline string with the text format, so Excel neither
// evaluates `=…` nor rounds an 18-digit id, and a text column keeps that format for the rows that a person types below.
import { invalid } from '../../kernel/errors.ts'
import { startsLikeFormula } from './starts-like-formula.ts'
import { toSerial } from './xlsx-date.ts'
import { toNumberText } from './xlsx-number.ts'
import { columnLetters, MAX_COLUMNS, MAX_ROWS } from './xlsx-reference.ts'
import { writeZip, type ZipEntry } from './write-zip.ts'

export type CellValue = string | number | bigint | boolean | null | undefined

export interface SheetColumn {
  header: string
  type: 'text' | 'number' | 'date' | 'boolean'
  /** In characters. */
  width?: number
  /** Offered as a drop-down list below the header; without commas and quotes, at most 255 characters together. */
  choices?: readonly string[]
}

export interface SheetToWrite {
  name: string
  columns: SheetColumn[]
  /** One array of values per row, in the order of the columns. Dates are ISO text, decimals may be text. */
  rows: Iterable<readonly CellValue[]> | AsyncIterable<readonly CellValue[]>
}

/** Excel's own limit, in UTF-16 units. */
const MAX_TEXT = 32_767
/** Index into `cellXfs` of STYLES below. */
const STYLE = { plain: 0, header: 1, text: 2, date: 3, datetime: 4, quoted: 5 } as const

/**
 * The bytes of the workbook; pipe them to a file or a response.
 * @throws `file.cell_too_long` `file.sheet_name_invalid` `file.too_many_rows` `file.export_too_large`
 */
export function writeXlsx(sheets: SheetToWrite[]): AsyncGenerator<Buffer> {
  checkNames(sheets)
  const part = (name: string, xml: string): ZipEntry => ({ name, content: [XML_HEAD + xml] })
  return writeZip([
    part('[Content_Types].xml', contentTypes(sheets.length)),
    part('_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']])),
    part('xl/workbook.xml', workbook(sheets)),
    part(
      'xl/_rels/workbook.xml.rels',
      relations([...sheets.map((_, i): [string, string] => ['worksheet', `worksheets/sheet${i + 1}.xml`]), ['styles', 'styles.xml']]),
    ),
    part('xl/styles.xml', STYLES),
    ...sheets.map((sheet, i): ZipEntry => ({ name: `xl/worksheets/sheet${i + 1}.xml`, content: sheetXml(sheet) })),
  ])
}

async function* sheetXml(sheet: SheetToWrite): AsyncGenerator<string> {
  const letters = sheet.columns.map((_, column) => columnLetters(column))
  const widths = sheet.columns.map(({ type, width, header }, i) => {
    const style = type === 'text' ? ` style="${STYLE.text}"` : ''
    return `<col min="${i + 1}" max="${i + 1}" width="${width ?? Math.min(40, 4 + header.length * 2)}" customWidth="1"${style}/>`
  })
  yield `${XML_HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
  yield `${widths.length ? `<cols>${widths.join('')}</cols>` : ''}<sheetData><row r="1">`
  for (const [column, { header }] of sheet.columns.entries()) yield textCell(`${letters[column]}1`, header, STYLE.header)
  yield '</row>'
  let row = 1
  for await (const values of sheet.rows) {
    if (++row > MAX_ROWS) throw invalid('file.too_many_rows', { limit: MAX_ROWS })
    const cells = sheet.columns.map(({ type }, column) => cellXml(`${letters[column]}${row}`, type, values[column]))
    yield `<row r="${row}">${cells.join('')}</row>`
  }
  yield `</sheetData>${dropDowns(sheet.columns, letters)}</worksheet>`
}

/** Excel's lists of allowed values (ECMA-376 §18.3.1.32). Other values are refused while typing, not when pasted. */
function dropDowns(columns: SheetColumn[], letters: string[]): string {
  const lists = columns.flatMap(({ choices }, column) => {
    if (!choices) return []
    const list = choices.join(',')
    if (choices.some((choice) => /[,"]/.test(choice)) || list.length > 255) throw new RangeError(`not a list for Excel: ${list}`)
    const range = `${letters[column]}2:${letters[column]}${MAX_ROWS}`
    return [
      `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${range}"><formula1>"${escapeText(list)}"</formula1></dataValidation>`,
    ]
  })
  return lists.length === 0 ? '' : `<dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`
}

function cellXml(ref: string, type: SheetColumn['type'], value: CellValue): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  if (text === '') return ''
  if (type === 'boolean' && /^(true|false)$/.test(text)) return `<c r="${ref}" t="b"><v>${text === 'true' ? 1 : 0}</v></c>`
  if (type === 'number') {
    const number = toNumberText(text)
    // What Excel would round is kept as text.
    if (number?.text === text && !number.precisionLost && text.replace(/\D/g, '').length <= 15) return `<c r="${ref}"><v>${text}</v></c>`
  }
  if (type === 'date') {
    const serial = toSerial(text)
    if (serial) return `<c r="${ref}" s="${text.length > 10 ? STYLE.datetime : STYLE.date}"><v>${serial}</v></c>`
  }
  return textCell(ref, text, startsLikeFormula(text) ? STYLE.quoted : STYLE.text)
}

function textCell(ref: string, text: string, style: number): string {
  if (text.length > MAX_TEXT) throw invalid('file.cell_too_long', { ref, limit: MAX_TEXT })
  return `<c r="${ref}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`
}

/** ST_Xstring (ECMA-376 §22.9.2.19): what XML would drop or change becomes `_xHHHH_`, and a text that looks so is protected. */
function escapeText(text: string): string {
  const hex = (unit: string) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4})/g, '_x005F_')
    .replace(UNWRITABLE, hex)
    .replace(/[&<>]/g, (mark) => (mark === '&' ? '&amp;' : mark === '<' ? '&lt;' : '&gt;'))
}

const UNWRITABLE = /(?![\t\n])[\p{Cc}\p{Cs}\ufffe\uffff]/gu

function checkNames(sheets: SheetToWrite[]): void {
  const seen = new Set<string>()
  for (const { name, columns } of sheets) {
    const isValid = name.length > 0 && name.length <= 31 && !/[[\]/\\:*?\p{Cc}]|^'|'$/u.test(name)
    if (!isValid || seen.has(name.toLowerCase())) throw invalid('file.sheet_name_invalid', { sheet: name })
    if (columns.length > MAX_COLUMNS) throw invalid('file.too_many_columns', { limit: MAX_COLUMNS, found: columns.length })
    seen.add(name.toLowerCase())
  }
}

const XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const PART_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const relations = (targets: [type: string, target: string][]) =>
  `<Relationships xmlns="${PACKAGE}/relationships">${targets
    .map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`

const workbook = (sheets: SheetToWrite[]) =>
  `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets
    .map(({ name }, i) => `<sheet name="${escapeText(name).replaceAll('"', '&quot;')}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
    .join('')}</sheets></workbook>`

const contentTypes = (count: number) =>
  `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
  `<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${PART_TYPE}.sheet.main+xml"/>` +
  `<Override PartName="/xl/styles.xml" ContentType="${PART_TYPE}.styles+xml"/>${Array.from(
    { length: count },
    (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${PART_TYPE}.worksheet+xml"/>`,
  ).join('')}</Types>`

/** `quotePrefix` is Excel's leading apostrophe: the cell stays text even after it is edited. Format 49 is "text". */
const STYLES =
  `<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>` +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">' +
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>' +
  '</cellXfs></styleSheet>'
