import { Alert } from 'antd'
import type { Source } from '#contract/ingestion.ts'
import { useAction } from '../../api/index.ts'
import { type Field, FieldTable, formatBytes, formatCount, formatInstant, ConfirmButton, ReasonButton, useText } from '../../ui/index.ts'
import { sourceText } from './text.ts'

/** How the source is spared, and the switch that stops everything on it. */
export function CarePanel({ source }: { source: Source }) {
  const t = useText(sourceText).care
  const fields = useCareFields(source)
  return (
    <section className="dt-panel">
      <div className="dt-table-head">
        <h2>{t.title}</h2>
        <div className="dt-actions">
          {source.can.stop && <StopButton sourceId={source.id} />}
          {source.can.release && <ReleaseButton sourceId={source.id} />}
        </div>
      </div>
      {source.stopped && (
        <Alert
          type="error"
          showIcon
          role="alert"
          className="dt-problem"
          title={t.stopped(source.stopped.by, formatInstant(source.stopped.at))}
          description={source.stopped.reason}
        />
      )}
      <FieldTable label={t.title} fields={fields} />
    </section>
  )
}

function useCareFields({ care }: Source): Field[] {
  const t = useText(sourceText).care
  return [
    { label: t.window, value: care.window ? `${care.window.from}–${care.window.to}` : t.always },
    { label: t.parallelReads, value: formatCount(care.parallelReads) },
    { label: t.rate, value: care.bytesPerSecond === null ? t.unlimited : t.perSecond(formatBytes(care.bytesPerSecond)) },
    { label: t.statementSeconds, value: t.seconds(formatCount(care.statementSeconds)) },
  ]
}

const invalidates = ['get_source' as const, 'list_sources' as const, 'list_loads' as const, 'get_load' as const]

function StopButton({ sourceId }: { sourceId: string }) {
  const t = useText(sourceText).care
  const stop = useAction('stop_source', { invalidates })
  return (
    <ReasonButton
      danger
      label={t.stop}
      question={t.stopAsk}
      reasonLabel={t.reason}
      max={300}
      onConfirm={(reason) => stop.run({ params: { sourceId }, body: { reason } })}
      error={stop.error}
    />
  )
}

function ReleaseButton({ sourceId }: { sourceId: string }) {
  const t = useText(sourceText).care
  const release = useAction('release_source', { invalidates })
  return (
    <ConfirmButton
      type="primary"
      label={t.release}
      question={t.releaseAsk}
      onConfirm={() => release.run({ params: { sourceId } })}
      error={release.error}
    />
  )
}
