import { Timeline } from 'antd'
import { formatInstant } from './format.ts'
import { useText } from './language.tsx'
import { uiText } from './text.ts'

export interface Opinion {
  at: string
  by: string
  org: string
  event: string
  opinion: string
}

interface OpinionsProps {
  opinions: Opinion[]
  /** The event's official word. */
  eventWord: (event: string) => string
}

/** Who did what when, with the opinion given; the oldest first. */
export function Opinions({ opinions, eventWord }: OpinionsProps) {
  const t = useText(uiText)
  if (opinions.length === 0) return <p className="dt-muted">{t.none}</p>
  return (
    <Timeline
      items={opinions.map((entry) => ({
        key: entry.at + entry.event,
        content: (
          <>
            <strong>{eventWord(entry.event)}</strong>{' '}
            <span className="dt-muted">{[entry.org, entry.by, formatInstant(entry.at)].join(' · ')}</span>
            <p className="dt-opinion">{entry.opinion || <span className="dt-muted">{t.noOpinion}</span>}</p>
          </>
        ),
      }))}
    />
  )
}
