import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The program of the agents that this city was installed with (tools/build-agent.ts). */
export interface AgentProgram {
  version: string
  sha256: string
  bytes: Buffer
}

const shape = /^datong-agent-(.+)\.([0-9a-f]{64})\.mjs$/

/** Null where none was built. Kept in memory: what an agent downloads is what was ordered, also when the file is built anew. @throws Error naming a file that is not what its name says */
export async function openProgram(folder: string): Promise<AgentProgram | null> {
  const [name] = (await readdir(folder).catch(() => [])).filter((one) => shape.test(one))
  if (!name) return null
  const [, version, sha256] = shape.exec(name)! as unknown as [string, string, string]
  const bytes = await readFile(join(folder, name))
  if (hash('sha256', bytes, 'hex') !== sha256) throw new Error(`${join(folder, name)} 已损坏，请重新构建 / is damaged: run npm start`)
  return { version, sha256, bytes }
}
