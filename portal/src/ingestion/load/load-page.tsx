import { Alert, Progress } from 'antd'
import { useEffect } from 'react'
import { useParams } from 'react-router'
import { type Load, loadStates } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction, useForget, useRoute } from '../../api/index.ts'
import { ConfirmButton, formatCount, formatInstant, LinkButton, Loaded, PageHeader, StateTag, useText } from '../../ui/index.ts'
import { FiveNumbers } from './five-numbers.tsx'
import { isRunning } from './is-running.ts'
import { LoadReasons } from './load-reasons.tsx'
import { SliceList } from './slice-list.tsx'
import { StartLoadButton } from './start-load-button.tsx'
import { loadText } from './text.ts'

/** Asked again every second while it runs, and not afterwards: a page left open keeps no session alive. */
const pollEveryMs = 1000

export function LoadPage() {
  const { loadId } = useParams() as { loadId: string }
  const query = useRoute('get_load', { params: { loadId } }, { pollWhile: isRunning, pollEveryMs })
  const forget = useForget()
  const isOver = query.data !== undefined && !isRunning(query.data)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the load is over
  useEffect(() => {
    if (isOver) forget('get_entry', 'list_entries', 'get_plan', 'list_plans', 'list_loads', 'list_quarantine')
  }, [isOver])
  return <Loaded query={query}>{(load) => <LoadDetail load={load} />}</Loaded>
}

function LoadDetail({ load }: { load: Load }) {
  const t = useText(loadText).page
  const facts = [t.by(load.startedBy), formatInstant(load.queuedAt), ...useDuration(load)]
  return (
    <>
      <PageHeader
        title={load.entryName}
        purpose={facts.join(' · ')}
        tags={<StateTag table={loadStates} state={load.state} />}
        actions={
          <>
            {load.can.cancel && <CancelButton loadId={load.id} />}
            <LinkButton to={portalPath('plan', { planId: load.planId })}>{t.plan}</LinkButton>
            <LinkButton to={portalPath('entry', { entryId: load.entryId })}>{t.entry}</LinkButton>
          </>
        }
      />
      <section className="dt-panel">
        <Outcome load={load} />
        <FiveNumbers load={load} />
      </section>
      <LoadReasons load={load} />
      <SliceList load={load} />
    </>
  )
}

/** What happened or happens, in words, and what to do next. */
function Outcome({ load }: { load: Load }) {
  const t = useText(loadText).page
  if (isRunning(load)) return <RunningBar load={load} />
  if (load.state === 'failed') return <Failure load={load} />
  const isClean = load.state === 'succeeded' && !load.quarantined
  const words = load.state === 'cancelled' ? t.cancelled : isClean ? t.succeeded : t.succeededWith(formatCount(load.quarantined))
  return (
    <div role="status">
      <Alert
        className="dt-problem"
        type={isClean ? 'success' : 'warning'}
        showIcon
        title={words}
        action={
          load.state === 'succeeded' &&
          !isClean && (
            <LinkButton type="primary" to={portalPath('quarantine', { planId: load.planId })}>
              {t.toQuarantine}
            </LinkButton>
          )
        }
      />
    </div>
  )
}

function RunningBar({ load }: { load: Load }) {
  const t = useText(loadText).page
  const { waiting, estimatedEnd } = load
  const when = waiting?.until ? t.opensAt(formatInstant(waiting.until)) : estimatedEnd ? t.endsAt(formatInstant(estimatedEnd)) : null
  const words = waiting ? waiting.detail : load.state === 'queued' ? t.queued : load.state === 'running' ? t.running : t.reconciling
  const percent = load.state === 'reconciling' ? 100 : Math.round((load.progress ?? 0) * 100)
  return (
    <div role="status" className="dt-problem">
      <Progress percent={percent} status="active" aria-label={t.progressOf(percent)} />
      <p>{words}</p>
      {when && <p>{when}</p>}
    </div>
  )
}

/** The words say what to do; the two ways on are the plan (in the header) and another try. */
function Failure({ load }: { load: Load }) {
  const { page: t, start } = useText(loadText)
  const plan = useRoute('get_plan', { params: { planId: load.planId } })
  return (
    <Alert
      className="dt-problem"
      type="error"
      showIcon
      role="alert"
      title={load.error?.detail}
      action={
        <div className="dt-row">
          {load.can.readQuarantine && (
            <LinkButton to={portalPath('quarantine', { planId: load.planId, loadId: load.id })}>{t.toRefused}</LinkButton>
          )}
          {plan.data?.can.load && (
            <>
              <LinkButton to={portalPath('source', { sourceId: plan.data.sourceId })}>{t.source}</LinkButton>
              <StartLoadButton planId={load.planId} label={start.again} />
            </>
          )}
        </div>
      }
    />
  )
}

function CancelButton({ loadId }: { loadId: string }) {
  const t = useText(loadText).page
  const cancel = useAction('cancel_load', { invalidates: ['get_load', 'list_loads', 'get_plan'] })
  return (
    <ConfirmButton
      danger
      label={t.cancel}
      question={t.cancelAsk}
      onConfirm={() => cancel.run({ params: { loadId } })}
      error={cancel.error}
    />
  )
}

function useDuration({ startedAt, finishedAt }: Load): string[] {
  const t = useText(loadText).page
  if (!startedAt || !finishedAt) return []
  const seconds = Math.max(1, Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000))
  return [t.took(seconds < 60 ? t.seconds(seconds) : t.minutes(Math.floor(seconds / 60), seconds % 60))]
}
