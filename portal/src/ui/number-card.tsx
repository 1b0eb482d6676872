import { Tooltip } from 'antd'
import { Link } from 'react-router'
import { formatCount, formatShort } from './format.ts'
import { useLanguage } from './language.tsx'

interface NumberCardProps {
  label: string
  value: number | null
  /** The list behind the number. */
  link?: string
  /** Shown instead of the number itself: a rate, a unit. */
  words?: string
  note?: string
  tone?: 'plain' | 'good' | 'warning' | 'bad'
}

/** One number; it opens the list that it counts. */
export function NumberCard({ label, value, link, words, note, tone = 'plain' }: NumberCardProps) {
  const { language } = useLanguage()
  const shown = words ?? (value === null ? '—' : formatShort(value, language))
  const isShort = value !== null && !words && shown !== formatCount(value)
  const content = (
    <>
      <span className="dt-number-label">{label}</span>
      <span className="dt-number-value">{isShort ? <Tooltip title={formatCount(value)}>{shown}</Tooltip> : shown}</span>
      {note && <span className="dt-muted">{note}</span>}
    </>
  )
  const className = `dt-number dt-number-${tone}`
  return link ? (
    <Link to={link} className={className}>
      {content}
    </Link>
  ) : (
    <div className={className}>{content}</div>
  )
}
