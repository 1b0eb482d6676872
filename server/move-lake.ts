import { systemActor } from './kernel/actor.ts'
import { newId } from './kernel/ids.ts'
import type { Config } from './config.ts'
import {
  appendEvents,
  type ControlPlane,
  dropEmbeddedLake,
  hasEmbeddedLake,
  type Lake,
  lockHome,
  moveLake,
  openDb,
  openLake,
  readMoved,
  toEventRecord,
  writeMoved,
} from './store/index.ts'

/**
 * Moves the embedded lake of a city that is not running onto the servers of CLICKHOUSE_URL; the embedded one stays. May be interrupted and
 * run again. With `confirmed` the embedded lake is removed, once the servers still hold what was moved.
 */
export async function moveEmbeddedLake(
  config: Config,
  { confirmed, say }: { confirmed: boolean; say: (line: string) => void },
): Promise<void> {
  const { home, clickhouseUrls: urls, clickhouseCluster: cluster } = config
  if (urls.length === 0) throw new Error('请先设置 CLICKHOUSE_URL，每个节点一个地址，用逗号分隔 / set CLICKHOUSE_URL, one URL a node')
  if (!hasEmbeddedLake(home)) throw new Error(`${home} 里没有嵌入式数据湖，无需迁移 / there is no embedded lake in ${home}`)
  const lock = await lockHome(home)
  try {
    const to = await openLake({ urls, cluster })
    try {
      await (confirmed ? confirm(config, to, say) : move(config, to, say))
    } finally {
      await to.close()
    }
  } finally {
    await lock.release()
  }
}

async function move(config: Config, to: Lake, say: (line: string) => void): Promise<void> {
  const from = await openLake({ dir: `${config.home}/lake` })
  const tables = await moveLake({ from, to }, ({ name, rows, copied }, at, of) =>
    say(`${at}/${of} ${name}：${rows} 行一致，本次复制 ${copied} 行 / ${rows} rows agree, ${copied} copied now`),
  ).finally(() => from.close())
  const at = new Date().toISOString()
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  await record(config, 'platform.lake_moved', { nodes: config.clickhouseUrls.length, tables: tables.length, rows })
  writeMoved(config.home, { at, tables: tables.map(({ name, rows, digest }) => ({ name, rows, digest })) })
  say(
    `已迁移 ${tables.length} 张表、${rows} 行，两边逐表计数与摘要一致。请带 CLICKHOUSE_URL 启动并核对；确认后执行 move-lake --confirm 删除嵌入式数据。`,
  )
  say(`Moved ${tables.length} tables, ${rows} rows; counts and digests agree. Start with CLICKHOUSE_URL; then run move-lake --confirm.`)
}

/** Later loads have replaced some of the moved tables; what was moved and is there must hold at least its rows. */
async function confirm(config: Config, to: Lake, say: (line: string) => void): Promise<void> {
  const moved = readMoved(config.home)
  if (!moved) throw new Error('尚未完成迁移：请先执行 move-lake / nothing was moved yet: run move-lake')
  const there = new Map((await to.tables()).map((table) => [table.name, table.rows]))
  const lost = moved.tables.filter(({ name, rows }) => (there.get(name) ?? rows) < rows)
  if (lost.length > 0 || !moved.tables.some(({ name, rows }) => rows === 0 || there.has(name)))
    throw new Error(
      `集群里缺少已迁移的数据（${lost.map(({ name }) => name).join('、')}），未删除任何内容 / the servers lack moved rows: nothing was removed`,
    )
  await record(config, 'platform.embedded_lake_removed', { movedAt: moved.at, tables: moved.tables.length })
  dropEmbeddedLake(config.home)
  say('嵌入式数据已删除 / the embedded lake is gone')
}

/** The audit log has it, whoever ran the command. */
async function record({ home, databaseUrl }: Config, action: string, detail: Record<string, unknown>): Promise<void> {
  const plane: ControlPlane = await openDb({ home, databaseUrl })
  const who = { actor: systemActor('move-lake'), now: () => new Date(), address: null, requestId: newId(), purpose: null }
  try {
    await plane.db.transaction().execute((tx) => appendEvents(tx, [toEventRecord(who, { action, detail })]))
  } finally {
    await plane.close()
  }
}
