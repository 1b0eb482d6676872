import { existsSync } from 'node:fs'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { App } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { version } from './version.ts'

/** What an empty store becomes: the demo city, the same at its true scale, or nothing but its administrators. */
const cities = ['demo', 'full', 'none'] as const
type City = (typeof cities)[number]

interface Arguments {
  city: City
  confirm: boolean
}

/** Each loads what it needs: the agent's launcher is small. */
const commands: Record<string, (given: Arguments) => Promise<void>> = {
  serve: ({ city }) => serve(city),
  verify,
  agent,
  'move-lake': moveLake,
}

/** Opens the city and serves until SIGINT or SIGTERM; a second signal ends at once. */
async function serve(city: City): Promise<void> {
  const config = readConfig()
  const app = await openPrepared(config, city)
  let isEnding = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(1)
      isEnding = true
      app.close().then(() => process.exit(0))
    })
  }
  await app.http.listen({ host: config.host, port: config.port })
  const address = app.http.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  console.log(`大同已启动 / Datong is ready: http://${config.host}:${port}/`)
}

/**
 * The city of `config`, prepared. A new store gets its city, and the one-time passwords are printed once. A store whose
 * preparation was cut off holds nothing of anybody's yet: the embedded one is begun anew.
 */
async function openPrepared(config: Config, city: City): Promise<App> {
  const { openApp } = await import('./app.ts')
  const app = await openApp(config)
  const { db } = app.plane
  if (await db.selectFrom('platform.setting').select('key').where('key', '=', 'city').executeTakeFirst()) return app
  if (await db.selectFrom('security.org').select('id').limit(1).executeTakeFirst()) {
    await app.close()
    if (config.databaseUrl || config.clickhouseUrls.length > 0)
      throw new Error(
        '上次准备城市时中断了：请清空数据库后重新启动 / an earlier preparation was cut off: empty the databases and start again',
      )
    for (const part of ['control', 'lake', 'files']) rmSync(join(config.home, part), { recursive: true, force: true })
    return openPrepared(config, city)
  }
  const { prepareCity } = await import('../demo/prepare-city.ts')
  const lines = await prepareCity(app, city)
  await db
    .insertInto('platform.setting')
    .values({ key: 'city', value: JSON.stringify(city) })
    .execute()
  for (const line of lines) console.log(line)
  return app
}

/** Reads all of a city that is not running. Exit code 1 when something does not hold, after naming each place. */
async function verify(): Promise<void> {
  const config = readConfig()
  if (!config.databaseUrl && !existsSync(config.home))
    throw new Error(`${config.home} 里没有数据，请检查 DATONG_HOME / there is no city in ${config.home}`)
  const { verifyCity } = await import('./verify-city.ts')
  const { entries, head, tables, problems } = await verifyCity(config)
  for (const problem of problems) console.log(problem)
  if (problems.length === 0)
    console.log(`审计链完整 / intact: ${entries} 条, ${head}；${tables} 张数据表完好 / tables of the lake are whole`)
  process.exit(problems.length === 0 ? 0 : 1)
}

async function moveLake({ confirm }: Arguments): Promise<void> {
  const { moveEmbeddedLake } = await import('./move-lake.ts')
  await moveEmbeddedLake(readConfig(), { confirmed: confirm, say: console.log })
}

/** 前置机: the process of a department's own network (docs/AGENT.md). DATONG_HOME is its folder, with its `agent.json`. */
async function agent(): Promise<void> {
  const { home, logLevel } = readConfig()
  const { launchAgent } = await import('./launch-agent.ts')
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
  console.log('前置机已启动 / the agent is running')
  process.exit(await launchAgent({ home, version, logLevel, signal: stopping.signal }))
}

function readArguments(): { command: (given: Arguments) => Promise<void>; given: Arguments } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { city: { type: 'string', default: 'demo' }, confirm: { type: 'boolean', default: false } },
  })
  const [name = 'serve'] = positionals
  const command = commands[name]
  const city = cities.find((one) => one === values.city)
  if (!command) throw new Error(`没有命令 ${name}；可用：${Object.keys(commands).join(' ')}`)
  if (!city) throw new Error(`--city 只能是 ${cities.join('、')}`)
  return { command, given: { city, confirm: values.confirm } }
}

try {
  const { command, given } = readArguments()
  await command(given)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
