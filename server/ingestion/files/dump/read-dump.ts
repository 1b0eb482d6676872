import { invalid } from '../../../kernel/errors.ts'
import {
  columnsIn,
  copyText,
  type DumpKind,
  endOfQuoted,
  hasEscapes,
  isQuote,
  namesIn,
  splitList,
  stringBehind,
  valueText,
} from './sql-texts.ts'

/**
 * What a dump holds, in its order. Rows belong to the table that was named last; without columns where the dump does not name them.
 * `comments`: by column, empty where nothing was said.
 */
export type DumpPart =
  | { kind: 'table'; name: string; columns: string[] | null; comments: ReadonlyMap<string, string> }
  | { kind: 'row'; texts: (string | null)[] }
  | { kind: 'broken'; reason: 'ragged' | 'sql_value' | 'bad_characters'; params: Record<string, number>; raw: string }

/** Of a row or a statement: beyond it somebody is filling the memory. */
const maxCharacters = 2 ** 24
/** In so much text the head of a statement has its end. */
const headCharacters = 2 ** 18
const replacement = '\ufffd'

const name = String.raw`((?:\`[^\`]+\`|"[^"]+"|[\w$\u0080-\uffff]+)(?:\s*\.\s*(?:\`[^\`]+\`|"[^"]+"|[\w$\u0080-\uffff]+))?)`
const columns = String.raw`\s*(?:\(([^)]*)\))?\s*`
const heads = {
  rows: new RegExp(
    String.raw`(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+${name}${columns}(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*(?=\()`,
    'iy',
  ),
  copy: new RegExp(String.raw`COPY\s+${name}${columns}FROM\s+stdin[^;\n]*;[ \t\r]*\n`, 'iy'),
  delimiter: /DELIMITER[ \t]+(\S+)[ \t\r]*\n/iy,
}
const mayBeHead = /(?:INSERT|REPLACE|COPY|DELIMITER)\b/iy
const tableHead = new RegExp(String.raw`^CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?${name}\s*\(`, 'i')
const columnComment = /^COMMENT\s+ON\s+COLUMN\s+((?:"[^"]+"|[^\s"])+)\s+IS\s/i
const between = /\s+/y
/** Blanks, comments, and what is meant for the program that reads dumps. */
const blank = /\s+|(?:--|#|\\)[^\n]*\n|\/\*[\s\S]*?\*\/[ \t]*;*/y

/**
 * The tables and rows of a plain dump of MySQL (`mysqldump`, phpMyAdmin) or PostgreSQL (`pg_dump`, COPY or INSERT), in constant memory; the
 * rows only of `table` where one is named. Nothing of it is run: other statements are passed over.
 * @throws `file.sql_truncated` `file.sql_damaged` `file.sql_unknown`
 */
export async function* readDump(texts: AsyncIterable<string>, kind: DumpKind, table?: string): AsyncGenerator<DumpPart[]> {
  const found: DumpPart[] = []
  const scanner = makeScanner(kind, table, found)
  for await (const text of texts) {
    scanner.take(text, false)
    yield found.splice(0)
  }
  scanner.take('\n', true)
  yield found.splice(0)
}

function makeScanner(kind: DumpKind, table: string | undefined, found: DumpPart[]) {
  const known = new Map<string, Map<string, string>>()
  let text = ''
  let at = 0
  let isLast = false
  let state: 'between' | 'tuples' | 'copy' = 'between'
  let delimiter = ';'
  let width: number | null = null
  let isWanted = true

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  const pass = (pattern: RegExp) => {
    for (let passed = match(pattern); passed; passed = match(pattern)) at += passed[0].length
  }
  const begin = (head: RegExpExecArray, next: 'tuples' | 'copy'): true => {
    const own = namesIn(head[1]!).join('.')
    const comments = known.get(own)
    const listed = head[2] === undefined ? (comments ? [...comments.keys()] : null) : namesIn(head[2])
    width = listed?.length ?? null
    isWanted = table === undefined || own === table
    if (isWanted) found.push({ kind: 'table', name: own, columns: listed, comments: comments ?? new Map() })
    state = next
    at += head[0].length
    return true
  }
  const addRow = (raw: string, values: (string | null | undefined)[]) => {
    const setAside = (reason: 'ragged' | 'sql_value' | 'bad_characters', params = {}) => found.push({ kind: 'broken', reason, params, raw })
    if (raw.includes(replacement)) setAside('bad_characters')
    else if (values.includes(undefined)) setAside('sql_value')
    else if (width !== null && values.length !== width) setAside('ragged', { expected: width, found: values.length })
    else found.push({ kind: 'row', texts: values as (string | null)[] })
  }
  /** One step; false where more text is needed. */
  const steps = {
    between(): boolean {
      pass(blank)
      if (at === text.length) return false
      const isShort = text.length - at < headCharacters && !isLast
      const head = match(heads.rows)
      if (head) return begin(head, 'tuples')
      const copy = match(heads.copy)
      if (copy) return begin(copy, 'copy')
      const changed = match(heads.delimiter)
      if (changed) {
        delimiter = changed[1]!
        at += changed[0].length
        return true
      }
      if (!match(mayBeHead)) return passStatement()
      // Rows in a form that is not known here are not passed over in silence.
      if (!isShort) throw invalid('file.sql_unknown')
      return false
    },
    tuples(): boolean {
      pass(between)
      if (text[at] === '(') {
        const end = endOfBrackets(text, at, kind)
        if (end < 0) return false
        const raw = text.slice(at, end)
        if (isWanted)
          addRow(
            raw,
            splitList(raw.slice(1, -1), kind).map((value) => valueText(value, kind)),
          )
        at = end
        return true
      }
      if (text[at] === ',') {
        at++
        return true
      }
      if (at === text.length || !passStatement()) return false
      state = 'between'
      return true
    },
    copy(): boolean {
      const end = text.indexOf('\n', at)
      if (end < 0) return false
      const line = text.slice(at, text[end - 1] === '\r' ? end - 1 : end)
      at = end + 1
      if (line === '\\.') state = 'between'
      else if (isWanted) addRow(line, line.split('\t').map(copyText))
      return true
    },
  }
  const passStatement = (): boolean => {
    const end = endOfStatement(text, at, kind, delimiter)
    if (end < 0) return false
    const statement = text.slice(at, end)
    const head = tableHead.exec(statement)
    if (head) {
      const open = head[0].length - 1
      known.set(namesIn(head[1]!).join('.'), columnsIn(statement.slice(open + 1, endOfBrackets(statement, open, kind) - 1), kind))
    }
    const commented = columnComment.exec(statement)
    if (commented) {
      const path = namesIn(commented[1]!)
      known.get(path.slice(0, -1).join('.'))?.set(path.at(-1)!, stringBehind(/\sIS\s+E?$/i, statement, kind))
    }
    at = end
    return true
  }
  return {
    take(more: string, last: boolean) {
      text = text.slice(at) + more
      at = 0
      isLast = last
      while (steps[state]());
      if (text.length - at > maxCharacters) throw invalid('file.sql_damaged')
      if (last && (state !== 'between' || at < text.length)) throw invalid('file.sql_truncated')
    },
  }
}

/** Behind the bracket that closes the one at `at`; -1 where it is not there yet. */
function endOfBrackets(text: string, at: number, kind: DumpKind): number {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const sign = text[i]
    if (isQuote(sign)) {
      const end = endOfQuoted(text, i, hasEscapes(kind, text, i))
      if (end < 0) return -1
      i = end - 1
    } else if (sign === '(') depth++
    else if (sign === ')' && --depth === 0) return i + 1
  }
  return -1
}

/** Behind the delimiter that ends the statement at `at`, past quotes, comments and bodies of functions; -1 where it is not there yet. */
function endOfStatement(text: string, at: number, kind: DumpKind, delimiter: string): number {
  for (let i = at; i < text.length; i++) {
    const sign = text[i]
    if (text.startsWith(delimiter, i)) return i + delimiter.length
    let end = i + 1
    if (isQuote(sign)) end = endOfQuoted(text, i, hasEscapes(kind, text, i))
    else if (text.startsWith('--', i)) end = text.indexOf('\n', i)
    else if (text.startsWith('/*', i)) end = text.indexOf('*/', i + 2)
    else if (sign === '$' && kind === 'postgresql') {
      const tag = /\$\w*\$/y
      tag.lastIndex = i
      const quote = tag.exec(text)?.[0]
      if (quote) end = text.indexOf(quote, i + quote.length) + (text.includes(quote, i + quote.length) ? quote.length : 0)
    }
    if (end < 0) return -1
    i = Math.max(i, end - 1)
  }
  return -1
}
