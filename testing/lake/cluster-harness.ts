import { setTimeout } from 'node:timers/promises'
import { openLake } from '../../server/store/lake/lake.ts'
import { startClickHouse } from '../clickhouse/start-clickhouse.ts'
import type { LakeHarness } from '../lake-suite.ts'

/** A ClickHouse server of its own, over HTTP. */
export async function clusterHarness(): Promise<LakeHarness> {
  const server = await startClickHouse()
  let batch = 0
  return {
    open: () => openLake({ urls: server.urls }),
    async insertUntilKilled(afterMs) {
      const lake = await openLake({ urls: server.urls })
      let acknowledged = 0
      const killed = setTimeout(afterMs).then(server.kill)
      try {
        for (;;) {
          await lake.command('INSERT INTO acked SELECT {batch:UInt32}, number FROM numbers(100)', { batch: batch++ })
          acknowledged++
        }
      } catch {
        await killed
      }
      await lake.close()
      await server.restart()
      return acknowledged
    },
    stop: server.stop,
  }
}
