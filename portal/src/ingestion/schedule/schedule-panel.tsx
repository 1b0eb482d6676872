import { Button, DatePicker, Modal } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import type { Plan } from '#contract/ingestion.ts'
import { priorities, type Schedule } from '#contract/schedule/schedule.ts'
import { type Answer, useAction, useRoute, useSeekList } from '../../api/index.ts'
import {
  ConfirmButton,
  EmptyState,
  FieldTable,
  formatInstant,
  Loaded,
  ProblemAlert,
  ToneTag,
  useLanguage,
  useText,
} from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { ScheduleForm } from './schedule-form.tsx'
import { scheduleText } from './text.ts'
import { TurnTable } from './turn-table.tsx'

const invalidates = ['get_schedule' as const, 'list_turns' as const, 'count_turns' as const]

/** When a plan is loaded by itself, and what became of its last turns. */
export function SchedulePanel({ plan }: { plan: Plan }) {
  const params = { planId: plan.id }
  const query = useRoute('get_schedule', { params })
  return <Loaded query={query}>{(found) => <Found plan={plan} found={found} />}</Loaded>
}

function Found({ plan, found }: { plan: Plan; found: Answer<'get_schedule'> }) {
  const t = useText(scheduleText).plan
  const [isOpen, setOpen] = useState(false)
  const { schedule, can } = found
  const set = can.set && (
    <Button type={schedule ? 'default' : 'primary'} onClick={() => setOpen(true)}>
      {schedule ? t.change : t.set}
    </Button>
  )
  return (
    <>
      <section className="dt-panel">
        {schedule ? (
          <>
            <ScheduleFacts schedule={schedule} />
            <div className="dt-actions">
              {set}
              <ScheduleActs planId={plan.id} can={can} />
            </div>
          </>
        ) : plan.mode.kind === 'stream' ? (
          <EmptyState why={t.stream} />
        ) : (
          <EmptyState why={t.none} todo={can.set ? t.noneTodo : t.noneReader(plan.org.name)} action={set} />
        )}
      </section>
      {schedule && <LastTurns planId={plan.id} />}
      {isOpen && <ScheduleForm plan={plan} found={found} onClose={() => setOpen(false)} />}
    </>
  )
}

function ScheduleFacts({ schedule }: { schedule: Schedule }) {
  const shared = useText(ingestionText)
  const { plan: t, form } = useText(scheduleText)
  const { language } = useLanguage()
  const cycle = form.cycles[schedule.follows] ?? schedule.follows
  const next = schedule.nextDueAt ? formatInstant(schedule.nextDueAt) : t.noNext
  return (
    <FieldTable
      label={t.title}
      fields={[
        {
          label: shared.state,
          value: <ToneTag tone={schedule.isPaused ? 'warning' : 'good'}>{schedule.isPaused ? t.paused : t.active}</ToneTag>,
        },
        { label: t.cycle, value: schedule.cycle === null ? t.follows(cycle) : cycle },
        { label: t.next, value: schedule.isProvisional ? `${next} (${t.provisional})` : next },
        { label: t.window, value: t.windowOf(schedule.windowMinutes) },
        { label: t.workingDays, value: schedule.workingDaysOnly ? t.yes : t.no },
        { label: t.priority, value: priorities[schedule.priority][language] },
        { label: t.after, value: shared.list(schedule.afterPlans.map(({ entryName }) => entryName)) || t.noAfter },
        { label: t.responsible, value: schedule.responsible },
      ]}
    />
  )
}

function ScheduleActs({ planId, can }: { planId: string; can: Record<string, boolean> }) {
  const t = useText(scheduleText).plan
  const pause = useAction('pause_schedule', { invalidates })
  const resume = useAction('resume_schedule', { invalidates })
  const params = { planId }
  return (
    <>
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
      {can.backfill && <BackfillButton planId={planId} />}
    </>
  )
}

/** Asks for a span and makes its turns. */
function BackfillButton({ planId }: { planId: string }) {
  const t = useText(scheduleText).plan
  const [isOpen, setOpen] = useState(false)
  const [from, setFrom] = useState<Dayjs>(() => dayjs().subtract(7, 'day'))
  const [to, setTo] = useState<Dayjs>(() => dayjs())
  const [made, setMade] = useState<number>()
  const backfill = useAction('backfill_turns', { invalidates, onDone: ({ created }) => setMade(created) })
  const run = () => backfill.run({ params: { planId }, body: { from: from.format('YYYY-MM-DD'), to: to.format('YYYY-MM-DD') } })
  const open = () => {
    setMade(undefined)
    backfill.reset()
    setOpen(true)
  }
  return (
    <>
      <Button onClick={open}>{t.backfill}</Button>
      <Modal
        open={isOpen}
        title={t.backfill}
        okText={t.backfill}
        onOk={run}
        okButtonProps={{ loading: backfill.isRunning }}
        onCancel={() => setOpen(false)}
      >
        <p>{t.backfillAsk}</p>
        <div className="dt-row">
          <DatePicker aria-label={t.backfillFrom} value={from} allowClear={false} onChange={(value) => value && setFrom(value)} />
          <DatePicker aria-label={t.backfillTo} value={to} allowClear={false} onChange={(value) => value && setTo(value)} />
        </div>
        {made !== undefined && <p role="status">{t.backfillDone(made)}</p>}
        <ProblemAlert error={backfill.error} />
      </Modal>
    </>
  )
}

function LastTurns({ planId }: { planId: string }) {
  const { plan: t, turns } = useText(scheduleText)
  const list = useSeekList('list_turns', { query: { planId } })
  return (
    <>
      <h2 className="dt-section-title">{t.history}</h2>
      <TurnTable list={list} label={t.history} isOfOnePlan empty={{ why: turns.empty }} />
    </>
  )
}
