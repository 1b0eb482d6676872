import { pino } from 'pino'
import { runAgent } from './run-agent.ts'

/** What a launcher tells the program that it starts. Launchers are older than programs: this only ever gains fields. */
export interface ProgramStart {
  home: string
  version: string
  /** Of the program, where it came from the city. */
  sha256: string | null
  logLevel: string
}

/** The agent's program. It says `polled` once it has reached the city, and ends when it is told to, or to be started anew on a later one. */
export async function runProgram({ home, version, sha256, logLevel }: ProgramStart): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
  const onPolled = () => void process.send?.('polled')
  await runAgent({ home, version, sha256, log: pino({ level: logLevel }), signal: stopping.signal, onPolled })
}
