import { availableParallelism, totalmem } from 'node:os'
import type { Settings } from './engine.ts'

export interface Limits {
  /** Running time in seconds; the statement fails alone with LakeError 159. */
  seconds?: number
  /** Memory in bytes; the statement fails alone with LakeError 241. */
  memoryBytes?: number
  threads?: number
  /** `interactive`: a person or an API waits. `bulk`: a load or an export; yields the processor to the others. */
  priority?: 'interactive' | 'bulk'
  /** Stops the statement in the engine (LakeError 394), not only the waiting for it. */
  signal?: AbortSignal
  settings?: Settings
}

const MiB = 2 ** 20
const quarter = Math.floor(totalmem() / 4)
const cores = availableParallelism()

const defaults = {
  interactive: { seconds: 30, memoryBytes: Math.min(512 * MiB, quarter), threads: Math.min(2, cores) },
  bulk: { seconds: 6 * 3600, memoryBytes: Math.min(4096 * MiB, quarter), threads: Math.max(1, cores - 1) },
}

/** The engine settings of one statement: always with a limit of time, memory and threads, always exact numbers. */
export function settingsOf(limits: Limits, intent: 'read' | 'write'): Settings {
  const priority = limits.priority ?? 'interactive'
  const own = defaults[priority]
  const memory = limits.memoryBytes ?? own.memoryBytes
  return {
    max_execution_time: limits.seconds ?? own.seconds,
    max_memory_usage: memory,
    max_threads: limits.threads ?? own.threads,
    max_bytes_before_external_group_by: Math.floor(memory / 2),
    max_bytes_before_external_sort: Math.floor(memory / 2),
    // Takes effect where the process may raise priorities again (root or CAP_SYS_NICE); elsewhere the thread limit alone leaves room.
    os_thread_priority: priority === 'bulk' ? 10 : 0,
    output_format_json_quote_64bit_integers: 1,
    output_format_json_quote_decimals: 1,
    output_format_json_quote_denormals: 1,
    // A dead address must not hold a statement for minutes.
    http_max_tries: 2,
    ...(intent === 'read' ? { readonly: 2 } : {}),
    ...limits.settings,
  }
}
