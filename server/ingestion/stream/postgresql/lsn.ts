/** A position of PostgreSQL's log as a number: exact up to nine petabytes of log. */
export function parseLsn(text: string): number {
  const [high, low] = text.split('/')
  return Number.parseInt(high!, 16) * 2 ** 32 + Number.parseInt(low!, 16)
}

export const formatLsn = (position: number): string =>
  `${Math.floor(position / 2 ** 32)
    .toString(16)
    .toUpperCase()}/${(position % 2 ** 32).toString(16).toUpperCase()}`
