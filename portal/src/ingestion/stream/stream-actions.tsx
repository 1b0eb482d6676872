import { portalPath } from '#contract/portal-paths.ts'
import type { Stream } from '#contract/stream/stream.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { ConfirmButton, LinkButton, useText } from '../../ui/index.ts'
import { streamText } from './text.ts'

/** What the caller may do with a stream now. */
export function StreamActions({ stream: { id, planId, quarantined, can } }: { stream: Stream }) {
  const t = useText(streamText)
  const changes = { invalidates: ['list_streams' as const, 'get_stream' as const] }
  const pause = useAction('pause_stream', changes)
  const resume = useAction('resume_stream', changes)
  const prove = useAction('prove_stream', changes)
  const stop = useAction('stop_stream', changes)
  const params = { streamId: id }
  return (
    <div className="dt-row">
      {can.pause && <ConfirmButton label={t.pause} question={t.pauseAsk} onConfirm={() => pause.run({ params })} error={pause.error} />}
      {can.resume && (
        <ConfirmButton
          type="primary"
          label={t.resume}
          question={t.resumeAsk}
          onConfirm={() => resume.run({ params })}
          error={resume.error}
        />
      )}
      {can.prove && <ConfirmButton label={t.prove} question={t.proveAsk} onConfirm={() => prove.run({ params })} error={prove.error} />}
      {can.copyAnew && <StartStreamButton planId={planId} isAnew />}
      {can.stop && <ConfirmButton danger label={t.stop} question={t.stopAsk} onConfirm={() => stop.run({ params })} error={stop.error} />}
      {quarantined > 0 && <LinkButton to={portalPath('quarantine', { planId })}>{t.quarantine}</LinkButton>}
    </div>
  )
}

/** On the page of a plan: its stream, or the start of it. */
export function StreamOfPlan({ planId }: { planId: string }) {
  const t = useText(streamText)
  const { data } = useRoute('list_streams', { query: { planId } })
  if (!data) return null
  return data.items.length === 0 ? (
    <StartStreamButton planId={planId} />
  ) : (
    <LinkButton type="primary" to={portalPath('streams', { planId })}>
      {t.title}
    </LinkButton>
  )
}

/** The first start of a plan's stream, or another copy of it. */
function StartStreamButton({ planId, isAnew = false }: { planId: string; isAnew?: boolean }) {
  const t = useText(streamText)
  const start = useAction('start_stream', { invalidates: ['list_streams', 'get_stream', 'get_plan'] })
  return (
    <ConfirmButton
      type="primary"
      label={isAnew ? t.copyAnew : t.start}
      question={isAnew ? t.copyAnewAsk : t.startAsk}
      onConfirm={() => start.run({ params: { planId } })}
      error={start.error}
    />
  )
}
