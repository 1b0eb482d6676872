import { quoteText } from '../../store/index.ts'
import type { ColumnPlan } from './column-plan.ts'
import type { Definitions } from './definitions.ts'

/** What means nothing at the ends of a text. */
const spaces = ' \t\r\n\f'
export const asciiSpace = quoteText(spaces)
/** No-break and ideographic space: what people paste. */
export const wideSpace = ['\u3000', '\u00a0']
/** Every byte of them all, as the engine's `trim` takes them. */
export const anyOuterByte = quoteText(spaces + wideSpace.join(''))
const anySpace = quoteText('^[\\s\\x{3000}\\x{a0}]+|[\\s\\x{3000}\\x{a0}]+$')

/** Both ends without spaces. The engine's own `trim` works on bytes and would cut into a character, so it gets ASCII only. */
function trimSql(text: string, name: string, definitions: Definitions): string {
  const trimmed = definitions.define(`${name}.ascii`, `trim(BOTH ${asciiSpace} FROM ${text})`)
  const ends = wideSpace.flatMap((space) => [`startsWith(${trimmed}, ${quoteText(space)})`, `endsWith(${trimmed}, ${quoteText(space)})`])
  return definitions.define(`${name}.trimmed`, `if(${ends.join(' OR ')}, replaceRegexpAll(${trimmed}, ${anySpace}, ''), ${trimmed})`)
}

/** The text of a column without what means nothing, null where there is no value. `text` is SQL of Nullable(String). */
export function cleanSql(column: ColumnPlan, text: string, definitions: Definitions): string {
  const { arrival, conversion, missing, input } = column
  const trimmed = column.trim && !arrival.isTyped ? trimSql(text, input, definitions) : text
  const isEmptyMissing = arrival.isEmptyMissing || (conversion !== 'text' && !arrival.isTyped)
  const words = [...missing, ...(isEmptyMissing ? [''] : [])]
  if (words.length === 0) return trimmed
  if (words.length === 1 && words[0] === '') return definitions.define(`${input}.clean`, `nullIf(${trimmed}, '')`)
  const name = `missing${input.slice(1)}`
  definitions.parameters[name] = words
  return definitions.define(`${input}.clean`, `if(has({${name}:Array(String)}, assumeNotNull(${trimmed})), NULL, ${trimmed})`)
}
