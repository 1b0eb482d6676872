/**
 * For how long the source has had changes that are not in the lake: since the oldest look that saw it at a place which has not been
 * reached yet. Needs no clock of the source.
 */
export function watchLag(now: () => number = () => performance.now()): (source: number, reached: number) => number {
  let looks: { position: number; at: number }[] = []
  return (source, reached) => {
    looks = looks.filter(({ position }) => position > reached)
    if (source > reached && looks.at(-1)?.position !== source) looks.push({ position: source, at: now() })
    // An hour of looks is enough to tell by.
    if (looks.length > 3600) looks.splice(1, 1)
    return looks[0] ? (now() - looks[0].at) / 1000 : 0
  }
}
