import { setTimeout } from 'node:timers/promises'
import { openLake } from '../../server/store/lake/lake.ts'
import { startClickHouse } from '../clickhouse/start-clickhouse.ts'
import type { LakeHarness } from '../lake-suite.ts'

/** ClickHouse servers of its own, over HTTP, with a shard each. */
export async function clusterHarness(shards: number): Promise<LakeHarness> {
  const server = await startClickHouse({ shards })
  let batch = 0
  return {
    shards,
    open: () => openLake({ urls: server.urls }),
    async insertUntilKilled(afterMs) {
      const lake = await openLake({ urls: server.urls })
      let acknowledged = 0
      const killed = setTimeout(afterMs).then(() => server.kill())
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
