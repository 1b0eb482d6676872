import { Progress } from 'antd'
import type { Turn } from '#contract/schedule/schedule.ts'
import { formatCount, formatInstant, useText } from '../../ui/index.ts'
import { scheduleText } from './text.ts'

const timeOf = (instant: string) => formatInstant(instant).slice(11)

/** How far a turn has come: a bar while it runs, with the time at which it will have ended. */
export function TurnProgress({ turn }: { turn: Turn }) {
  const t = useText(scheduleText).turns
  const { load } = turn
  if (turn.state === 'running' && load?.waiting) return <span className="dt-muted">{load.waiting.detail}</span>
  if (turn.state === 'running' && load) {
    const percent = load.state === 'reconciling' ? 99 : Math.round((load.progress ?? 0) * 100)
    return (
      <>
        <Progress percent={percent} status="active" size="small" aria-label={t.progressOf(turn.entryName, percent)} />
        <span className="dt-muted">{turn.estimatedEnd ? t.estimated(timeOf(turn.estimatedEnd)) : t.noSize}</span>
      </>
    )
  }
  if (turn.state !== 'succeeded' || !turn.endedAt) return turn.endedAt ? t.stopped(timeOf(turn.endedAt)) : null
  return (
    <>
      {t.ended(timeOf(turn.endedAt))} <span className="dt-muted">{t.rows(formatCount(load?.written ?? null))}</span>
    </>
  )
}

/** Why it has not begun, what went wrong, what is late. */
export function TurnWhy({ turn }: { turn: Turn }) {
  const { turns: t, waits, causeOf, origins } = useText(scheduleText)
  const words = [
    turn.waitReason === 'retry' && turn.notBefore ? t.again(timeOf(turn.notBefore), turn.tries) : turn.waitReason && waits[turn.waitReason],
    turn.code && turn.state !== 'succeeded' ? causeOf(turn.code) : null,
    turn.origin === 'cycle' ? null : origins[turn.origin],
    turn.overtaken > 0 ? t.overtaken(turn.overtaken) : null,
  ].filter(Boolean)
  return (
    <>
      {words.map((line) => (
        <span key={line} className="dt-choice-help">
          {line}
        </span>
      ))}
    </>
  )
}
