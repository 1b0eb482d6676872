import { levels, openTypes, sensitiveKinds, sharingModes, sharingTypes, updateCycles } from '#contract/catalog.ts'
import { orgKinds } from '#contract/security.ts'
import type { Language } from '../ui/words.ts'
import { dutyText } from './text.ts'

/** Words of the profile's keys and values; what is not here is a word already. Chinese, then English. */
const words: Record<string, [string, string]> = {
  names: ['称谓', 'Names'],
  data: ['数据的称谓', 'The data'],
  dataAuthority: ['数据主管部门', 'Data authority'],
  resourcePlatform: ['资源平台', 'Resource platform'],
  fusionPlatform: ['融合开发平台', 'Fusion platform'],
  coordination: ['统筹协调机构', 'Coordination'],
  platformOperator: ['平台运行机构', 'Platform operator'],
  cyberspaceOffice: ['网信部门', 'Cyberspace office'],
  primaryDeveloper: ['一级开发主体', 'Primary developer'],
  provincialPlatform: ['省级平台', 'Provincial platform'],
  scope: ['适用范围', 'Scope'],
  bodies: ['受约束的机构', 'Bodies bound'],
  clocks: ['办理时限', 'Deadlines'],
  catalog_update: ['目录更新', 'Catalog update'],
  catalog_review: ['目录审核', 'Catalog review'],
  catalog_first_review: ['目录首次审核', 'First catalog review'],
  request_reply_unconditional: ['无条件共享答复', 'Reply, unconditional'],
  request_reply_conditional: ['有条件共享答复', 'Reply, conditional'],
  supply: ['提供数据', 'Supply of data'],
  withdrawal_notice: ['下架告知', 'Notice of withdrawal'],
  verification: ['数据校核', 'Verification'],
  collection: ['数据汇聚', 'Collection'],
  dispute: ['争议处理', 'Dispute'],
  data_return: ['数据回流', 'Return flow'],
  days: ['期限', 'Period'],
  extension: ['延期', 'Extension'],
  maxDays: ['最长延期（工作日）', 'At most (working days)'],
  tellRequester: ['须告知申请部门', 'Requester is told'],
  binds: ['适用机构', 'Binds'],
  receipt: ['收件规则', 'Receipt'],
  policy: ['规则', 'Rule'],
  same_day: ['当日视为收到', 'Received the same day'],
  next_working_day: ['下一工作日视为收到', 'Received the next working day'],
  closesAt: ['截止时间', 'Closes at'],
  afterCompletion: ['补正后的计时', 'After completion'],
  pause: ['补正期间不计，补正后继续', 'Pauses, then goes on'],
  restart: ['补正后重新计算', 'Starts again'],
  dueSoonDays: ['到期提醒提前（工作日）', 'Reminder ahead (working days)'],
  sharing: ['共享', 'Sharing'],
  classes: ['类型', 'Classes'],
  temp_not_shared: ['暂不共享', 'Temporarily not shared'],
  defaultClass: ['默认共享类型', 'Default class'],
  modes: ['方式', 'Modes'],
  withdrawal: ['下架', 'Withdrawal'],
  mustTellUsers: ['须先告知使用部门', 'Users are told'],
  mustFile: ['须向主管部门备案', 'Filed with the authority'],
  keepServingMonths: ['继续提供的月数', 'Months of further service'],
  opening: ['开放', 'Opening'],
  portal: ['开放平台', 'Open portal'],
  own: ['本级自建', 'Own'],
  province: ['使用省级', 'Of the province'],
  not_stated: ['未规定', 'Not stated'],
  grading: ['分级', 'Levels'],
  levels: ['级别', 'Levels'],
  rank: ['严格程度', 'Rank'],
  widestSharing: ['最宽共享类型', 'Widest sharing'],
  widestOpening: ['最宽开放类型', 'Widest opening'],
  opensOnlyMasked: ['脱敏后才可开放', 'Opens only masked'],
  needsNamedUse: ['须写明具体用途', 'Needs a named use'],
  needsRiskAssessment: ['须作风险评估', 'Needs a risk assessment'],
  operation: ['授权运营', 'Authorised operation'],
  allowed: ['可以', 'Allowed'],
  after_assessment: ['评估后可以', 'After assessment'],
  never: ['不可以', 'Never'],
  impact: ['影响对象与程度', 'Impact'],
  national_security: ['国家安全', 'National security'],
  economy_order_public: ['经济运行、社会秩序、公共利益', 'Economy, order, public interest'],
  organisation_person: ['组织和个人权益', 'Organisations and persons'],
  grave: ['特别严重', 'Grave'],
  serious: ['严重', 'Serious'],
  general: ['一般', 'General'],
  none: ['无', 'None'],
  sensitiveLevels: ['敏感类型的最低级别', 'Lowest level by sensitive kind'],
  detectorThreshold: ['自动识别的最低符合比例', 'Detector threshold'],
  sensitiveInformation: ['敏感个人信息', 'Sensitive personal information'],
  religion: ['宗教信仰', 'Religion'],
  financial_account: ['金融账户', 'Financial accounts'],
  location_track: ['行踪轨迹', 'Whereabouts'],
  masks: ['脱敏方式', 'Masks'],
  sensitiveMasks: ['敏感类型的默认脱敏方式', 'Default mask by sensitive kind'],
  kind: ['方法', 'Method'],
  keep: ['保留首尾', 'Keep both ends'],
  full: ['全部遮盖', 'Hide all'],
  hash: ['不可逆加密', 'One-way'],
  date: ['日期截断', 'Cut the date'],
  truncate: ['截取小数', 'Cut decimals'],
  band: ['分档', 'Bands'],
  ip: ['网络地址', 'Network address'],
  landline: ['固定电话', 'Landline'],
  bank_card: ['银行卡号', 'Bank card'],
  last4: ['保留后 4 位', 'Keep the last 4'],
  coordinate: ['坐标', 'Coordinate'],
  shape: ['适用号码', 'Applies to'],
  travel_document: ['出入境证件', 'Travel document'],
  any: ['不限', 'Any'],
  start: ['保留前几位', 'Keep first'],
  end: ['保留后几位', 'Keep last'],
  to: ['保留到', 'Keep to'],
  district: ['区县', 'District'],
  city: ['市', 'City'],
  street: ['街道', 'Street'],
  year: ['年', 'Year'],
  month: ['月', 'Month'],
  decimals: ['小数位数', 'Decimals'],
  width: ['每档宽度', 'Width'],
  libraries: ['基础库与主题库', 'Libraries'],
  base: ['基础库', 'Base libraries'],
  theme: ['主题库', 'Theme libraries'],
  special: ['专题库', 'Special libraries'],
  retention: ['留存期限', 'Retention'],
  usage_record: ['使用记录', 'Usage records'],
  provision_record: ['提供记录', 'Provision records'],
  sensitive_processing_log: ['敏感信息处理日志', 'Log of sensitive processing'],
  privacy_assessment: ['个人信息保护影响评估', 'Privacy impact assessment'],
  masking_log: ['脱敏日志', 'Masking log'],
  network_log: ['网络日志', 'Network log'],
  years: ['年数', 'Years'],
  months: ['月数', 'Months'],
  idleMonths: ['未使用满几个月即提示收回', 'Months without use'],
  storage: ['存储周期', 'Storage life'],
  coldAfterDays: ['超过几天未装载转为冷数据', 'Cold after (days without a load)'],
  coldCodec: ['冷数据压缩方式', 'Compression of cold data'],
  quarantineDays: ['隔离数据最长等待天数', 'Days that quarantined rows may wait'],
  retainMonths: ['保存月数', 'Kept for (months)'],
  accounts: ['账号', 'Accounts'],
  passwordMaxAgeDays: ['口令最长使用天数', 'Password age (days)'],
  catalog: ['目录', 'Catalog'],
  updateCycles: ['更新周期', 'Update cycles'],
  name: ['名称', 'Name'],
  staleAfterDays: ['超过几天未更新算超期', 'Stale after (days)'],
  dataTypes: ['数据类型', 'Data types'],
  formats: ['格式', 'Formats'],
  system: ['目录系统', 'Catalog system'],
  development: ['开发利用', 'Development'],
  agreementMaxYears: ['授权协议最长年限', 'Agreement, at most (years)'],
  registrationTypes: ['登记类型', 'Registration types'],
  initial: ['首次', 'Initial'],
  change: ['变更', 'Change'],
  correction: ['更正', 'Correction'],
  cancellation: ['注销', 'Cancellation'],
  renewal: ['续展', 'Renewal'],
  ownRegistry: ['自建登记平台', 'Own registry'],
  rights: ['数据权利', 'Rights'],
}
const tables: Record<string, string>[] = [orgKinds, sharingTypes, openTypes, sharingModes, updateCycles, levels, sensitiveKinds]

