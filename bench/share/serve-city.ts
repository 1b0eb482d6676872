// Child of share-keyed.ts: a city on an existing home, as `npm start` serves it; `load` starts loading rows beside the calls.
import { openApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'

const app = await openApp(readConfig({ ...process.env, LOG_LEVEL: 'error' }))
await app.http.listen({ host: '127.0.0.1', port: 0 })
const address = app.http.server.address()
process.send!({ port: typeof address === 'object' ? address?.port : 0 })

let isLoading = false
/** What a load does to the lake, over and over: a staging table of the run, filled from a source and dropped. */
async function load(source: string): Promise<void> {
  for (let run = 0; isLoading; run++) {
    await app.lake.define(`CREATE TABLE bench_load_${run} ENGINE = MergeTree ORDER BY id AS SELECT * FROM ${source} LIMIT 0`)
    await app.lake.command(`INSERT INTO bench_load_${run} SELECT * FROM ${source}`)
    await app.lake.define(`DROP TABLE bench_load_${run}`)
  }
}

process.on('message', (message: { load?: string; stop?: boolean; close?: boolean }) => {
  if (message.load) {
    isLoading = true
    load(message.load).then(() => process.send!({ loaded: true }))
  }
  if (message.stop) isLoading = false
  if (message.close) app.close().then(() => process.exit(0))
})
