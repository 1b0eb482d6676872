// Hand-made workbooks for tests: the caller writes the XML that Excel (or an attacker) would have written.
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeZip } from '../server/store/spreadsheet/write-zip.ts'

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export interface BuiltXlsx {
  /** Sheet name → content of `<sheetData>`. */
  sheets: Record<string, string>
  /** Attributes of `<sheet>`, by name. */
  sheetAttributes?: Record<string, string>
  afterSheetData?: string
  workbookProperties?: string
  numberFormats?: Record<number, string>
  /** `numFmtId` by style index. */
  styles?: number[]
  /** Each the inside of one `<si>`. */
  strings?: string[]
  /** Replaces or adds parts. */
  parts?: Record<string, string>
  extraRelations?: string
}

/** Writes the workbook into a folder of its own and returns its path. */
export async function buildXlsx(built: BuiltXlsx): Promise<string> {
  const names = Object.keys(built.sheets)
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships><Relationship Id="r" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns:r="${OFFICE}"><workbookPr ${built.workbookProperties ?? ''}/><sheets>${names
      .map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" ${built.sheetAttributes?.[name] ?? ''} r:id="rId${i + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names
      .map((_, i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`)
      .join(
        '',
      )}<Relationship Id="st" Type="${OFFICE}/styles" Target="styles.xml"/><Relationship Id="ss" Type="${OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>${built.extraRelations ?? ''}</Relationships>`,
    'xl/styles.xml': `<styleSheet><numFmts>${Object.entries(built.numberFormats ?? {})
      .map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`)
      .join('')}</numFmts><cellXfs>${(built.styles ?? [0]).map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst>${(built.strings ?? []).map((inner) => `<si>${inner}</si>`).join('')}</sst>`,
  }
  names.forEach((name, i) => {
    parts[`xl/worksheets/sheet${i + 1}.xml`] =
      `<worksheet><sheetData>${built.sheets[name]}</sheetData>${built.afterSheetData ?? ''}</worksheet>`
  })
  return writeTemporary(writeZip(Object.entries({ ...parts, ...built.parts }).map(([name, xml]) => ({ name, content: [xml] }))))
}

/** Collects bytes into a file of its own folder. */
export async function writeTemporary(bytes: AsyncIterable<Uint8Array> | Uint8Array, name = 'book.xlsx'): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'datong-file-')), name)
  await writeFile(path, bytes)
  return path
}
