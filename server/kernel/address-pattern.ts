/** Han letters as ranges that JavaScript and RE2 read alike, whatever their Unicode versions. */
export const HAN = '㐀-䶿一-鿿豈-﫿𠀀-𿿽〇'

/** A class of Han letters without some of them. */
function hanWithout(excluded: string): string {
  const ranges: string[] = []
  let from = 0x4e00
  for (const code of [...[...excluded].map((letter) => letter.codePointAt(0)!).sort((a, b) => a - b), 0xa000]) {
    if (from < code) ranges.push(`${String.fromCodePoint(from)}-${String.fromCodePoint(code - 1)}`)
    from = code + 1
  }
  return `[${ranges.join('')}]`
}

// A place name ends at the first letter that can end one, so that a match never runs on into the street.
const ENDS = '省市县区旗'
const letter = hanWithout(ENDS)
const province = `(?:${letter}{1,8}(?:省|自治区))?`
const city = `${letter}{1,10}(?:市|自治州|地区|盟)`
// 小区, 校区, 园区 … are housing estates and campuses, 夜市, 超市 … are markets: no districts, no county-level cities.
const district = `市?(?:${letter}{0,8}(?:自治县|自治旗)|${letter}{0,9}${hanWithout(`${ENDS}小社园校厂景住宅库院`)}区|${letter}{1,10}(?:县|旗)|${letter}{0,9}${hanWithout(`${ENDS}夜超门菜早`)}市)`
const street = `(?:${hanWithout(`${ENDS}镇乡`)}{1,10}?(?:街道|镇|乡|苏木))?`

/** An address whose first group is the part down to a level; an address that lacks the level does not match. */
export const addressPattern = (to: 'city' | 'district' | 'street'): string =>
  `^(${province}${to === 'city' ? city : `(?:${city})?${district}${to === 'street' ? street : ''}`})[\\s\\S]*$`
