// Number text of a cell, as written in the XML, made plain without passing an id through a JavaScript number.

export interface NumberText {
  text: string
  /** More integer digits than Excel can hold (15): the digits behind were zeroed or rounded when it was typed. */
  precisionLost: boolean
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
/** IEEE 754 double, as Excel stores numbers: 15 significant decimal digits are kept. */
const EXCEL_DIGITS = 15

/**
 * `3.50203199001011E+17` → `350203199001011000`, flagged; `0.10000000000000001` → `0.1`, as Excel shows it.
 * Undefined when the text is no number.
 */
export function toNumberText(raw: string): NumberText | undefined {
  const match = NUMBER.exec(raw)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent)
  if (Math.abs(shift) > 400) return undefined
  const { integer, decimals } = placePoint(whole, fraction, shift)
  if (decimals === '') return { text: signed(sign, integer), precisionLost: integer.length > EXCEL_DIGITS }
  const significant = (integer + decimals).replace(/^0+/, '').length
  if (significant <= EXCEL_DIGITS) return { text: signed(sign, `${integer}.${decimals}`), precisionLost: false }
  // The tail beyond 15 digits is the binary residue of a measurement; an id has no decimals.
  const rounded = Number(raw).toPrecision(EXCEL_DIGITS)
  const shown = NUMBER.exec(rounded)
  if (!shown) return undefined
  const placed = placePoint(shown[2] ?? '', shown[3] ?? '', Number(shown[4] ?? '0'))
  const tail = placed.decimals
  return { text: signed(sign, tail ? `${placed.integer}.${tail}` : placed.integer), precisionLost: placed.integer.length > EXCEL_DIGITS }
}

function placePoint(whole: string, fraction: string, shift: number): { integer: string; decimals: string } {
  const digits = whole + fraction
  const point = whole.length + shift
  const integer = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  const decimals = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  return { integer: integer.replace(/^0+(?=\d)/, ''), decimals: decimals.replace(/0+$/, '') }
}

const signed = (sign: string | undefined, text: string) => (sign === '-' && /[1-9]/.test(text) ? `-${text}` : text)
