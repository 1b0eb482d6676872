import { orgCodeCheck, usccCheck } from '../server/kernel/check-digits.ts'
import { codeTables, regions } from '../server/kernel/code-tables.ts'
import { type Generated, type GenerateOptions, generate, pick, type Random, type RowMaker } from './generate.ts'
import { inventAddress, inventBrand, inventName } from './invented-names.ts'
import { districtsOf, toFullWidth } from './people.ts'

/** Ways in which an enterprise's row is wrong. */
export const enterpriseDirt = [
  'bad_check_digit',
  'wrong_length',
  'forbidden_letter',
  'lower_case',
  'full_width_digits',
  'missing_code',
  'missing_name',
  'trailing_spaces',
  'impossible_date',
  'approved_before_founded',
  'capital_in_words',
] as const
export type EnterpriseDirt = (typeof enterpriseDirt)[number]

const columns = [
  { code: 'uscc', name: '统一社会信用代码' },
  { code: 'name', name: '企业名称' },
  { code: 'legal_representative', name: '法定代表人' },
  { code: 'status', name: '登记状态' },
  { code: 'founded_on', name: '成立日期' },
  { code: 'approved_on', name: '核准日期' },
  { code: 'industry', name: '行业门类代码' },
  { code: 'capital', name: '注册资本（万元）' },
  { code: 'region_code', name: '住所行政区划代码' },
  { code: 'address', name: '住所' },
  { code: 'scope', name: '经营范围' },
] as const
const [USCC, NAME, FOUNDED, APPROVED, CAPITAL] = [0, 1, 4, 5, 7]

const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** Organisation codes that begin with Y were never given out: the codes are valid and belong to nobody. */
const BODY_DIGITS = 6

const trades: Record<string, string> = {
  C: '智能装备制造',
  E: '建筑工程',
  F: '贸易',
  G: '供应链',
  H: '餐饮管理',
  I: '软件',
  L: '商务服务',
  M: '检测技术',
  N: '环境科技',
  O: '家政服务',
  R: '文化传播',
}
const tradeCodes = Object.keys(trades)

function inventUscc(unique: number, cityCode: string): string {
  let body = ''
  for (let rest = unique, i = 0; i < BODY_DIGITS; i++, rest = Math.floor(rest / characters.length))
    body = characters[rest % characters.length] + body
  const org = `YA${body}`
  const code = `91${cityCode}${org}${orgCodeCheck(org)}`
  return code + usccCheck(code)
}

const dateIn = (random: Random, fromYear: number, years: number) =>
  `${fromYear + random(years)}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`

function enterpriseMaker(cityCode: string): RowMaker<EnterpriseDirt> {
  const districts = districtsOf(cityCode)
  const city = regions[cityCode]!.replace('市', '')
  return {
    columns,
    kinds: enterpriseDirt,
    capacity: characters.length ** BODY_DIGITS,
    make(unique, random) {
      const district = pick(random, districts)
      const trade = pick(random, tradeCodes)
      return [
        inventUscc(unique, cityCode),
        `${city}${inventBrand(random)}${trades[trade]}有限公司`,
        inventName(random),
        random(100) < 90 ? '存续' : pick(random, ['注销', '吊销', '迁出']),
        dateIn(random, 1995, 25),
        dateIn(random, 2021, 5),
        trade,
        `${pick(random, [10, 50, 100, 200, 500, 1000, 5000]) * (1 + random(3))}.00`,
        district.code,
        inventAddress(random, district.name),
        // A comma now and then, so that the CSV has quoted cells.
        `${codeTables.industry.values[trade as keyof typeof codeTables.industry.values]}；${trades[trade]}${random(5) === 0 ? ', 技术进出口' : ''}`,
      ]
    },
    spoil(row, kind, random) {
      spoilers[kind](row, random)
    },
  }
}

const spoilers: Record<EnterpriseDirt, (row: string[], random: Random) => void> = {
  bad_check_digit(row, random) {
    const code = row[USCC]!
    row[USCC] = code.slice(0, 17) + characters[(characters.indexOf(code[17]!) + 1 + random(30)) % 31]
  },
  wrong_length(row) {
    row[USCC] = row[USCC]!.slice(0, 17)
  },
  /** The letter O for the digit 0. */
  forbidden_letter(row) {
    row[USCC] = row[USCC]!.replace('0', 'O')
  },
  lower_case(row) {
    row[USCC] = row[USCC]!.toLowerCase()
  },
  full_width_digits(row) {
    row[USCC] = toFullWidth(row[USCC]!)
  },
  missing_code(row) {
    row[USCC] = ''
  },
  missing_name(row) {
    row[NAME] = ''
  },
  trailing_spaces(row) {
    row[NAME] += '  '
  },
  impossible_date(row) {
    row[FOUNDED] = `${row[FOUNDED]!.slice(0, 4)}-02-30`
  },
  approved_before_founded(row) {
    row[APPROVED] = `${Number(row[FOUNDED]!.slice(0, 4)) - 1}${row[FOUNDED]!.slice(4)}`
  },
  capital_in_words(row) {
    row[CAPITAL] = '壹佰万元整'
  },
}

/** Enterprises of a city (GB/T 2260 code; Xiamen by default). Valid codes that were issued to nobody. */
export const generateEnterprises = (options: GenerateOptions, cityCode = '350200'): Generated<EnterpriseDirt> =>
  generate(enterpriseMaker(cityCode), options)
