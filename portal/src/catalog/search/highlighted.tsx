import { Fragment } from 'react'

/** A text with its found parts marked; ranges are [from, to) in UTF-16 units, ascending and apart. */
export function Highlighted({ text, ranges }: { text: string; ranges: [number, number][] }) {
  const parts = ranges.map(([from, to], index) => ({
    before: text.slice(ranges[index - 1]?.[1] ?? 0, from),
    found: text.slice(from, to),
    from,
  }))
  return (
    <>
      {parts.map(({ before, found, from }) => (
        <Fragment key={from}>
          {before}
          <mark>{found}</mark>
        </Fragment>
      ))}
      {text.slice(ranges.at(-1)?.[1] ?? 0)}
    </>
  )
}
