import { Form, Modal, Select, Switch, Table } from 'antd'
import type { Item } from '#contract/catalog.ts'
import { type Decision, maskNames, type SharingRequest } from '#contract/sharing.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { DateField, Loaded, NumberField, ServerForm, TextField, useText } from '../../ui/index.ts'
import { sharingText } from '../text.ts'
import { requestText } from './text.ts'
import { ConditionEditor, ItemMarks } from './request-fields.tsx'

/** The provider decides what may be used: it begins with what was asked, sensitive items masked as the city suggests. */
export function ApproveDialog({ request, onClose }: { request: SharingRequest; onClose: () => void }) {
  const t = useText(requestText).decide
  const entry = useRoute('get_entry', { params: { entryId: request.entry.id } })
  const approve = useAction('approve_request', {
    invalidates: ['get_request', 'list_requests_to_handle', 'list_requests', 'list_grants'],
    onDone: onClose,
  })
  const { content, suggestion } = request
  const initial = suggestion ?? {
    items: content.items.map((item) => ({ item, mask: 'none' as const })),
    rows: content.rows,
    ...(content.from && { from: content.from }),
    ...(content.to && { to: content.to }),
    callsPerDay: content.callsPerDay,
    maxRowsPerCall: 1000,
    opinion: '',
  }
  return (
    <Modal open width={860} title={t.title} footer={null} onCancel={onClose} destroyOnHidden>
      <p>{t.purpose}</p>
      <Loaded query={entry}>
        {({ content: { items } }) => (
          <ServerForm<Decision>
            initial={initial}
            error={approve.error}
            isRunning={approve.isRunning}
            submitLabel={t.submit}
            onCancel={onClose}
            onSubmit={(body) => approve.run({ params: { requestId: request.id }, body })}
          >
            <DecisionFields items={items} />
          </ServerForm>
        )}
      </Loaded>
    </Modal>
  )
}

function DecisionFields({ items }: { items: readonly Item[] }) {
  const shared = useText(requestText)
  return (
    <>
      <Form.Item name="items" label={shared.decide.items}>
        <GrantedItems items={items} />
      </Form.Item>
      <Form.Item name="rows" label={shared.apply.rows}>
        <ConditionEditor items={items} />
      </Form.Item>
      <div className="dt-form-columns">
        <DateField name="from" label={shared.apply.from} required />
        <DateField name="to" label={shared.apply.to} required />
        <NumberField name="callsPerDay" label={shared.apply.callsPerDay} min={1} required />
        <NumberField name="maxRowsPerCall" label={shared.decide.maxRows} min={1} max={10_000} required />
        <div className="dt-full">
          <TextField name="opinion" label={shared.request.opinion} rows={2} max={1000} />
        </div>
      </div>
      <p className="dt-muted dt-form-note">{shared.decide.question}</p>
    </>
  )
}

type GrantedItem = Decision['items'][number]

interface GrantedItemsProps {
  items: readonly Item[]
  value?: GrantedItem[]
  onChange?: (granted: GrantedItem[]) => void
}

function GrantedItems({ items, value = [], onChange }: GrantedItemsProps) {
  const t = useText(requestText)
  const words = useText(sharingText)
  const maskOf = new Map(value.map(({ item, mask }) => [item, mask]))
  const set = (code: string, mask: GrantedItem['mask'] | undefined) => {
    if (mask) maskOf.set(code, mask)
    else maskOf.delete(code)
    onChange?.(items.flatMap(({ code }) => (maskOf.has(code) ? [{ item: code, mask: maskOf.get(code)! }] : [])))
  }
  return (
    <div className="dt-scroll">
      <Table<Item>
        size="small"
        rowKey="code"
        dataSource={[...items]}
        pagination={false}
        columns={[
          {
            title: t.decide.give,
            key: 'give',
            width: 80,
            render: (_, item) => (
              <Switch
                size="small"
                aria-label={`${t.decide.give} ${item.name}`}
                checked={maskOf.has(item.code)}
                onChange={(isGiven) => set(item.code, isGiven ? 'none' : undefined)}
              />
            ),
          },
          { title: t.apply.itemName, dataIndex: 'name' },
          { title: t.apply.itemKind, key: 'kind', render: (_, item) => <ItemMarks item={item} /> },
          {
            title: t.request.itemMask,
            key: 'mask',
            width: 220,
            render: (_, item) => (
              <Select
                size="small"
                aria-label={`${t.request.itemMask} ${item.name}`}
                value={maskOf.get(item.code)}
                disabled={!maskOf.has(item.code)}
                onChange={(mask) => set(item.code, mask)}
                options={maskNames.map((mask) => ({ value: mask, label: words.mask[mask] }))}
                style={{ width: 200 }}
              />
            ),
          },
        ]}
      />
    </div>
  )
}
