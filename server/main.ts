import { openApp } from './app.ts'
import { readConfig } from './config.ts'

const commands: Record<string, () => Promise<void>> = { serve }

/** Opens the city and serves until SIGINT or SIGTERM; a second signal ends at once. */
async function serve(): Promise<void> {
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
  await app.http.listen({ host: config.host, port: config.port })
  const address = app.http.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  console.log(`大同已启动 / Datong is ready: http://${config.host}:${port}/`)
}

const [name = 'serve'] = process.argv.slice(2)
const command = commands[name]
if (!command) {
  console.error(`没有命令 ${name}；可用：${Object.keys(commands).join(' ')}`)
  process.exit(2)
}
await command().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
