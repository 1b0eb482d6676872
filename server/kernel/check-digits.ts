import { toDayNumber } from './working-days.ts'

/** Codes with a check character, by the standard that defines each. Values are compared as they are: no trimming, no folding. */

/** Why a code is wrong: how many characters, which characters, an impossible or future birth date, an age over 130, the check. */
export type CodeFault = 'length' | 'characters' | 'date' | 'future' | 'age' | 'check'

const DIGITS_AND_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** GB 32100 leaves out I, O, S, V and Z. */
const USCC_CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

const weightedSum = (body: string, weights: readonly number[], characters: string) =>
  weights.reduce((sum, weight, i) => sum + weight * characters.indexOf(body[i]!), 0)

/** GB 11643-1999: check character of the first 17 digits. */
export const citizenIdCheck = (body: string): string => '10X98765432'[weightedSum(body, CITIZEN_WEIGHTS, DIGITS_AND_LETTERS) % 11]!

/** GB 11714-1997: check character of the 8 characters of an organisation code. */
export function orgCodeCheck(body: string): string {
  const check = 11 - (weightedSum(body, ORG_WEIGHTS, DIGITS_AND_LETTERS) % 11)
  return check === 10 ? 'X' : check === 11 ? '0' : String(check)
}

/** GB 32100-2015: check character of the first 17 characters of a unified social credit code. */
export const usccCheck = (body: string): string => USCC_CHARACTERS[(31 - (weightedSum(body, USCC_WEIGHTS, USCC_CHARACTERS) % 31)) % 31]!

/** ISO/IEC 7812-1 (Luhn): check digit of the digits before it. */
export function luhnCheck(body: string): string {
  let sum = 0
  for (let i = body.length - 1, isDoubled = true; i >= 0; i--, isDoubled = !isDoubled) {
    const digit = Number(body[i]) * (isDoubled ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return String((10 - (sum % 10)) % 10)
}

/** ISO 7064 MOD 37-2 (GB/T 17710): check character, which may be `*`, of digits and capital letters. */
export function mod37Radix2Check(body: string): string {
  const sum = [...body].reduce((p, character) => ((p + DIGITS_AND_LETTERS.indexOf(character)) * 2) % 37, 0)
  return `${DIGITS_AND_LETTERS}*`[(38 - sum) % 37]!
}

/** ISO 7064 MOD 37,36: check character of digits and capital letters (GB/T 36904 e-licence identifiers, dots left out). */
export function mod37Hybrid36Check(body: string): string {
  const sum = [...body].reduce((p, character) => (((p + DIGITS_AND_LETTERS.indexOf(character)) % 36 || 36) * 2) % 37, 36)
  return DIGITS_AND_LETTERS[(37 - sum) % 36]!
}

/**
 * What is wrong with an 18-digit citizen identity number (GB 11643), or null. The region is not looked up: abolished codes
 * stay valid inside old numbers. `today` (a local date) bounds the birth date.
 */
export function checkCitizenId(value: string, today: string): CodeFault | null {
  if (value.length !== 18) return 'length'
  if (!/^[1-9]\d{16}[\dX]$/.test(value)) return 'characters'
  const born = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`
  if (!isDate(born)) return 'date'
  if (born > today) return 'future'
  if (Number(today.slice(0, 4)) - Number(born.slice(0, 4)) > 130) return 'age'
  return citizenIdCheck(value) === value[17] ? null : 'check'
}

const isDate = (date: string): boolean => {
  try {
    return Number.isInteger(toDayNumber(date))
  } catch {
    return false
  }
}

/** An old 15-digit number (no check, two-digit year of the 1900s) as 18 digits, or null when it is not one. */
export function upgradeCitizenId(old: string): string | null {
  if (!/^[1-9]\d{14}$/.test(old)) return null
  const body = `${old.slice(0, 6)}19${old.slice(6)}`
  const born = `${body.slice(6, 10)}-${body.slice(10, 12)}-${body.slice(12, 14)}`
  return isDate(born) ? body + citizenIdCheck(body) : null
}

/** GB/T 2261.1 sex code of an 18-digit number: the 17th digit is odd for men. */
export const sexOfCitizenId = (value: string): '1' | '2' => (Number(value[16]) % 2 === 1 ? '1' : '2')

/** What is wrong with a unified social credit code (GB 32100), or null. Its organisation code is a matter of `hasOrgCode`. */
export function checkUscc(value: string): CodeFault | null {
  if (value.length !== 18) return 'length'
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(value)) return 'characters'
  return usccCheck(value) === value[17] ? null : 'check'
}

/** Whether characters 9–17 are a valid organisation code. Old hand-issued ones are not: warn, never refuse. */
export const hasOrgCode = (uscc: string): boolean => checkOrgCode(uscc.slice(8, 17)) === null

/** What is wrong with an organisation code (GB 11714), or null; `8-1` with a hyphen is accepted. */
export function checkOrgCode(value: string): CodeFault | null {
  const code = value[8] === '-' ? value.slice(0, 8) + value.slice(9) : value
  if (code.length !== 9) return 'length'
  if (!/^[0-9A-Z]{9}$/.test(code)) return 'characters'
  return orgCodeCheck(code) === code[8] ? null : 'check'
}

/** What is wrong with a bank card number (12–19 digits), or null. Not every debit card follows Luhn: warn, never refuse. */
export function checkBankCard(value: string): CodeFault | null {
  if (value.length < 12 || value.length > 19) return 'length'
  if (!/^\d+$/.test(value)) return 'characters'
  return luhnCheck(value.slice(0, -1)) === value.at(-1) ? null : 'check'
}
