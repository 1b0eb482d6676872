import dayjs from 'dayjs'
import utc from 'dayjs/plugin/utc'
import type { Language } from './words.ts'

dayjs.extend(utc)

/** 1234567 → 1,234,567. Null: unknown. */
export const formatCount = (value: number | null): string => (value === null ? '—' : value.toLocaleString('en-US'))

/** A big number in the unit that a report uses: 14220000000 → 142.20 亿, in English 14.22 bn. */
export function formatShort(value: number, language: Language): string {
  const units: [number, string][] =
    language === 'zh'
      ? [
          [1e8, ' 亿'],
          [1e4, ' 万'],
        ]
      : [
          [1e9, ' bn'],
          [1e6, ' M'],
        ]
  const unit = units.find(([size]) => value >= size * 10)
  return unit ? `${(value / unit[0]).toFixed(2)}${unit[1]}` : formatCount(value)
}

/** 0.97821 → 97.82 %. Null: nothing to divide by. */
export const formatShare = (value: number | null): string => (value === null ? '—' : `${(value * 100).toFixed(2)} %`)

/** Instants are shown in the city's time, whatever the computer says. */
export const formatInstant = (instant: string | null): string =>
  instant === null ? '—' : dayjs(instant).utcOffset(8).format('YYYY-MM-DD HH:mm')

export const formatBytes = (bytes: number): string => {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`
}
