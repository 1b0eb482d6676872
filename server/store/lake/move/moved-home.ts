import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MovedTable } from './move-lake.ts'

/** What the move of an embedded lake leaves in the home folder, for the next start and for the operator. */
export interface Moved {
  at: string
  tables: Pick<MovedTable, 'name' | 'rows' | 'digest'>[]
}

const markerOf = (home: string) => join(home, 'lake-moved.json')
const lakeOf = (home: string) => join(home, 'lake')

export const hasEmbeddedLake = (home: string) => existsSync(lakeOf(home))

export const readMoved = (home: string): Moved | null =>
  existsSync(markerOf(home)) ? (JSON.parse(readFileSync(markerOf(home), 'utf8')) as Moved) : null

export const writeMoved = (home: string, moved: Moved) =>
  writeFileSync(markerOf(home), `${JSON.stringify(moved, null, 2)}\n`, { mode: 0o600, flush: true })

/** The embedded lake goes; that it was moved stays known. */
export const dropEmbeddedLake = (home: string) => rmSync(lakeOf(home), { recursive: true, force: true })

/**
 * A city whose data lie in the other engine would show its catalog without a single row.
 * @throws Error saying which setting or command is missing
 */
export function refuseOtherLake(home: string, isCluster: boolean): void {
  const moved = readMoved(home)
  if (isCluster && !moved && hasEmbeddedLake(home))
    throw new Error(
      `${home} 的数据还在嵌入式引擎里：请先执行 node server/main.ts move-lake / the data are still in the embedded engine: run move-lake first`,
    )
  if (!isCluster && moved)
    throw new Error(`${home} 的数据已于 ${moved.at} 迁到集群：请设置 CLICKHOUSE_URL / the data were moved to a cluster: set CLICKHOUSE_URL`)
}
