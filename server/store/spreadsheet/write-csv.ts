// CSV for people who open it in Excel or WPS: RFC 4180 quoting, and no field that a spreadsheet would evaluate.
import iconv from 'iconv-lite'
import { invalid } from '../../kernel/errors.ts'
import { startsLikeFormula } from './starts-like-formula.ts'
import type { CellValue } from './write-xlsx.ts'

export interface WriteCsvOptions {
  header: readonly string[]
  rows: Iterable<readonly CellValue[]> | AsyncIterable<readonly CellValue[]>
  /** Excel on Windows takes a file without mark for the system's code page: `utf-8-bom` or `gb18030` for people, `utf-8` for programs. */
  encoding?: 'utf-8' | 'utf-8-bom' | 'gb18030'
  delimiter?: ',' | ';' | '\t' | '|'
  /** OWASP ASVS 5.0 §1.2.10. Switch off only for a file that a program reads. */
  guardsFormulas?: boolean
}

const FLUSH_CHARACTERS = 65_536

/**
 * The bytes of the file. `null` is an empty field, an empty text is `""`; lines end in CRLF.
 * @throws `file.not_encodable` for a character that GB18030 has no place for (some private-use ones)
 */
export async function* writeCsv(options: WriteCsvOptions): AsyncGenerator<Buffer> {
  const { header, rows, encoding = 'utf-8-bom', delimiter = ',', guardsFormulas = true } = options
  const needsQuotes = new RegExp(`["\\r\\n${delimiter === '|' ? '\\|' : delimiter}]|^\\s|\\s$`)
  const field = (value: CellValue) => {
    if (value === null || value === undefined) return ''
    const text = guardsFormulas && typeof value === 'string' ? guardFormula(value) : String(value)
    return text === '' || needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const line = (values: readonly CellValue[]) => `${values.map(field).join(delimiter)}\r\n`
  let pending = (encoding === 'utf-8-bom' ? '\ufeff' : '') + line(header)
  for await (const values of rows) {
    pending += line(values)
    if (pending.length > FLUSH_CHARACTERS) {
      yield encode(pending, encoding)
      pending = ''
    }
  }
  yield encode(pending, encoding)
}

const NEGATIVE_NUMBER = /^-\d+(\.\d+)?$/

/** `=1+1` → `'=1+1`; a plain negative number stays a number. */
export const guardFormula = (text: string) => (startsLikeFormula(text) && !NEGATIVE_NUMBER.test(text) ? `'${text}` : text)

function encode(text: string, encoding: NonNullable<WriteCsvOptions['encoding']>): Buffer {
  if (encoding !== 'gb18030') return Buffer.from(text)
  const bytes = iconv.encode(text, 'gb18030')
  // iconv-lite follows the 2000 edition for 19 private-use characters, which today's decoders read as others: never write those.
  if (DECODER.decode(bytes) !== text) {
    const character = [...text].find((one) => DECODER.decode(iconv.encode(one, 'gb18030')) !== one) ?? '?'
    throw invalid('file.not_encodable', { character, code: `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}` })
  }
  return bytes
}

const DECODER = new TextDecoder('gb18030')
