import { Alert, App, Button, Form, Modal } from 'antd'
import { useState } from 'react'
import { useAction } from '../api/index.ts'
import { NumberField, ServerForm, TextField, useText } from '../ui/index.ts'
import { parseDates } from './parse-dates.ts'
import { dutyText } from './text.ts'

interface Values {
  year: number
  off: string
  makeUp: string
  source: string
}

/** The holidays of a year from the pasted notice. What is read is counted before anything is sent. */
export function ImportCalendarYear({ nextYear }: { nextYear: number }) {
  const t = useText(dutyText).calendar
  const { message } = App.useApp()
  const [isOpen, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const typed: Partial<Values> | undefined = Form.useWatch([], form)
  const year = typed?.year ?? nextYear
  const off = parseDates(typed?.off ?? '', year)
  const makeUp = parseDates(typed?.makeUp ?? '', year)
  const unread = [...off.unread, ...makeUp.unread]
  const importYear = useAction('import_calendar_year', {
    invalidates: ['list_calendar_years', 'list_clocks', 'get_ledger'],
    onDone: ({ recomputed }) => {
      message.success(t.form.done(recomputed))
      setOpen(false)
    },
  })
  const send = ({ year, source }: Values) => {
    if (unread.length === 0) void importYear.run({ params: { year }, body: { year, off: off.dates, makeUp: makeUp.dates, source } })
  }
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t.import}
      </Button>
      <Modal open={isOpen} title={t.form.title} footer={null} width={640} onCancel={() => setOpen(false)} destroyOnHidden>
        <ServerForm<Values>
          form={form}
          initial={{ year: nextYear, off: '', makeUp: '', source: '' }}
          error={importYear.error}
          isRunning={importYear.isRunning}
          submitLabel={t.form.submit}
          onSubmit={send}
          onCancel={() => setOpen(false)}
        >
          <NumberField name="year" label={t.form.year} min={2000} max={2100} required />
          <TextField name="off" label={t.form.off} help={t.form.offHelp} rows={5} required />
          <TextField name="makeUp" label={t.form.makeUp} help={t.form.makeUpHelp} rows={2} />
          <TextField name="source" label={t.form.source} help={t.form.sourceHelp} max={300} required />
          <Alert
            className="dt-problem"
            type={unread.length > 0 ? 'warning' : 'info'}
            title={unread.length > 0 ? t.form.unread(unread.join(' ')) : t.form.preview(off.dates.length, makeUp.dates.length)}
          />
        </ServerForm>
      </Modal>
    </>
  )
}
