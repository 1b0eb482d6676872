import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { drainPending, Session } from 'chdb'
import { damagedTables, explainDamage, putDamagedAside } from './damage.ts'
import { embeddedConnection } from './embedded-connection.ts'
import { type Engine, killStatement } from './engine.ts'
import { LakeError } from './lake-error.ts'
import { type Lanes, makeLanes } from './lane.ts'
import { openSpool } from './spool.ts'

/** Statements that run at once, per lane. Each one holds a thread of libuv's pool: UV_THREADPOOL_SIZE must leave room, see the README. */
const width = { read: 4, scan: 1, write: 2, apply: 1, define: 1 }
const drainSeconds = 10

/** Opens chDB in a folder of its own. */
export async function openEmbedded(dir: string): Promise<Engine> {
  const folder = path.resolve(dir)
  const spoolFolder = path.join(folder, 'spool')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await refuseSecondOwner(folder)
  const spool = await openSpool(spoolFolder)
  const config = path.join(folder, 'engine.xml')
  await writeFile(config, engineConfig(spoolFolder), { mode: 0o600 })

  // mmap, the embedded default, kills the process with SIGBUS when a file is cut while it is read.
  const connectionArgs = [`--config-file=${config}`, '--storage_file_read_method=pread', '--implicit_select=0']
  const owner = openSession(folder, connectionArgs)
  await owner.queryAsync('CREATE DATABASE IF NOT EXISTS lake ENGINE = Atomic')

  const clients: ClickHouseClient[] = []
  const connect = async (count: number) => {
    const opened = await Promise.all(
      Array.from({ length: count }, async () => {
        const session = openSession(folder, connectionArgs)
        await session.queryAsync('USE lake')
        return createClient({ connection: embeddedConnection(session) })
      }),
    )
    clients.push(...opened)
    return opened
  }
  const nodes = await connect(width.define)
  const lanes = makeLanes({
    read: await connect(width.read),
    scan: await connect(width.scan),
    write: await connect(width.write),
    apply: await connect(width.apply),
    define: nodes,
  })
  const [control] = await connect(1)
  await putDamagedAside(control!)
  const damaged = damagedTables(await namesOf(control!))
  const forgetExit = endWithProcess(lanes)

  return {
    kind: 'chdb',
    lanes,
    nodes,
    ...spool,
    spread: () => null,
    settings: {},
    readOn: (client, read) => read(client),
    explain: async (error) => explainDamage(error, damaged),
    async kill(id) {
      await control!.command({ query: killStatement, query_params: { id } })
    },
    async close() {
      for (const lane of Object.values(lanes)) lane.shut()
      await control!.command({ query: "KILL QUERY WHERE Settings['log_comment'] != '' ASYNC" })
      // Closing under a running statement would abort the engine.
      const drained = await Promise.race([drainPending().then(() => true), setTimeout(drainSeconds * 1000, false, { ref: false })])
      if (!drained) throw new LakeError(0, 'STUCK', 'a statement waits for a source that has frozen; it ends with the process')
      for (const client of clients) await client.close()
      owner.close()
      await drainPending()
      forgetExit()
    },
  }
}

/**
 * At its exit Node waits for the threads that run statements, so after a crash during a load the process would neither serve nor end for
 * hours. Killing it harms nothing: what was acknowledged is on the disk. Where Node or the engine gives up (no memory), the engine's
 * handler of SIGABRT would first wait up to five minutes for a report that needs memory; one of ours, put in its place, returns, and
 * then the process ends.
 */
function endWithProcess(lanes: Lanes): () => void {
  const isBusy = () => Object.values(lanes).some((lane) => lane.isBusy())
  const end = () => {
    if (isBusy()) process.kill(process.pid, 'SIGKILL')
  }
  // Node prints what nobody caught after the exit's handlers, so never where they kill.
  const tell = (error: Error) => {
    if (isBusy()) console.error(error)
  }
  const giveUp = () => {}
  process.on('exit', end)
  process.on('uncaughtExceptionMonitor', tell)
  process.on('SIGABRT', giveUp)
  return () => {
    process.off('exit', end)
    process.off('uncaughtExceptionMonitor', tell)
    process.off('SIGABRT', giveUp)
  }
}

async function namesOf(client: ClickHouseClient): Promise<string[]> {
  const found = await client.query({ query: "SELECT name FROM system.tables WHERE database = 'lake'", format: 'JSONEachRow' })
  return (await found.json<{ name: string }>()).map(({ name }) => name)
}

function openSession(folder: string, connectionArgs: string[]): Session {
  try {
    return new Session(folder, { connectionArgs })
  } catch (error) {
    throw new LakeError(
      76,
      'CANNOT_OPEN_FILE',
      `the lake in ${folder} does not open: another process holds it, the folder is not writable, or the definition of a table is damaged (the engine names the file on stderr)`,
      error,
    )
  }
}

/** The engine refuses a second owner too (a lock on the same file), but says so only on stderr. */
async function refuseSecondOwner(folder: string): Promise<void> {
  const status = await readFile(path.join(folder, 'status'), 'utf8').catch(() => '')
  const pid = Number(/^PID: (\d+)/.exec(status)?.[1] ?? 0)
  if (pid === 0 || pid === process.pid) return
  const alive = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  if (alive.includes('node')) throw new LakeError(76, 'CANNOT_OPEN_FILE', `the lake in ${folder} is open in process ${pid}: stop it first`)
}

/**
 * Small caches and few background threads: a city's server shares its machine; large sites move to a cluster. A DELETE is synced like
 * a merge: left to the kernel, a power cut would undo it, and break the clones of what it wrote.
 */
function engineConfig(spool: string): string {
  const MiB = 2 ** 20
  return `<clickhouse>
  <max_server_memory_usage_to_ram_ratio>0.6</max_server_memory_usage_to_ram_ratio>
  <mark_cache_size>${64 * MiB}</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_mark_cache_size>${8 * MiB}</index_mark_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <mmap_cache_size>0</mmap_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <user_files_path>${spool}/</user_files_path>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
    <min_rows_to_fsync_after_merge>1</min_rows_to_fsync_after_merge>
    <min_compressed_bytes_to_fsync_after_merge>1</min_compressed_bytes_to_fsync_after_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
  </merge_tree>
</clickhouse>
`
}
