const hour = 3_600_000
/** Since then Beijing's clocks have been eight hours ahead of UTC all year. */
const steadySince = Date.UTC(1992, 0, 1)
const zone = new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Shanghai', timeZoneName: 'longOffset' })

/** How far Beijing's clocks were ahead, in ms: summer times until 1991, local mean time before 1901. */
function aheadAt(at: Date): number {
  if (at.getTime() >= steadySince) return 8 * hour
  const name = zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')!.value
  const [hours, minutes, seconds = 0] = name.replace('GMT+', '').split(':').map(Number)
  return ((hours! * 60 + minutes!) * 60 + seconds) * 1000
}

/** `2024-02-29 23:59:59.5`: an instant as Beijing's clocks show it, without zeros at the end of its fraction. */
export function beijingText(at: Date): string {
  if (Number.isNaN(at.getTime())) return String(at)
  return new Date(at.getTime() + aheadAt(at))
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '')
}

/** The instant of what Beijing's clocks show (µs are cut); of an hour that came twice or may have, an earlier one. */
export function instantOf(text: string): Date {
  const shown = new Date(`${text.replace(' ', 'T').slice(0, 23)}${text.length > 10 ? '' : 'T00:00:00'}Z`)
  return new Date(shown.getTime() - (shown.getTime() >= steadySince + 8 * hour ? 8 : 9) * hour)
}
