import { Link } from 'react-router'
import { type Load, loadStates } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { formatCount, formatInstant, StateTag, ToneTag, useText } from '../../ui/index.ts'
import { isRunning } from './is-running.ts'
import { loadText } from './text.ts'

/** The five numbers of a load, and whether they add up: read = written + quarantined. */
export function FiveNumbers({ load, isLinked = false }: { load: Load; isLinked?: boolean }) {
  const t = useText(loadText).five
  const writtenNote = load.state === 'succeeded' ? t.writtenNote : isRunning(load) ? t.stagedNote : t.voidNote
  const numbers = [
    { label: t.read, value: load.read, note: t.readNote, tone: '' },
    { label: t.sent, value: load.sent, note: t.sentNote, tone: '' },
    { label: t.written, value: load.written, note: writtenNote, tone: load.state === 'succeeded' ? 'good' : '' },
    { label: t.quarantined, value: load.quarantined, note: t.quarantinedNote, tone: load.quarantined ? 'warning' : '' },
  ]
  return (
    <>
      <dl className="dt-five" aria-label={t.title}>
        {numbers.map(({ label, value, note, tone }) => (
          <div key={label} className={`dt-five-number ${tone && `dt-five-${tone}`}`}>
            <dt>{label}</dt>
            <dd className="dt-five-value">{formatCount(value)}</dd>
            <dd className="dt-muted">{note}</dd>
          </div>
        ))}
        <Agreement load={load} />
      </dl>
      <p className="dt-row">
        {isLinked && <StateTag table={loadStates} state={load.state} />}
        <Balance load={load} />
        <Changes load={load} />
        {isLinked && <Link to={portalPath('load', { loadId: load.id })}>{t.details}</Link>}
        {isLinked && <span className="dt-muted">{formatInstant(load.finishedAt ?? load.queuedAt)}</span>}
      </p>
    </>
  )
}

function Agreement({ load }: { load: Load }) {
  const t = useText(loadText).five
  const words = load.agrees === null ? (isRunning(load) ? t.pending : t.notAsked) : load.agrees ? t.yes : t.no
  const tone = load.agrees === null ? '' : load.agrees ? 'dt-five-good' : 'dt-five-bad'
  return (
    <div className={`dt-five-number ${tone}`}>
      <dt>{t.agrees}</dt>
      <dd className="dt-five-value dt-five-words">{words}</dd>
      <dd className="dt-muted">{load.agrees === null && !isRunning(load) ? t.notAskedNote : t.agreesNote}</dd>
    </div>
  )
}

/** What became of the keys, in modes that tell. */
function Changes({ load: { inserted, changed, deleted, unchanged, sourceRows } }: { load: Load }) {
  const t = useText(loadText).five
  if (inserted === null) return null
  return (
    <>
      <span>{t.keys(formatCount(inserted), formatCount(changed), formatCount(deleted), formatCount(unchanged))}</span>
      {sourceRows !== null && <span className="dt-muted">{t.whole(formatCount(sourceRows))}</span>}
    </>
  )
}

/** The sum itself: an official reads it before he believes the word "succeeded". */
function Balance({ load }: { load: Load }) {
  const t = useText(loadText).five
  const { read, written, quarantined } = load
  if (read === null || written === null || quarantined === null || isRunning(load)) return null
  const isBalanced = read === written + quarantined
  const words = [formatCount(read), formatCount(written), formatCount(quarantined)] as const
  return (
    <>
      <ToneTag tone={isBalanced ? 'good' : 'bad'}>{isBalanced ? t.balanced : t.unbalanced}</ToneTag>
      <span>{isBalanced ? t.equation(...words) : t.unequal(...words)}</span>
    </>
  )
}
