/** A number that waits, beside a link; `words` says it in full for those who hear it. Nothing when nothing waits. */
export function CountMark({ count, words }: { count: number; words: string }) {
  if (count === 0) return null
  return (
    <span className="dt-count" title={words}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="dt-visually-hidden">{words}</span>
    </span>
  )
}
