import { parseArgs } from 'node:util'
import { type App, openApp } from './app.ts'
import { readConfig } from './config.ts'
import { verifyChain } from './store/index.ts'

/** What an empty store becomes: the demo city, the same at its true scale, or nothing but its administrators. */
const cities = ['demo', 'full', 'none'] as const
type City = (typeof cities)[number]

const commands: Record<string, (city: City) => Promise<void>> = { serve, verify }

/** Opens the city and serves until SIGINT or SIGTERM; a second signal ends at once. */
async function serve(city: City): Promise<void> {
  const config = readConfig()
  const app = await openApp(config)
  let isEnding = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(1)
      isEnding = true
      app.close().then(() => process.exit(0))
    })
  }
  await prepare(app, city)
  await app.http.listen({ host: config.host, port: config.port })
  const address = app.http.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  console.log(`大同已启动 / Datong is ready: http://${config.host}:${port}/`)
}

/** A store without organisations is new: it gets its city, and the one-time passwords are printed once. */
async function prepare(app: App, city: City): Promise<void> {
  if (await app.plane.db.selectFrom('security.org').select('id').limit(1).executeTakeFirst()) return
  const { prepareCity } = await import('../demo/prepare-city.ts')
  for (const line of await prepareCity(app, city)) console.log(line)
}

/** Walks the audit chain of a city that is not running. Exit code 1 names the first entry that does not hold. */
async function verify(): Promise<void> {
  const app = await openApp({ ...readConfig(), logLevel: 'error' })
  const { entries, intact, firstBadSeq, head } = await verifyChain(app.plane.db)
  await app.close()
  console.log(intact ? `审计链完整 / intact: ${entries} 条, ${head}` : `审计链在第 ${firstBadSeq} 条断裂 / broken at entry ${firstBadSeq}`)
  process.exit(intact ? 0 : 1)
}

function readArguments(): { command: (city: City) => Promise<void>; city: City } {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { city: { type: 'string', default: 'demo' } } })
  const [name = 'serve'] = positionals
  const command = commands[name]
  const city = cities.find((one) => one === values.city)
  if (!command) throw new Error(`没有命令 ${name}；可用：${Object.keys(commands).join(' ')}`)
  if (!city) throw new Error(`--city 只能是 ${cities.join('、')}`)
  return { command, city }
}

try {
  const { command, city } = readArguments()
  await command(city)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