/** The word of one key or value. Where only a Chinese table knows it, English shows the code in plain letters. */
export function wordOf(code: string, language: Language): string {
  const known = words[code]
  if (known) return known[language === 'zh' ? 0 : 1]
  if (language === 'en') return code.replaceAll('_', ' ')
  return tables.find((table) => code in table)?.[code] ?? code
}

/** `clocks.catalog_update.days` → 目录更新 · 期限; the first part is the group. */
export function labelOf(key: string, language: Language): string {
  const parts = key.split('.')
  const shown = parts.length > 1 ? parts.slice(1) : parts
  return shown.map((part) => wordOf(part, language)).join(' · ')
}

/** A value as an official reads it. */
export function describe(key: string, value: unknown, language: Language): string {
  const t = dutyText[language].profile
  const leaf = key.split('.').at(-1)!
  if (value === null) return t.none
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (typeof value === 'number') return leaf === 'days' ? t.days(value) : String(value)
  if (typeof value === 'string') return wordOf(value, language)
  if (Array.isArray(value)) return value.map((one) => describe(key, one, language)).join(t.and)
  const fields = value as Record<string, unknown>
  if (typeof fields.zh === 'string') {
    const examples = fields.examples ?? fields.types
    const name = String(fields[language] ?? fields.zh)
    return Array.isArray(examples) && examples.length > 0 ? t.pair(name, examples.join(t.and)) : name
  }
  return Object.entries(fields)
    .map(([field, inner]) => t.pair(wordOf(field, language), describe(field, inner, language)))
    .join(t.between)
}
