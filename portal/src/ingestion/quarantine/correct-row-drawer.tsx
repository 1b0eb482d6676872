import { Alert, Drawer, Form, Input } from 'antd'
import type { Plan } from '#contract/ingestion.ts'
import { useAction } from '../../api/index.ts'
import { formatCount, ServerForm, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { useItemNames } from '../use-item-names.ts'
import type { Row } from './quarantine-page.tsx'
import { quarantineText } from './text.ts'

type Values = Record<string, string>

/** The texts of one row, to be corrected; only what was changed is sent. */
export function CorrectRowDrawer({ plan, row, onClose }: { plan: Plan; row: Row; onClose: () => void }) {
  const shared = useText(ingestionText)
  const t = useText(quarantineText).drawer
  const nameOf = useItemNames(plan.entryId)
  const correct = useAction('correct_quarantined_row', { invalidates: ['list_quarantine', 'get_plan'], onDone: onClose })
  const items = plan.mapping.map(({ item }) => item)
  const before = Object.fromEntries(items.map((item) => [item, row.values[item] ?? '']))
  const save = (values: Values) => {
    const changed = items.filter((item) => values[item] !== before[item])
    const body = { values: Object.fromEntries(changed.map((item) => [item, values[item] || null])) }
    return correct.run({ params: { planId: plan.id, rowId: row.id }, body })
  }
  return (
    <Drawer open size={520} title={t.title(formatCount(row.row))} onClose={onClose}>
      <Alert type="warning" showIcon className="dt-problem" title={row.detail} />
      <ServerForm<Values>
        initial={before}
        error={correct.error}
        isRunning={correct.isRunning}
        submitLabel={t.save}
        onCancel={onClose}
        onSubmit={save}
        base="/values"
      >
        {items.map((item) => (
          <Form.Item
            key={item}
            name={item}
            label={nameOf(item)}
            {...(item === row.column && {
              validateStatus: 'warning' as const,
              extra: t.original(row.values[item] || shared.emptyValue),
            })}
          >
            <Input maxLength={10_000} autoFocus={item === row.column} />
          </Form.Item>
        ))}
        <p className="dt-muted dt-form-note">{t.note}</p>
      </ServerForm>
    </Drawer>
  )
}
