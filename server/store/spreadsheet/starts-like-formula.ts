/** Half and full width: an input method turns one into the other when the cell is edited. */
const FORMULA_START = /^[\s'"\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n\0]/

/** Would a spreadsheet take this text for a formula? Also behind blanks, quotes and invisible marks (OWASP ASVS 5.0 §1.2.10). */
export const startsLikeFormula = (text: string) => FORMULA_START.test(text)
