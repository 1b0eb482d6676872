import type { EntryContent, Item } from './catalog.ts'

/**
 * What each field of an entry is called: on the form, in a diff, as a column of the spreadsheet. The order is that of the
 * 2017 compilation guide. `guide` is the number of the core item, `order809` marks the contents of Order 809 art. 13.
 */
export interface FieldLabel {
  zh: string
  en: string
  guide?: number
  order809?: true
}

export const entryFields: Record<keyof EntryContent, FieldLabel> = {
  name: { zh: '信息资源名称', en: 'Name', guide: 2, order809: true },
  abstract: { zh: '信息资源摘要', en: 'Abstract', guide: 6 },
  category: { zh: '信息资源分类（类）', en: 'Class', guide: 1 },
  subject: { zh: '信息资源分类（项）', en: 'Subject', guide: 1 },
  topic: { zh: '信息资源分类（目）', en: 'Topic', guide: 1 },
  detail: { zh: '信息资源分类（细目）', en: 'Detail', guide: 1 },
  systemId: { zh: '所属业务系统', en: 'Business system' },
  formatCategory: { zh: '信息资源格式分类', en: 'Format category', guide: 7, order809: true },
  formatType: { zh: '信息资源格式类型', en: 'Format type', guide: 7, order809: true },
  items: { zh: '信息项', en: 'Items', guide: 8, order809: true },
  sharingType: { zh: '共享类型', en: 'Sharing class', guide: 9, order809: true },
  sharingCondition: { zh: '共享条件', en: 'Sharing condition', guide: 9, order809: true },
  sharingScope: { zh: '共享范围', en: 'Sharing scope', order809: true },
  sharingPurpose: { zh: '使用用途', en: 'Purpose of use', order809: true },
  sharingBasis: { zh: '不予共享依据', en: 'Legal basis of refusal', guide: 9 },
  sharingMode: { zh: '共享方式', en: 'Sharing mode', guide: 9, order809: true },
  openType: { zh: '开放类型', en: 'Opening class', guide: 10 },
  openCondition: { zh: '开放条件', en: 'Opening condition', guide: 10 },
  updateCycle: { zh: '更新周期', en: 'Update cycle', guide: 11, order809: true },
  level: { zh: '数据级别', en: 'Level', order809: true },
  leadOrgId: { zh: '数源部门', en: 'Source department' },
  relatedCodes: { zh: '关联资源代码', en: 'Related codes', guide: 13 },
  secrecyReview: { zh: '保密风险评估结论', en: 'Secrecy review' },
  privacyReview: { zh: '个人信息保护影响评估结论', en: 'Privacy impact assessment' },
  region: { zh: '覆盖区域', en: 'Region' },
  remark: { zh: '备注', en: 'Remark' },
}

export const itemFields: Record<keyof Item, FieldLabel> = {
  code: { zh: '信息项代码', en: 'Code' },
  name: { zh: '信息项名称', en: 'Name', guide: 8, order809: true },
  dataType: { zh: '数据类型', en: 'Data type', guide: 8 },
  length: { zh: '数据长度', en: 'Length', guide: 8 },
  scale: { zh: '小数位数', en: 'Scale' },
  isKey: { zh: '是否主键', en: 'Key' },
  isRequired: { zh: '是否必填', en: 'Required' },
  level: { zh: '信息项级别', en: 'Level' },
  sensitiveKind: { zh: '敏感类型', en: 'Sensitive kind' },
  dictionary: { zh: '字典名称', en: 'Dictionary' },
  unit: { zh: '计量单位', en: 'Unit' },
  description: { zh: '信息项说明', en: 'Description' },
}
