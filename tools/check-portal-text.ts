// No words inside components: everything that a user reads stands in a text.ts, in both languages. Reads every .tsx of the
// portal with oxc-parser: no letter in JSX text, no letter in the attributes that are shown, no Chinese anywhere.
import { globSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { parseSync } from 'oxc-parser'

/** Attributes whose text a user reads or hears. */
const shown =
  /^(title|label|placeholder|alt|purpose|why|todo|help|extra|hint|question|description|message|okText|cancelText|content|tooltip|aria-label|aria-description)$/i
const chinese = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u
const letter = /\p{L}/u

interface Node {
  type: string
  start: number
  value?: unknown
  raw?: string
  name?: { name?: string; namespace?: { name: string } }
  [key: string]: unknown
}

/** Everything wrong with the words of one file. */
export function checkText(path: string, text: string): string[] {
  const problems: string[] = []
  const say = (node: Node, what: string) => problems.push(`${path}:${text.slice(0, node.start).split('\n').length}: ${what}`)
  const visit = (node: Node): void => {
    const value = typeof node.value === 'string' ? node.value : ''
    if (node.type === 'JSXText' && (letter.test(value) || chinese.test(value)))
      say(node, `words between tags: ${value.trim().slice(0, 40)}`)
    else if (node.type === 'Literal' && chinese.test(value)) say(node, `Chinese in a component: ${value}`)
    else if (node.type === 'TemplateElement' && chinese.test((node.value as { raw: string }).raw)) say(node, 'Chinese in a component')
    if (node.type === 'JSXAttribute') checkAttribute(node, say)
    for (const child of Object.values(node)) {
      if (Array.isArray(child)) for (const one of child) isNode(one) && visit(one)
      else if (isNode(child)) visit(child)
    }
  }
  visit(parseSync(path, text).program as unknown as Node)
  return problems
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

function checkAttribute(node: Node, say: (node: Node, what: string) => void): void {
  const attribute = node.name?.namespace ? '' : String(node.name?.name ?? '')
  const value = node.value as Node | null
  const inner = value?.type === 'JSXExpressionContainer' ? (value.expression as Node) : value
  if (shown.test(attribute) && inner?.type === 'Literal' && typeof inner.value === 'string' && letter.test(inner.value))
    say(node, `words in ${attribute}: ${inner.value}`)
}

if (process.argv[1] && relative(process.cwd(), process.argv[1]) === 'tools/check-portal-text.ts') {
  const paths = globSync('portal/src/**/*.tsx')
  const problems = paths.flatMap((path) => checkText(path, readFileSync(path, 'utf8')))
  for (const problem of problems) console.error(problem)
  console.log(`${paths.length} components, ${problems.length} with words of their own`)
  process.exit(problems.length > 0 || paths.length < 10 ? 1 : 0)
}
