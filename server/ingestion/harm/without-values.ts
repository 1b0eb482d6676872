const literal = /"(?:[^"]|"")*"|`(?:[^`]|``)*`|E?'(?:[^'\\]|''|\\.)*'|X'[0-9a-fA-F]*'|(?<=[<>=] ?)-?\d+(?:\.\d+)?/g
const list = /\bIN \([-\w?., ]*\)/g
const longest = 4000

/** A statement as it may be kept: names stay, every value becomes `?`. */
export function withoutValues(statement: string): string {
  const text = statement
    .replace(literal, (found) => (found.startsWith('"') || found.startsWith('`') ? found : '?'))
    .replace(/\s+/g, ' ')
    .replace(list, 'IN (?)')
  return text.length > longest ? `${text.slice(0, longest)}…` : text.trim()
}
