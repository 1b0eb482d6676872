import { citizenIdCheck } from '../server/kernel/check-digits.ts'
import { codeTables, regions } from '../server/kernel/code-tables.ts'
import { type Generated, type GenerateOptions, generate, pick, type RowMaker } from './generate.ts'
import { inventAddress, inventName } from './invented-names.ts'

/** Ways in which a person's row is wrong. */
export const personDirt = [
  'bad_check_digit',
  'wrong_length',
  'full_width_digits',
  'scientific_notation',
  'missing_id',
  'missing_name',
  'trailing_spaces',
  'impossible_date',
  'birth_date_mismatch',
  'sex_mismatch',
  'unknown_ethnic_code',
  'bad_phone',
] as const
export type PersonDirt = (typeof personDirt)[number]

const columns = [
  { code: 'citizen_id', name: '公民身份号码' },
  { code: 'name', name: '姓名' },
  { code: 'sex', name: '性别代码' },
  { code: 'ethnic', name: '民族代码' },
  { code: 'birth_date', name: '出生日期' },
  { code: 'region_code', name: '户籍行政区划代码' },
  { code: 'address', name: '户籍地址' },
  { code: 'marital', name: '婚姻状况代码' },
  { code: 'education', name: '文化程度代码' },
  { code: 'phone', name: '联系电话' },
  { code: 'registered_on', name: '登记日期' },
] as const
const [ID, NAME, SEX, ETHNIC, BIRTH, PHONE] = [0, 1, 2, 3, 4, 9]

/** Every day from 1940 to 2020. */
const birthDays = Array.from({ length: (Date.UTC(2021, 0, 1) - Date.UTC(1940, 0, 1)) / 86_400_000 }, (_, i) =>
  new Date(Date.UTC(1940, 0, 1 + i)).toISOString().slice(0, 10),
)
/** Region codes 90–95 of the city were never given out: the numbers are valid and belong to nobody. */
const ID_REGIONS = 6
const SEQUENCES = 999

const minorities = Object.keys(codeTables.ethnic.values).filter((code) => code !== '01')
const maritals = Object.keys(codeTables.marital.values)
const educations = Object.keys(codeTables.education.values)
const letters = '0123456789X'

/** The districts of a city: `350200` → 厦门市思明区 … */
export function districtsOf(cityCode: string): { code: string; name: string }[] {
  const inside = Object.entries(regions).filter(([code]) => code.startsWith(cityCode.slice(0, 4)) && code !== cityCode)
  return inside.map(([code, name]) => ({ code, name: `${regions[cityCode]}${name}` }))
}

function personMaker(cityCode: string): RowMaker<PersonDirt> {
  const districts = districtsOf(cityCode)
  return {
    columns,
    kinds: personDirt,
    capacity: ID_REGIONS * birthDays.length * SEQUENCES,
    make(unique, random) {
      const birth = birthDays[Math.floor(unique / ID_REGIONS) % birthDays.length]!
      const sequence = 1 + Math.floor(unique / (ID_REGIONS * birthDays.length))
      const body = `${cityCode.slice(0, 4)}9${unique % ID_REGIONS}${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
      const district = pick(random, districts)
      return [
        body + citizenIdCheck(body),
        inventName(random),
        sequence % 2 === 1 ? '1' : '2',
        random(100) < 94 ? '01' : pick(random, minorities),
        birth,
        district.code,
        inventAddress(random, district.name),
        pick(random, maritals),
        pick(random, educations),
        // 154 is a prefix that no operator has: these numbers ring nowhere.
        `154${String(random(100_000_000)).padStart(8, '0')}`,
        `${2021 + random(5)}-0${1 + random(9)}-${10 + random(19)}`,
      ]
    },
    spoil(row, kind, random) {
      spoilers[kind](row, random)
    },
  }
}

const spoilers: Record<PersonDirt, (row: string[], random: (below: number) => number) => void> = {
  bad_check_digit(row, random) {
    const id = row[ID]!
    row[ID] = id.slice(0, 17) + letters[(letters.indexOf(id[17]!) + 1 + random(10)) % 11]
  },
  wrong_length(row) {
    row[ID] = row[ID]!.slice(0, 17)
  },
  full_width_digits(row) {
    row[ID] = toFullWidth(row[ID]!)
  },
  /** What a spreadsheet makes of 18 digits. */
  scientific_notation(row) {
    row[ID] = `${row[ID]![0]}.${row[ID]!.slice(1, 6)}E+17`
  },
  missing_id(row) {
    row[ID] = ''
  },
  missing_name(row) {
    row[NAME] = ''
  },
  trailing_spaces(row) {
    row[NAME] += '  '
  },
  impossible_date(row) {
    row[BIRTH] = `${row[BIRTH]!.slice(0, 4)}-02-30`
  },
  birth_date_mismatch(row) {
    row[BIRTH] = row[BIRTH]!.slice(0, 8) + (row[BIRTH]!.endsWith('-01') ? '02' : '01')
  },
  sex_mismatch(row) {
    row[SEX] = row[SEX] === '1' ? '2' : '1'
  },
  unknown_ethnic_code(row) {
    row[ETHNIC] = '66'
  },
  bad_phone(row) {
    row[PHONE] = row[PHONE]!.slice(0, 10)
  },
}

/** ASCII letters and digits as their full-width forms. */
export const toFullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))

/** Persons of a city (GB/T 2260 code; Xiamen by default). Valid numbers that were issued to nobody. */
export const generatePeople = (options: GenerateOptions, cityCode = '350200'): Generated<PersonDirt> =>
  generate(personMaker(cityCode), options)
