import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Session } from 'chdb'

/**
 * Writes tables of Iceberg and Delta below a folder by ClickHouse itself, in a process that works there: it writes such tables only below
 * its working directory, which nobody else's must be.
 */
export async function writeTables(folder: string, statements: readonly string[]): Promise<void> {
  const writer = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    cwd: folder,
    // A time without a zone is written as the clock of the machine has it.
    env: { ...process.env, TZ: 'UTC' },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  writer.stdin.end(JSON.stringify(statements))
  const [code] = (await once(writer, 'exit')) as [number]
  if (code !== 0) throw new Error(`the tables were not written: ${code}`)
}

const settings = `SET allow_insert_into_iceberg = 1, allow_delta_lake_writes = 1, allow_experimental_delta_lake_writes = 1, mutations_sync = 2`

async function runStatements(): Promise<void> {
  const input: Buffer[] = []
  for await (const chunk of process.stdin) input.push(chunk as Buffer)
  const own = mkdtempSync(join(tmpdir(), 'datong-write-tables-'))
  const session = new Session(own)
  try {
    for (const statement of [settings, ...(JSON.parse(Buffer.concat(input).toString()) as string[])]) await session.queryAsync(statement)
  } finally {
    session.close()
    rmSync(own, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runStatements()
