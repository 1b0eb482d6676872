import type { SourceCare } from '#contract/source-settings.ts'

/** Why nothing may be read from a source now, and until when; `until` null: until somebody releases it. */
export interface Wait {
  code: 'ingestion.source_stopped' | 'ingestion.outside_window'
  params: Record<string, string>
  until: Date | null
}

const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const minuteMs = 60_000
const dayMinutes = 1440

/** Beijing has no summer time: its clock is eight hours ahead of the instant. */
const beijingMinute = (now: Date) => Math.floor(now.getTime() / minuteMs + 8 * 60) % dayMinutes

/** Null where it may be read. */
export function waitOf(
  { care, stop_reason, stopped_at }: { care: SourceCare; stop_reason: string | null; stopped_at: Date | null },
  now: Date,
): Wait | null {
  if (stopped_at) return { code: 'ingestion.source_stopped', params: { reason: stop_reason ?? '' }, until: null }
  if (!care.window) return null
  const [from, to, at] = [minutes(care.window.from), minutes(care.window.to), beijingMinute(now)]
  const isOpen = from <= to ? at >= from && at < to : at >= from || at < to
  if (isOpen || from === to) return null
  const ahead = (from - at + dayMinutes) % dayMinutes
  return {
    code: 'ingestion.outside_window',
    params: { ...care.window },
    until: new Date(Math.floor(now.getTime() / minuteMs) * minuteMs + ahead * minuteMs),
  }
}
