import type { ClickHouseClient } from '@clickhouse/client'
import type { Step } from './spread-statement.ts'

/**
 * Runs the steps of a definition on every node in turn. Where one fails, what this call has made is unmade: a definition is there on all
 * nodes or on none. What a killed process leaves behind is listed by `Lake.tables`, and dropped by who owns the name.
 */
export async function defineEverywhere(
  nodes: readonly ClickHouseClient[],
  steps: readonly Step[],
  run: (node: ClickHouseClient, sql: string) => Promise<unknown>,
  undo: (node: ClickHouseClient, sql: string) => Promise<unknown>,
): Promise<void> {
  const made: (() => Promise<unknown>)[] = []
  try {
    for (const node of nodes)
      for (const step of steps) {
        await run(node, step.sql)
        if (step.undo) made.push(() => undo(node, step.undo!))
      }
  } catch (error) {
    for (const unmake of made.reverse()) await unmake().catch(() => {})
    throw error
  }
}
