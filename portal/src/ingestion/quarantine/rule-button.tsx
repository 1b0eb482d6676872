import { Button, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import type { CorrectionRule, RuleEffect } from '#contract/ingestion/correction-rule.ts'
import { useAction } from '../../api/index.ts'
import { formatCount, ProblemAlert, useText } from '../../ui/index.ts'
import { quarantineText } from './text.ts'

interface RuleButtonProps {
  planId: string
  /** The rows that the rule is for: those that are filtered by reason and item. */
  reason: string
  item: string
}

type Fields = Pick<CorrectionRule, 'find' | 'replace' | 'match'>

/** One correction for all rows of a reason: first what it would do, then the doing. */
export function RuleButton({ planId, reason, item }: RuleButtonProps) {
  const t = useText(quarantineText).rule
  const [form] = Form.useForm<Fields>()
  const [isOpen, setOpen] = useState(false)
  const [effect, setEffect] = useState<RuleEffect>()
  const preview = useAction('correct_by_rule', { onDone: setEffect })
  const apply = useAction('correct_by_rule', { invalidates: ['list_quarantine', 'get_plan'], onDone: () => setOpen(false) })
  const body = (fields: Fields, isPreview: boolean) => ({
    params: { planId },
    body: { reason, item, ...fields, replace: fields.replace ?? '', preview: isPreview },
  })
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.open}</Button>
      <Modal
        open={isOpen}
        title={t.open}
        onCancel={() => setOpen(false)}
        footer={[
          <Button key="preview" loading={preview.isRunning} onClick={() => form.submit()}>
            {t.preview}
          </Button>,
          <Button
            key="apply"
            type="primary"
            disabled={!effect || effect.matched === 0}
            loading={apply.isRunning}
            onClick={() => apply.run(body(form.getFieldsValue(), false))}
          >
            {t.apply}
          </Button>,
        ]}
        destroyOnHidden
      >
        <p>{t.purpose}</p>
        <Form<Fields>
          form={form}
          layout="vertical"
          preserve={false}
          initialValues={{ find: '', replace: '', match: 'part' }}
          onValuesChange={() => setEffect(undefined)}
          onFinish={(fields) => preview.run(body(fields, true))}
        >
          <Form.Item name="find" label={t.find} rules={[{ required: true, message: t.findNeeded }]}>
            <Input maxLength={500} />
          </Form.Item>
          <Form.Item name="replace" label={t.replace}>
            <Input maxLength={500} />
          </Form.Item>
          <Form.Item name="match" label={t.match}>
            <Radio.Group
              options={[
                { value: 'part', label: t.part },
                { value: 'whole', label: t.whole },
              ]}
            />
          </Form.Item>
        </Form>
        <ProblemAlert error={preview.error ?? apply.error} />
        {effect && <Effect effect={effect} />}
      </Modal>
    </>
  )
}

function Effect({ effect }: { effect: RuleEffect }) {
  const t = useText(quarantineText).rule
  return (
    <div role="status">
      <p>
        {t.effect(formatCount(effect.matched), formatCount(effect.heals))} {effect.isCut && t.cut}
      </p>
      <ul className="dt-keys dt-mono">
        {effect.samples.map(({ row, before, after }) => (
          <li key={row}>{t.sample(String(row), before, after)}</li>
        ))}
      </ul>
    </div>
  )
}
