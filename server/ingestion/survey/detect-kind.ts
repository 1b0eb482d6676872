import type { Item } from '#contract/catalog.ts'
import { checkBankCard, checkCitizenId } from '../../kernel/check-digits.ts'

type Kind = Item['sensitiveKind']

const surnames =
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文'

/** What a value proves by itself, the surest first. A name is short and begins with a surname; an address names its places. */
const tests: [Kind, (value: string, today: string) => boolean][] = [
  ['citizen_id', (value, today) => checkCitizenId(value, today) === null],
  ['bank_account', (value) => /^\d{16,19}$/.test(value) && checkBankCard(value) === null],
  ['phone', (value) => /^(\+?86[- ]?)?1[3-9]\d{9}$/.test(value)],
  ['email', (value) => /^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$/.test(value)],
  ['licence_plate', (value) => /^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}$/.test(value)],
  ['address', (value) => value.length >= 6 && /(市|区|县|镇|乡|街道).*(路|街|巷|村|社区|号|室|栋|楼)/.test(value)],
  ['name', (value) => /^\p{Script=Han}{2,4}$/u.test(value) && surnames.includes([...value][0]!)],
]

/** Fewer different values prove nothing. */
const least = 5

/**
 * What the values of a column are, with the share of them that are: the kind that at least `threshold` of the different values
 * prove. Null where none does.
 */
export function detectKind(values: readonly (string | null)[], threshold: number, today: string): { kind: Kind; rate: number } | null {
  const different = [...new Set(values.filter((value): value is string => value !== null && value.trim() !== ''))]
  if (different.length < least) return null
  for (const [kind, test] of tests) {
    const rate = different.filter((value) => test(value.trim(), today)).length / different.length
    if (rate >= threshold) return { kind, rate: Math.round(rate * 1000) / 1000 }
  }
  return null
}
