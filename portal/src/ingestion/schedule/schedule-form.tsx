import { Checkbox, Form, Modal } from 'antd'
import { useState } from 'react'
import type { Plan } from '#contract/ingestion.ts'
import { ScheduleInput } from '#contract/schedule/schedule.ts'
import { type Answer, useAction, useRoute } from '../../api/index.ts'
import { ChoiceField, NumberField, ServerForm, TextField, toChoices, useText } from '../../ui/index.ts'
import { scheduleText } from './text.ts'

interface ScheduleFormProps {
  plan: Plan
  found: Answer<'get_schedule'>
  onClose: () => void
}

/** What the fields hold: '' stands for "as the catalog says", numbers of days as texts, as a list of choices wants them. */
type Values = Omit<ScheduleInput, 'cycle' | 'weekday'> & { cycle: string; weekday: string }

const monthsOf: Record<string, number> = { quarterly: 3, half_yearly: 6, yearly: 12 }

/** The schedule as a dialog; fields that the cycle has no use for are not shown. */
export function ScheduleForm({ plan, found, onClose }: ScheduleFormProps) {
  const t = useText(scheduleText).form
  const { schedule, catalogCycle } = found
  const [form] = Form.useForm<Values>()
  const [chosen, choose] = useState<string>(schedule?.cycle ?? '')
  const cycle = chosen || catalogCycle
  const save = useAction('set_schedule', { invalidates: ['get_schedule', 'list_turns'], onDone: onClose })
  const initial = { ...(schedule ?? ScheduleInput.parse({})) }
  const submit = (values: Values) => {
    const { planId, follows, isPaused, nextDueAt, isProvisional, responsible, afterPlans, version, ...kept } = schedule ?? emptySchedule
    const body = {
      ...kept,
      ...values,
      cycle: (values.cycle || null) as ScheduleInput['cycle'],
      weekday: Number(values.weekday ?? kept.weekday),
    }
    return save.run({ params: { planId: plan.id }, body: { ...body, version } })
  }
  return (
    <Modal open title={t.title} footer={null} onCancel={onClose} width={640} destroyOnHidden>
      <ServerForm<Values>
        form={form}
        initial={{ ...initial, cycle: chosen, weekday: String(initial.weekday) }}
        onSubmit={submit}
        error={save.error}
        isRunning={save.isRunning}
        onCancel={onClose}
        onValuesChange={(changed) => changed.cycle !== undefined && choose(changed.cycle)}
      >
        <ChoiceField
          name="cycle"
          label={t.cycle}
          help={t.cycleHelp}
          choices={toChoices(t.cycles)
            .filter(({ value }) => value !== 'irregular')
            .map((choice) => (choice.value === '' ? { value: '', label: t.asCatalog(t.cycles[catalogCycle] ?? '') } : choice))}
        />
        <CycleFields cycle={cycle} />
        <Form.Item name="workingDaysOnly" valuePropName="checked" extra={t.workingDaysHelp}>
          <Checkbox>{t.workingDays}</Checkbox>
        </Form.Item>
        <NumberField name="windowMinutes" label={t.window} help={t.windowHelp} required min={5} max={1440} />
        <ChoiceField name="priority" label={t.priority} help={t.priorityHelp} choices={toChoices(t.priorities)} />
        <AfterField plan={plan} />
        <p className="dt-muted">{t.responsible}</p>
      </ServerForm>
    </Modal>
  )
}

const emptySchedule = {
  ...ScheduleInput.parse({}),
  planId: '',
  follows: '',
  isPaused: false,
  nextDueAt: null,
  isProvisional: false,
  responsible: '',
  afterPlans: [],
  version: 0,
}

function CycleFields({ cycle }: { cycle: string }) {
  const t = useText(scheduleText).form
  if (cycle === 'realtime') return <NumberField name="everyMinutes" label={t.every} help={t.everyHelp} required min={5} max={720} />
  return (
    <>
      {cycle === 'weekly' && <ChoiceField name="weekday" label={t.weekday} choices={toChoices(t.weekdays)} />}
      {monthsOf[cycle] !== undefined && <NumberField name="month" label={t.month} required min={1} max={monthsOf[cycle]} />}
      {(cycle === 'monthly' || monthsOf[cycle] !== undefined) && (
        <NumberField name="day" label={t.day} help={t.dayHelp} required min={1} max={31} />
      )}
      <TextField name="at" label={t.at} help={t.atHelp} required max={5} placeholder="02:00" />
    </>
  )
}

/** Plans of the same organisation that come first. */
function AfterField({ plan }: { plan: Plan }) {
  const t = useText(scheduleText).form
  const plans = useRoute('list_plans', { query: { limit: 1000 } })
  const choices = (plans.data?.items ?? [])
    .filter(({ id, org }) => id !== plan.id && org.id === plan.org.id)
    .map(({ id, entryName, sourceName }) => ({ value: id, label: `${entryName} · ${sourceName}` }))
  return <ChoiceField name="after" label={t.after} help={t.afterHelp} choices={choices} multiple />
}
