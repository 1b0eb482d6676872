import type { z } from 'zod'
import type { Item } from '#contract/catalog.ts'
import type { SourceColumn } from '#contract/ingestion.ts'
import { citizenIdCheck } from '../../kernel/check-digits.ts'

type Column = z.output<typeof SourceColumn>

/** What a column of a live table is likely to be, from its name, comment, type and samples; a steward corrects it. */
export interface GuessedItem
  extends Pick<
    Item,
    'code' | 'name' | 'dataType' | 'length' | 'scale' | 'isKey' | 'isRequired' | 'level' | 'sensitiveKind' | 'description'
  > {}

/** First match wins: the name says more than the values, except for citizen numbers, which prove themselves. */
const kinds: [Item['sensitiveKind'], RegExp, RegExp?][] = [
  ['citizen_id', /身份证|公民身份|证件号码|居民身份|id_?card|sfz|citizen_?id|identity_?no/i],
  ['phone', /手机|电话|联系方式|phone|mobile|\btel\b|lxdh|sjh/i, /^1[3-9]\d{9}$/],
  ['bank_account', /银行|账号|卡号|bank|account_?no|yhzh/i],
  ['email', /邮箱|电子邮件|e_?mail/i, /^[^@\s]+@[^@\s]+\.[a-z]+$/i],
  ['licence_plate', /车牌|号牌|plate/i, /^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}$/],
  ['passport', /护照|通行证|passport/i],
  ['social_security', /社保|社会保障|social_?sec|sbkh/i],
  ['birth_date', /出生|birth|csrq/i],
  ['address', /住址|家庭地址|户籍地|居住地|通讯地址|home_?addr|zhuzhi|hjdz/i],
  ['medical', /病历|诊断|疾病|过敏|血型|diagnos|disease/i],
  ['biometric', /指纹|人脸|虹膜|声纹|finger|face_?(image|feature)|iris/i],
  ['religion', /宗教|信仰|religion/i],
  ['income', /收入|工资|薪|income|salary/i],
  ['location', /实时位置|行踪|轨迹|gps|track/i],
  ['name', /^(姓名|联系人|法定代表人|负责人|经办人|申请人)|(人|户主)姓名$|^(xm|xingming|person_?name|real_?name|full_?name)$/i],
]
const personalLevels: Partial<Record<Item['sensitiveKind'], Item['level']>> = {
  citizen_id: 'L3',
  bank_account: 'L3',
  biometric: 'L4',
  medical: 'L3',
  passport: 'L3',
  social_security: 'L3',
  location: 'L3',
  religion: 'L3',
  none: 'L1',
}

export function guessItem(column: Column, index: number, taken: ReadonlySet<string>): GuessedItem {
  const sensitiveKind = guessKind(column)
  return {
    code: codeOf(column.name, index, taken),
    name: (column.comment.split(/[\s,，;；:：(（]/)[0] || column.name).slice(0, 200),
    ...typeOf(column.type),
    isKey: column.isKey,
    isRequired: column.isKey || !column.nullable,
    sensitiveKind,
    level: personalLevels[sensitiveKind] ?? 'L2',
    description: column.comment.slice(0, 1000),
  }
}

function guessKind({ name, comment, samples }: Column): Item['sensitiveKind'] {
  const isCitizenId = (value: string) => /^[1-9]\d{16}[\dX]$/.test(value) && citizenIdCheck(value.slice(0, 17)) === value[17]
  if (samples.length > 0 && samples.every(isCitizenId)) return 'citizen_id'
  for (const [kind, words, shape] of kinds) {
    if (words.test(comment) || words.test(name)) return kind
    if (shape && samples.length > 0 && samples.every((value) => shape.test(value))) return kind
  }
  return 'none'
}

/** A column's name where it is a possible code; Chinese and other names are numbered. */
function codeOf(name: string, index: number, taken: ReadonlySet<string>): string {
  const plain = name.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 60)
  const code = /^[A-Za-z_]/.test(plain) && /[A-Za-z]/.test(plain) && plain !== '_row' ? plain : `c${index + 1}`
  return taken.has(code) ? `${code.slice(0, 58)}_${index + 1}` : code
}

type Typed = Pick<Item, 'dataType' | 'length' | 'scale'>
const digitsOf = (type: string): [number | null, number | null] => {
  const [, size, scale] = /\((\d+)(?:\s*,\s*(-?\d+))?\)/.exec(type) ?? []
  return [size ? Number(size) : null, scale ? Number(scale) : null]
}

/** A source's type as one of the 2017 guide: PostgreSQL's and MySQL's words, and the guide's own letters for files. */
export function typeOf(type: string): Typed {
  const [size, scale] = digitsOf(type)
  const plain = { length: null, scale: null }
  if (/^[CNYDTLMGBIF]$/.test(type)) return { dataType: type as Item['dataType'], ...plain }
  if (/^(tinyint\(1\)|bool(ean)?|bit\(1\))$/i.test(type)) return { dataType: 'L', ...plain }
  if (/^(big|small|medium|tiny)?int(eger|\d*)?(\(\d+\))?( unsigned)?|^U?Int\d+|^serial/i.test(type)) return { dataType: 'I', ...plain }
  if (/^(numeric|decimal|money)/i.test(type)) return { dataType: 'N', length: size, scale: size === null ? null : (scale ?? 0) }
  if (/^double|^float8|^Float64/i.test(type)) return { dataType: 'B', ...plain }
  if (/^(real|float)/i.test(type)) return { dataType: 'F', ...plain }
  if (/^(timestamp|datetime)/i.test(type)) return { dataType: 'T', ...plain }
  if (/^date/i.test(type)) return { dataType: 'D', ...plain }
  if (/^(character|varchar|char|bpchar|nvarchar|Nullable\(String)/i.test(type)) return { dataType: 'C', length: size, scale: null }
  if (/^(text|longtext|mediumtext|json|jsonb|xml|array|object$)/i.test(type)) return { dataType: 'M', ...plain }
  if (/^(bytea|blob|longblob|varbinary|binData)/i.test(type)) return { dataType: 'G', ...plain }
  return { dataType: 'C', ...plain }
}
