import type { Command, Flag } from './command.ts'

/** A mistake on the command line; its text tells what to write instead. */
export class UsageError extends Error {}

export interface Parsed {
  input: { params: Record<string, unknown>; query: Record<string, unknown>; body: Record<string, unknown> }
  /** JSON file with the whole body, `-` for standard input. */
  bodyFile: string | undefined
  /** File to send or to write. */
  file: string | undefined
  asJson: boolean
  /** Print one value of the answer: `items.0.id`. */
  get: string | undefined
}

const own = new Set(['body', 'file', 'json', 'get'])

/** `--name value`, `--name=value`, `--flag` for a boolean. @throws UsageError naming the flag and what it takes. */
export function parseFlags(command: Command, args: readonly string[]): Parsed {
  const parsed: Parsed = { input: { params: {}, query: {}, body: {} }, bodyFile: undefined, file: undefined, asJson: false, get: undefined }
  for (let index = 0; index < args.length; index++) {
    const match = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(args[index]!)
    if (!match) throw new UsageError(`不认识的参数 ${args[index]}；选项写作 --名称 值`)
    const [, name, inline] = match as unknown as [string, string, string | undefined]
    const flag = command.flags.find((candidate) => candidate.name === name)
    if (flag?.kind === 'boolean' && inline === undefined && !/^(true|false)$/.test(args[index + 1] ?? '')) {
      parsed.input[flag.part][flag.field] = true
      continue
    }
    if (name === 'json') {
      parsed.asJson = true
      continue
    }
    const value = inline ?? args[++index]
    if (value === undefined) throw new UsageError(`--${name} 后面缺少值`)
    if (flag) parsed.input[flag.part][flag.field] = toValue(flag, value)
    else if (own.has(name)) Object.assign(parsed, { [name === 'body' ? 'bodyFile' : name]: value })
    else throw new UsageError(`${command.room} ${command.name} 没有选项 --${name}；用 --help 查看可用选项`)
  }
  const missing = command.flags.filter(
    (flag) =>
      flag.isRequired && !(flag.part === 'body' && parsed.bodyFile !== undefined) && parsed.input[flag.part][flag.field] === undefined,
  )
  if (missing.length > 0) throw new UsageError(`缺少 ${missing.map((flag) => `--${flag.name}`).join(' ')}`)
  return parsed
}

function toValue(flag: Flag, text: string): unknown {
  if (flag.values.length > 0 && !flag.values.includes(text)) throw new UsageError(`--${flag.name} 只能是 ${flag.values.join('、')}`)
  if (flag.kind === 'number') {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw new UsageError(`--${flag.name} 应为数字`)
    return Number(text)
  }
  if (flag.kind === 'boolean') return text === 'true'
  if (flag.kind !== 'json') return text
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`--${flag.name} 应为 JSON，例如 --${flag.name} '[…]'`)
  }
}
