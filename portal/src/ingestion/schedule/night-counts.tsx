import type { NightCounts as Counts } from '#contract/schedule/schedule.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { NumberCard, useText } from '../../ui/index.ts'
import { scheduleText } from './text.ts'

interface NightCountsProps {
  counts: Counts
  night: string
  orgId: string | undefined
}

/** What became of a night in numbers; each opens its turns. */
export function NightCounts({ counts, night, orgId }: NightCountsProps) {
  const t = useText(scheduleText).counts
  const card = (key: keyof Counts, tone: 'plain' | 'good' | 'warning' | 'bad', filter: object) => (
    <NumberCard
      key={key}
      label={t[key]}
      value={counts[key]}
      link={portalPath('turns', { night, orgId, ...filter })}
      tone={counts[key] === 0 ? 'plain' : tone}
    />
  )
  return (
    <div className="dt-numbers dt-numbers-narrow">
      {card('due', 'plain', {})}
      {card('succeeded', 'good', { state: 'succeeded' })}
      {card('running', 'plain', { state: 'running' })}
      {card('waiting', 'plain', { state: 'waiting' })}
      {card('failed', 'bad', { state: 'failed' })}
      {card('missed', 'bad', { state: 'missed' })}
      {counts.cancelled > 0 && card('cancelled', 'warning', { state: 'cancelled' })}
      {card('late', 'warning', { late: true })}
    </div>
  )
}
