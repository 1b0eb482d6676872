import {
  categories,
  dataTypes,
  type EntryContent,
  formatCategories,
  type Item,
  levels,
  openTypes,
  sensitiveKinds,
  sharingModes,
  sharingTypes,
  updateCycles,
} from '#contract/catalog.ts'
import { entryFields, itemFields } from '#contract/catalog-fields.ts'
import { type CellCodec, choiceCell, countCell, digitsCell, listCell, textCell, yesNoCell } from './cell-codecs.ts'

/** The columns of the two sheets, in their order. Reader, writer, template and instructions are made from them. */

/** A system and a department stand in a sheet by name, in a content by id. */
export type EntryCells = Omit<EntryContent, 'items' | 'systemId' | 'leadOrgId'> & { systemId: string; leadOrgId: string }

export interface Column<Cells, K extends keyof Cells = keyof Cells> {
  header: string
  field: K
  isRequired: boolean
  codec: CellCodec<Cells[K]>
}
type Columns<Cells> = readonly { [K in keyof Cells]: Column<Cells, K> }[keyof Cells][]

export const entrySheet = '目录'
export const itemSheet = '信息项'
export const instructionSheet = '填写说明'

/** What a row says of itself; on the sheet of items it names the entry. */
export const keyHeaders = { code: '信息资源代码', provider: '信息资源提供方', name: entryFields.name.zh } as const
/** Shown in exports, never read: the platform keeps them. */
export const shownHeaders = { uscc: '信息资源提供方代码', state: '目录状态', publishedOn: '发布日期' } as const

const required = new Set<string>(['name', 'category', 'sharingType', 'sharingMode', 'openType', 'updateCycle', 'level', 'formatCategory'])
const itemRequired = new Set<string>(['code', 'name', 'dataType'])

const entryCodecs: { [K in keyof EntryCells]: CellCodec<EntryCells[K]> } = {
  name: textCell('本单位内不重名，不超过 200 字'),
  abstract: textCell('说明内容和用途，不超过 4000 字'),
  category: choiceCell(categories),
  subject: digitsCell(2, '两位数字，如 01'),
  topic: digitsCell(3, '三位数字，如 001'),
  detail: textCell('可选，不超过 6 位数字'),
  systemId: textCell('已登记的本单位业务系统名称或编码'),
  formatCategory: choiceCell(formatCategories),
  formatType: textCell('如 mysql、oracle、et、ofd'),
  sharingType: choiceCell(sharingTypes),
  sharingCondition: textCell('有条件共享必填'),
  sharingScope: textCell('有条件共享必填：可使用的部门等'),
  sharingPurpose: textCell('有条件共享必填'),
  sharingBasis: textCell('不予共享必填：《法律、行政法规或国务院决定》第几条'),
  sharingMode: choiceCell(sharingModes),
  openType: choiceCell(openTypes),
  openCondition: textCell('依申请开放必填'),
  updateCycle: choiceCell(updateCycles),
  level: choiceCell(levels),
  leadOrgId: textCell('多个部门采集同一数据时，填牵头的数源部门全称'),
  relatedCodes: listCell('多个代码用“；”分隔'),
  secrecyReview: textCell('评估结论，提交前必填'),
  privacyReview: textCell('评估结论，提交前必填；不含个人信息的写明“不涉及个人信息”'),
  region: textCell('数据覆盖的行政区域'),
  remark: textCell(''),
}

const itemCodecs: { [K in keyof Item]: CellCodec<Item[K]> } = {
  code: textCell('字段的物理名称：字母、数字、下划线'),
  name: textCell('中文名称，不超过 200 字'),
  dataType: choiceCell(dataTypes),
  length: countCell('字符型、数值型、货币型提交前必填'),
  scale: countCell('小数位数'),
  isKey: yesNoCell,
  isRequired: yesNoCell,
  level: choiceCell(levels),
  sensitiveKind: choiceCell(sensitiveKinds),
  dictionary: textCell('取值所用字典的名称'),
  unit: textCell('如 元、米'),
  description: textCell('不超过 1000 字'),
}

const toColumns = <Cells>(
  codecs: { [K in keyof Cells]: CellCodec<Cells[K]> },
  labels: Record<string, { zh: string }>,
  isRequired: ReadonlySet<string>,
): Columns<Cells> =>
  (Object.keys(codecs) as (keyof Cells & string)[]).map((field) => ({
    header: labels[field]!.zh,
    field,
    isRequired: isRequired.has(field),
    codec: codecs[field],
  })) as unknown as Columns<Cells>

export const entryColumns: Columns<EntryCells> = toColumns(entryCodecs, entryFields, required)
export const itemColumns: Columns<Item> = toColumns(itemCodecs, itemFields, itemRequired)

/** Required columns carry a star; it is not part of the name. */
export const toHeader = (column: { header: string; isRequired: boolean }): string =>
  column.isRequired ? `*${column.header}` : column.header
export const fromHeader = (text: string): string => text.replace(/^[\s*＊]+|[\s*＊]+$/g, '')
