import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface ClickHouse {
  /** One HTTP address per node; each holds a shard. */
  urls: string[]
  /** kill -9 of every node at once, or of one. */
  kill(node?: number): Promise<void>
  /** Starts every node again on the same data and ports, or one. */
  restart(node?: number): Promise<void>
  /** Ends the nodes and removes their data. */
  stop(): Promise<void>
}

interface Node {
  dir: string
  http: number
  tcp: number
  shard: number
  process?: ChildProcess
}

/**
 * Real ClickHouse servers on loopback, without Docker: the chdb library from npm, started as a server. `Distributed` tables find the
 * shards in the cluster `city`. Not in this build: ON CLUSTER, Keeper, replication between nodes.
 */
export async function startClickHouse({ shards = 1 }: { shards?: number } = {}): Promise<ClickHouse> {
  const root = await mkdtemp(path.join(tmpdir(), 'datong-clickhouse-'))
  const ports = await freePorts(shards * 2)
  const nodes: Node[] = Array.from({ length: shards }, (_, i) => ({
    dir: path.join(root, `node-${i}`),
    http: ports[2 * i]!,
    tcp: ports[2 * i + 1]!,
    shard: i,
  }))
  for (const node of nodes) {
    await mkdir(node.dir)
    await writeFile(path.join(node.dir, 'config.xml'), configOf(node, nodes))
  }
  const chosen = (node: number | undefined) => (node === undefined ? nodes : [nodes[node]!])
  const kill = async (node?: number) => {
    await Promise.all(chosen(node).map(killNode))
  }
  const start = (node?: number) => Promise.all(chosen(node).map(startNode))
  try {
    await start()
  } catch (error) {
    await kill()
    throw error
  }
  return {
    urls: nodes.map((node) => `http://127.0.0.1:${node.http}`),
    kill,
    async restart(node) {
      await kill(node)
      await start(node)
    },
    async stop() {
      await kill()
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function startNode(node: Node): Promise<void> {
  const log = path.join(node.dir, 'server.log')
  const descriptor = openSync(log, 'a')
  const library = createRequire(import.meta.resolve('chdb')).resolve(`@chdb/lib-linux-${process.arch}-gnu/libchdb.so`)
  const [command, ...first] = launcher()
  node.process = spawn(
    command!,
    [
      ...first,
      library,
      `--path=${node.dir}/data`,
      `--config-file=${node.dir}/config.xml`,
      // The statement that keeps the server running: it never ends.
      '--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT sleepEachRow(3) FROM numbers(1000000000) FORMAT Null SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0',
    ],
    { detached: true, stdio: ['ignore', descriptor, descriptor] },
  )
  for (let attempt = 0; attempt < 300; attempt++) {
    if (node.process.exitCode !== null) break
    const answer = await fetch(`http://127.0.0.1:${node.http}/ping`).then(
      (response) => response.ok,
      () => false,
    )
    if (answer) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`ClickHouse did not start:\n${await readFile(log, 'utf8')}`)
}

async function killNode(node: Node): Promise<void> {
  const { process: server } = node
  if (!server?.pid || server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  process.kill(-server.pid, 'SIGKILL')
  await gone
}

const compiler = 'cc'

/** Neither Python nor a compiler is part of a bare Debian; either will do. */
function launcher(): string[] {
  const here = import.meta.dirname
  if (found('python3')) return ['python3', path.join(here, 'launch.py')]
  const binary = path.join(tmpdir(), 'datong-launch-clickhouse')
  if (!existsSync(binary)) {
    if (!found(compiler))
      throw new Error('starting ClickHouse for the tests needs python3 or a C compiler: apt-get install -y python3-minimal')
    execFileSync(compiler, [path.join(here, 'launch.c'), '-o', binary, '-ldl'])
  }
  return [binary]
}

function found(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function configOf(node: Node, nodes: Node[]): string {
  const shards = nodes.map((n) => `<shard><replica><host>127.0.0.1</host><port>${n.tcp}</port></replica></shard>`)
  return `<clickhouse>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${node.http}</http_port>
  <tcp_port>${node.tcp}</tcp_port>
  <user_files_path>${node.dir}/user_files/</user_files_path>
  <mark_cache_size>67108864</mark_cache_size>
  <merge_tree><fsync_after_insert>1</fsync_after_insert><fsync_part_directory>1</fsync_part_directory><min_rows_to_fsync_after_merge>1</min_rows_to_fsync_after_merge><min_compressed_bytes_to_fsync_after_merge>1</min_compressed_bytes_to_fsync_after_merge></merge_tree>
  <macros><shard>${node.shard}</shard></macros>
  <remote_servers><city>${shards.join('')}</city></remote_servers>
</clickhouse>
`
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
