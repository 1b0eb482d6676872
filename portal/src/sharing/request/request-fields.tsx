import { Button, Form, Input, Select, Table } from 'antd'
import type { Item } from '#contract/catalog.ts'
import { filterOperators, type RowCondition } from '#contract/sharing.ts'
import { DateField, NumberField, TextField, ToneTag, useText } from '../../ui/index.ts'
import { sharingText } from '../text.ts'
import { requestText } from './text.ts'

/** What the law lets a department ask for (Order 809 art. 20): the fields of a request. */
export function RequestFields({ items }: { items: readonly Item[] }) {
  const t = useText(requestText).apply
  return (
    <div className="dt-form-columns">
      <div className="dt-full">
        <TextField name="basis" label={t.basis} help={t.basisHelp} rows={2} max={1000} />
        <TextField name="scenario" label={t.scenario} help={t.scenarioHelp} rows={2} max={1000} />
        <TextField name="purpose" label={t.usePurpose} help={t.purposeHelp} rows={2} max={1000} />
        <Form.Item name="items" label={t.items} extra={t.itemsHelp}>
          <ItemPicker items={items} />
        </Form.Item>
        <Form.Item name="rows" label={t.rows} extra={t.rowsHelp}>
          <ConditionEditor items={items} />
        </Form.Item>
      </div>
      <DateField name="from" label={t.from} />
      <DateField name="to" label={t.to} />
      <NumberField name="callsPerDay" label={t.callsPerDay} min={1} max={100_000_000} />
      <TextField name="contact" label={t.contact} max={200} />
    </div>
  )
}

function ItemPicker({ items, value = [], onChange }: { items: readonly Item[]; value?: string[]; onChange?: (codes: string[]) => void }) {
  const t = useText(requestText).apply
  return (
    <>
      <div className="dt-actions">
        <span className="dt-muted">{t.chosen(value.length)}</span>
        <Button size="small" onClick={() => onChange?.(items.map((item) => item.code))}>
          {t.all}
        </Button>
        <Button size="small" onClick={() => onChange?.([])}>
          {t.none}
        </Button>
      </div>
      <div className="dt-scroll">
        <Table<Item>
          size="small"
          rowKey="code"
          dataSource={[...items]}
          pagination={false}
          rowSelection={{
            selectedRowKeys: value,
            onChange: (keys) => onChange?.(keys.map(String)),
            getCheckboxProps: (item) => ({ 'aria-label': item.name }) as object,
          }}
          columns={[
            { title: t.itemName, dataIndex: 'name' },
            { title: t.itemCode, dataIndex: 'code', className: 'dt-mono' },
            { title: t.itemKind, key: 'kind', render: (_, item) => <ItemMarks item={item} /> },
          ]}
        />
      </div>
    </>
  )
}

export function ItemMarks({ item }: { item: Item }) {
  const t = useText(requestText).apply
  return (
    <>
      {item.isKey && <ToneTag tone="progress">{t.key}</ToneTag>}
      {item.sensitiveKind !== 'none' && <ToneTag tone="warning">{t.sensitive}</ToneTag>}
    </>
  )
}

interface ConditionEditorProps {
  items: readonly Item[]
  value?: RowCondition[]
  onChange?: (rows: RowCondition[]) => void
}

/** Conditions that the rows must all meet. `in` takes several values. */
export function ConditionEditor({ items, value = [], onChange }: ConditionEditorProps) {
  const shared = useText(sharingText)
  const t = useText(requestText).apply
  const change = (index: number, part: Partial<RowCondition>) =>
    onChange?.(value.map((row, at) => (at === index ? { ...row, ...part } : row)))
  return (
    <div className="dt-conditions">
      {value.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
        <div key={index} className="dt-actions">
          <Select
            aria-label={t.item}
            value={row.item}
            onChange={(item) => change(index, { item })}
            options={items.map((item) => ({ value: item.code, label: item.name }))}
            style={{ width: 200 }}
          />
          <Select
            aria-label={t.operator}
            value={row.operator}
            onChange={(operator) => change(index, { operator, value: operator === 'in' ? [] : '' })}
            options={filterOperators.map((operator) => ({ value: operator, label: shared.operator[operator] }))}
            style={{ width: 120 }}
          />
          {Array.isArray(row.value) ? (
            <Select
              aria-label={t.value}
              mode="tags"
              value={row.value}
              onChange={(chosen) => change(index, { value: chosen })}
              style={{ width: 260 }}
              open={false}
            />
          ) : (
            <Input
              aria-label={t.value}
              value={row.value}
              onChange={(event) => change(index, { value: event.target.value })}
              style={{ width: 260 }}
              maxLength={500}
            />
          )}
          <Button onClick={() => onChange?.(value.filter((_, at) => at !== index))}>{t.removeRow}</Button>
        </div>
      ))}
      <Button
        onClick={() => onChange?.([...value, { item: items[0]?.code ?? '', operator: 'eq', value: '' }])}
        disabled={items.length === 0 || value.length >= 20}
      >
        {t.addRow}
      </Button>
    </div>
  )
}
