import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../kernel/errors.ts'
import type { EngineInput } from '../connectors/connector.ts'
import type { Care } from './open-care.ts'
import { openRelay, type Relay, type Target } from './open-relay.ts'

/** The engine's way to a source for one reading. */
export interface Line {
  /** Where the engine connects, and where a driver does. */
  address: string
  target: Target
  /** Makes a statement one that can be found and ended, and says how to run it. */
  carry(sql: string): { statement: string } & Required<Pick<EngineInput, 'run'>>
  close(): Promise<void>
}

/** A source that is silent is not waited for. */
const stopMs = 3000
/** Some sources are asked over the line itself, which is left to them for so long. */
const askMs = 500

/**
 * Through a relay, with care; `cancel` ends the statements at the source that hold a tag. Aborting `signal` ends what runs, even
 * where the source hangs.
 */
export async function openLine(
  target: Target,
  care: Care | undefined,
  signal: AbortSignal,
  cancel: (tag: string) => Promise<unknown>,
): Promise<Line> {
  const relay = care ? await care.openRelay(target) : target.encryption && (await openRelay(target, null))
  const to = relay ? { host: '127.0.0.1', port: relay.port } : target
  return {
    target: to,
    address: `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`,
    carry(sql) {
      const tag = `datong ${randomUUID()}`
      const statement = `/* ${tag} */ ${sql}`
      const stop = () => stopStatement(relay!, () => cancel(tag))
      return {
        statement,
        run: async (read) => {
          if (!care) return void (await read())
          await care.read(sql, signal, stop, read).catch((error: unknown) => {
            const isLate = error instanceof AppError && error.code === 'ingestion.statement_too_long'
            if (!isLate || relay!.silentMs() < (care.statementSeconds * 1000) / 2) throw error
            throw new AppError('conflict', 'ingestion.source_silent', { params: { seconds: care.statementSeconds }, cause: error })
          })
        },
      }
    },
    close: async () => relay?.close(),
  }
}

/** The statement is ended at the source, which may be working for long before it would find out that its line was cut; then it is. */
async function stopStatement(relay: Relay, cancel: () => Promise<unknown>): Promise<void> {
  const cancelled = cancel().catch(() => {})
  await Promise.race([cancelled, sleep(askMs, null, { ref: false })])
  relay.cut()
  await Promise.race([cancelled, sleep(stopMs, null, { ref: false })])
}
