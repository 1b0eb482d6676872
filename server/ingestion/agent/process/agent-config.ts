import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const Host = z.string().min(1).max(253)
const common = { host: Host, database: z.string().min(1).max(63), user: z.string().min(1).max(63), password: z.string().max(500) }

/** In PEM; without one the line is plain. */
const certificate = z.string().max(20_000).default('')

/** `agent.json` in the agent's home, written by the department: its passwords never leave this file. */
const AgentConfig = z.strictObject({
  /** The city's address. Without TLS only on the agent's own machine. */
  city: z
    .url({ protocol: /^https?$/ })
    .refine((url) => url.startsWith('https:') || ['127.0.0.1', 'localhost'].includes(new URL(url).hostname), {
      error: 'city 必须是 https 地址 / must be an https address',
    }),
  /** One-time code from the city's page 前置机; may be taken out once the agent has enrolled. */
  code: z.string().max(100).default(''),
  /** The department's databases by a name of its own choice. */
  connections: z.record(
    z.string().regex(/^[a-z0-9_-]{1,40}$/),
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('postgresql'),
        port: z.int().default(5432),
        schema: z.string().default('public'),
        certificate,
        ...common,
      }),
      z.strictObject({ kind: z.literal('mysql'), port: z.int().default(3306), ...common }),
      z.strictObject({
        kind: z.literal('sqlserver'),
        port: z.int().default(1433),
        schema: z.string().default('dbo'),
        certificate,
        ...common,
      }),
      z.strictObject({ kind: z.literal('oracle'), port: z.int().default(1521), schema: z.string(), ...common }),
      z.strictObject({
        kind: z.literal('mongodb'),
        port: z.int().default(27017),
        authSource: z.string().default('admin'),
        certificate,
        ...common,
      }),
    ]),
  ),
})
export type AgentConfig = z.infer<typeof AgentConfig>

/** @throws Error naming the file and what is wrong in it */
export async function readAgentConfig(home: string): Promise<AgentConfig> {
  const path = join(home, 'agent.json')
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`缺少 ${path}：请按 docs/AGENT.md 填写 / ${path} is missing, see docs/AGENT.md`)
  })
  const parsed = AgentConfig.safeParse(toJson(text, path))
  if (!parsed.success) throw new Error(`${path}:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

function toJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`)
  }
}
