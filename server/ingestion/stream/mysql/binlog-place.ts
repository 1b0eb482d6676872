/** A file of a binlog, as the server names it, and the number that its place is made of. */
export function fileNumber(name: string): number {
  const found = /\.(\d+)$/.exec(name)
  if (!found) throw new Error('a binlog file has no number')
  return Number(found[1])
}

/** A place of a binlog as a number: exact for two million files of 4 GiB. */
export const placeOf = (file: string, position: number): number => fileNumber(file) * 2 ** 32 + position

export const placeIn = (place: number): { file: number; position: number } => ({
  file: Math.floor(place / 2 ** 32),
  position: place % 2 ** 32,
})

/** The server writes six digits, and more where they are needed. */
export const fileName = (basename: string, file: number): string => `${basename}.${String(file).padStart(6, '0')}`

export const describePlace = (place: number): string => {
  const { file, position } = placeIn(place)
  return `${String(file).padStart(6, '0')}:${position}`
}
