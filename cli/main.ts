import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, findCommand } from './command.ts'
import { helpAll, helpOf } from './help.ts'
import { callRoute, ProblemError, settings } from './http-client.ts'
import { type Parsed, parseFlags, UsageError } from './parse-flags.ts'
import { pick, printAnswer } from './print.ts'
import { readShared } from './read-shared.ts'

/** Exit codes: 0 done, 1 refused by the city or failed, 2 wrong usage. */
async function main(args: string[]): Promise<number> {
  const [room, name, ...rest] = args
  if (!room || room === 'help' || room === '--help') return say(helpAll())
  // A password never stands on a command line, where other users of the machine could read it.
  if (room === 'login')
    return run(findCommand('security', 'create-session')!, args.slice(1), { password: (await readAll(process.stdin)).trimEnd() })
  if (room === 'share') return say(await readShared(args.slice(1)))
  const command = name && findCommand(room, name)
  if (!command) throw new UsageError(`没有命令 ${[room, name].filter(Boolean).join(' ')}；用 datong help 查看全部命令`)
  return rest.includes('--help') ? say(helpOf(command)) : run(command, rest)
}

const say = (text: string): number => {
  console.log(text)
  return 0
}

async function run(command: Command, args: string[], given: Record<string, unknown> = {}): Promise<number> {
  const parsed = parseFlags(
    command,
    Object.keys(given).length > 0 ? [...args, ...Object.entries(given).map(([key, value]) => `--${key}=${value}`)] : args,
  )
  const response = await callRoute(command.spec, { ...parsed.input, body: await bodyOf(command, parsed) })
  if (command.spec.output === 'file') return saveFile(response, parsed)
  if (command.spec.output === 'none') return say('完成')
  return say(
    parsed.get
      ? pick(response.answer, parsed.get)
      : parsed.asJson
        ? JSON.stringify(response.answer, null, 2)
        : printAnswer(response.answer),
  )
}

async function bodyOf(command: Command, parsed: Parsed): Promise<unknown> {
  if (command.spec.body === 'file') {
    if (!parsed.file) throw new UsageError('缺少 --file')
    return Readable.toWeb(createReadStream(parsed.file))
  }
  if (parsed.bodyFile === undefined) return parsed.input.body
  const written = parsed.bodyFile === '-' ? await readAll(process.stdin) : readFileSync(parsed.bodyFile, 'utf8')
  return { ...(JSON.parse(written) as object), ...parsed.input.body }
}

async function saveFile(response: Response, parsed: Parsed): Promise<number> {
  const sent = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  const target = parsed.file ?? (sent ? decodeURIComponent(sent).replaceAll(/[/\\]/g, '_') : 'download')
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(target))
  return say(target)
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(error.message)
    return 2
  }
  if (error instanceof ProblemError) {
    console.error(`${error.problem.title}：${error.problem.detail}`)
    for (const problem of error.problem.errors) console.error(`  ${problem.pointer}  ${problem.detail}`)
    return 1
  }
  const cause = (error as { cause?: { code?: string } }).cause
  console.error(
    cause?.code === 'ECONNREFUSED'
      ? `连接不上 ${settings.url}；请确认平台已启动，或用 DATONG_URL 指定地址`
      : error instanceof Error
        ? error.message
        : String(error),
  )
  return 1
}

process.exit(await main(process.argv.slice(2)).catch(explain))
