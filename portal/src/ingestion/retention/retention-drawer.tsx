import { Drawer } from 'antd'
import type { EntryStorage } from '#contract/ingestion/retention.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { ChoiceField, NumberField, ServerForm, TextField, useText } from '../../ui/index.ts'
import { retentionText } from './text.ts'

interface Values {
  months: number
  dateItem?: string | null
  basis: string
}

export function RetentionDrawer({ line, onClose }: { line: EntryStorage; onClose: () => void }) {
  const t = useText(retentionText).rule
  const entry = useRoute('get_entry', { params: { entryId: line.entryId } })
  const save = useAction('set_retention', { invalidates: ['list_entry_storage'], onDone: onClose })
  const dates = entry.data?.content.items.filter(({ dataType }) => dataType === 'D' || dataType === 'T') ?? []
  const { retention } = line
  const submit = ({ months, dateItem, basis }: Values) =>
    save.run({
      params: { entryId: line.entryId },
      body: { months, basis, dateItem: dateItem ?? null, version: retention?.isOwn ? retention.version : 0 },
    })
  return (
    <Drawer open size={520} title={t.title(line.entryName)} onClose={onClose}>
      <ServerForm<Values>
        initial={{ ...(retention && { months: retention.months, dateItem: retention.dateItem, basis: retention.basis }) }}
        error={save.error}
        isRunning={save.isRunning}
        submitLabel={t.save}
        onCancel={onClose}
        onSubmit={submit}
      >
        <NumberField name="months" label={t.months} help={t.monthsHelp} min={1} max={1200} required />
        <ChoiceField
          name="dateItem"
          label={t.dateItem}
          help={t.dateItemHelp}
          choices={dates.map(({ code, name }) => ({ value: code, label: name }))}
          clearable
        />
        <TextField name="basis" label={t.basis} help={t.basisHelp} max={500} rows={2} required />
      </ServerForm>
    </Drawer>
  )
}
