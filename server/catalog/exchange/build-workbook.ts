import type { EntryContent, Item } from '#contract/catalog.ts'
import { entryFields, type FieldLabel, itemFields } from '#contract/catalog-fields.ts'
import type { CellValue, SheetColumn, SheetToWrite } from '../../store/index.ts'
import {
  type Column,
  entryColumns,
  entrySheet,
  instructionSheet,
  itemColumns,
  itemSheet,
  keyHeaders,
  shownHeaders,
  toHeader,
} from './sheet-columns.ts'

/** An entry as it stands in a workbook. */
export interface EntryToWrite {
  code: string
  provider: string
  uscc: string
  state: string
  publishedOn: string
  system: string
  leadOrg: string
  content: EntryContent
}

type Source = () => Iterable<EntryToWrite> | AsyncIterable<EntryToWrite>

/** The three sheets. `entries` is walked twice: once for each sheet of data, so that a whole city needs no memory. */
export function buildWorkbook(entries: Source): SheetToWrite[] {
  return [
    { name: instructionSheet, columns: instructionColumns, rows: instructions() },
    { name: entrySheet, columns: [...entryKeys, ...entryColumns.map(toSheetColumn), ...entryShown], rows: entryRows(entries) },
    { name: itemSheet, columns: [...itemKeys, ...itemColumns.map(toSheetColumn)], rows: itemRows(entries) },
  ]
}

const text = (header: string, width?: number): SheetColumn => ({ header, type: 'text', ...(width && { width }) })
const toSheetColumn = (
  column: Pick<Column<unknown>, 'header' | 'isRequired'> & { codec: { type: 'text' | 'number'; choices?: readonly string[] } },
) => ({
  header: toHeader(column),
  type: column.codec.type,
  ...(column.codec.choices && { choices: column.codec.choices }),
})

const entryKeys = [text(keyHeaders.code, 20), text(keyHeaders.provider, 26)]
const entryShown = [text(shownHeaders.uscc, 24), text(shownHeaders.state), text(shownHeaders.publishedOn)]
const itemKeys = [text(keyHeaders.code, 20), text(keyHeaders.provider, 26), text(`*${keyHeaders.name}`, 30)]

async function* entryRows(entries: Source): AsyncGenerator<CellValue[]> {
  for await (const { code, provider, system, leadOrg, content, uscc, state, publishedOn } of entries()) {
    const cells = { ...content, systemId: system, leadOrgId: leadOrg }
    yield [code, provider, ...entryColumns.map(({ field, codec }) => codec.write(cells[field] as never)), uscc, state, publishedOn]
  }
}

async function* itemRows(entries: Source): AsyncGenerator<CellValue[]> {
  for await (const { code, provider, content } of entries())
    for (const item of content.items)
      yield [code, provider, content.name, ...itemColumns.map(({ field, codec }) => codec.write(item[field as keyof Item] as never))]
}

const instructionColumns = [text('工作表', 10), text('列', 30), text('是否必填', 10), text('填写要求', 70), text('依据', 50)]

function* instructions(): Generator<CellValue[]> {
  const code = '新编目录留空，发布时由平台赋码；变更已发布的目录时填原代码'
  yield [entrySheet, keyHeaders.code, '否', code, toSource({ guide: 3 })]
  yield [entrySheet, keyHeaders.provider, '否', '留空为本单位；只能导入本单位的目录', toSource({ guide: 4, order809: true })]
  for (const { field, header, isRequired, codec } of entryColumns)
    yield [entrySheet, header, isRequired ? '是' : '否', codec.hint, toSource(entryFields[field])]
  yield [entrySheet, shownHeaders.uscc, '否', '导出时显示，导入时不读取', toSource({ guide: 5 })]
  yield [entrySheet, shownHeaders.state, '否', '导出时显示，导入时不读取', '']
  yield [entrySheet, shownHeaders.publishedOn, '否', '导出时显示，导入时不读取', toSource({ guide: 12 })]
  yield [itemSheet, keyHeaders.code, '否', '所属目录的代码；新编目录留空', '']
  yield [itemSheet, keyHeaders.provider, '否', '所属目录的提供方；留空为本单位', '']
  yield [itemSheet, keyHeaders.name, '是', '所属目录的名称，与“目录”工作表一致；一行一个信息项', '']
  for (const { field, header, isRequired, codec } of itemColumns)
    yield [itemSheet, header, isRequired ? '是' : '否', codec.hint, toSource(itemFields[field])]
}

const toSource = ({ guide, order809 }: Pick<FieldLabel, 'guide' | 'order809'>): string =>
  [guide && `政务信息资源目录编制指南（试行）核心元数据第 ${guide} 项`, order809 && '政务数据共享条例第十三条'].filter(Boolean).join('；')
